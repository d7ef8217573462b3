import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';

import { wantsTracing } from '../../../../platform/telemetry/start-tracing.ts';
import { createTracing, noTracing, parseTraceparent } from '../../../../platform/telemetry/tracing.ts';

function startRecording() {
  const exporter = new InMemorySpanExporter();
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  const span = (name: string) => exporter.getFinishedSpans().find((one) => one.name === name)!;
  return { tracing: createTracing(provider.getTracer('test')), span };
}

test('a span is a child of the one that it is begun in, also behind generators and side by side', async () => {
  const { tracing, span } = startRecording();
  async function* pages() {
    await nextTurn();
    yield await tracing.span({ name: 'page' }, async () => 1);
  }
  await tracing.span({ name: 'run' }, () =>
    Promise.all([
      tracing.span({ name: 'scope a' }, async () => {
        for await (const page of pages()) assert.equal(page, 1);
      }),
      tracing.span({ name: 'scope b' }, () => nextTurn()),
    ]),
  );

  assert.equal(span('page').parentSpanContext?.spanId, span('scope a').spanContext().spanId);
  assert.equal(span('scope a').parentSpanContext?.spanId, span('run').spanContext().spanId);
  assert.equal(span('scope b').parentSpanContext?.spanId, span('run').spanContext().spanId);
  assert.equal(span('run').parentSpanContext, undefined);
});

test('the traceparent of the span at hand comes back as a link, each once; what is none is left out', async () => {
  const { tracing, span } = startRecording();
  const header = await tracing.span({ name: 'scope' }, async () => tracing.traceparent());
  await tracing.span({ name: 'apply', links: [header!, header!, '', '00-zz'] }, async () => undefined);

  assert.equal(tracing.traceparent(), undefined);
  assert.deepEqual(
    span('apply').links.map(({ context }) => [context.traceId, context.spanId]),
    [[span('scope').spanContext().traceId, span('scope').spanContext().spanId]],
  );
});

test('what the work throws is thrown on, and is an error of the span', async () => {
  const { tracing, span } = startRecording();
  await assert.rejects(
    tracing.span({ name: 'fails' }, async (annotate) => {
      annotate({ tried: 1 });
      throw new Error('no');
    }),
    /^Error: no$/,
  );

  assert.deepEqual(span('fails').status, { code: 2, message: 'no' });
  assert.equal(span('fails').attributes['tried'], 1);
});

test('without tracing the work is done and nothing else', async () => {
  assert.equal(await noTracing.span({ name: 'any' }, async () => noTracing.traceparent() ?? 'none'), 'none');
});

test('a traceparent header is read as the standard has it', () => {
  const [traceId, spanId] = ['0af7651916cd43dd8448eb211c80319c', 'b7ad6b7169203331'];
  assert.deepEqual(parseTraceparent(`00-${traceId}-${spanId}-01`), { traceId, spanId, traceFlags: 1, isRemote: true });
  for (const wrong of [
    '',
    `00-${traceId}-${spanId}`,
    `00-${'0'.repeat(32)}-${spanId}-01`,
    `00-${traceId}-${'0'.repeat(16)}-01`,
  ])
    assert.equal(parseTraceparent(wrong), undefined, wrong);
});

test('tracing is on where the environment says where spans go, and off by the standard switches', () => {
  const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4318' };
  assert.ok(wantsTracing(endpoint));
  assert.ok(wantsTracing({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://localhost:4318/v1/traces' }));
  assert.ok(wantsTracing({ OTEL_TRACES_EXPORTER: 'console' }));
  assert.ok(!wantsTracing({}));
  assert.ok(!wantsTracing({ OTEL_SERVICE_NAME: 'x' }));
  assert.ok(!wantsTracing({ ...endpoint, OTEL_SDK_DISABLED: 'true' }));
  assert.ok(!wantsTracing({ ...endpoint, OTEL_TRACES_EXPORTER: 'none' }));
});
