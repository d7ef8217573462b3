import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';

import { readAccounts } from '../../../consumers/status/accounts.ts';
import { createPrometheusMetrics } from '../../../platform/telemetry/prometheus-metrics.ts';
import { noTracing } from '../../../platform/telemetry/tracing.ts';
import type { FullStatus } from '../../../cli/read-status.ts';
import { startBrowser } from '../../support/find-browser.ts';
import { type OtlpReceiver, type ReceivedSpan, startOtlpReceiver } from '../../support/otlp-receiver.ts';
import { type Lab, type Pipeline, startLab, until } from '../../support/pipeline.ts';
import { readSamples } from '../../support/read-samples.ts';
import { runCommand, type RunningCommand, startCommand } from '../../support/run-command.ts';
import { blocksOf } from '../../support/blocks-of.ts';
import { graphOptions, logOptions } from '../../support/server-options.ts';

/* One loader process for all tests, which build on each other: a collection that is partly denied, what can be seen of it, the end. */

const tag = 1_795_597_200;
const syncs = ['ec2:instance', 'ec2:vpc', 'kms'];
const region = 'us-east-1';
let lab: Lab;
let pipeline: Pipeline;
let otlp: OtlpReceiver;
let loader: RunningCommand;
let url: string;
let denied: string;
let whole: string;

before(async () => {
  [lab, otlp] = await Promise.all([
    startLab({ accounts: 2, instances: 3, regions: [region], seed: 14, scale: 0.3 }),
    startOtlpReceiver(),
  ]);
  pipeline = await lab.open({ partitions: 2 });
  [denied, whole] = lab.aws.summary.accountIds as [string, string];
  await lab.aws.setFaults([{ account: denied, action: 'DescribeInstances', effect: 'deny' }]);
  loader = startCommand(['load', '--metrics-port', '0', ...logOf(), ...graphOf()], variables());
  url = await until(
    'the loader to say where it can be watched',
    async () => /status page: (\S+)/.exec(loader.stderr)?.[1] ?? '',
    (found) => found !== '',
  );
});
after(async () => {
  loader.kill('SIGKILL');
  await pipeline[Symbol.asyncDispose]();
  await otlp[Symbol.asyncDispose]();
  await lab.close();
});

function logOf(): string[] {
  return logOptions(lab.servers, pipeline.topicPrefix);
}

function graphOf(): string[] {
  return [...graphOptions(lab.servers.neo4j), '--graph', pipeline.topicPrefix];
}

function variables(): Record<string, string> {
  return { ...otlp.environment, GRAPH_PASSWORD: lab.servers.neo4j.password };
}

async function get(path: string): Promise<{ status: number; text: string }> {
  const response = await fetch(new URL(path, url));
  return { status: response.status, text: await response.text() };
}

async function samples(): Promise<Map<string, number>> {
  return readSamples((await get('/metrics')).text);
}

test('a loader is alive and, once it is connected and has looked at the graph, ready', async () => {
  assert.deepEqual(await get('/livez'), { status: 200, text: 'ok' });
  const ready = await until(
    'the loader to be ready',
    () => get('/readyz?verbose'),
    ({ status }) => status === 200,
  );

  assert.equal(ready.text, '[+]start ok\n[+]graph ok\nreadyz check passed\n');
  const { text } = await get('/livez?verbose');
  for (const part of ['event-loop', 'consumer-nodes', 'consumer-links', 'consumer-cross-links', 'consumer-cleanup'])
    assert.match(text, new RegExp(`^\\[\\+\\]${part} ok$`, 'm'));
});

test('the metrics of a loader tell what it applied and what is left', async () => {
  const { exitCode, stderr } = await runCommand(
    [
      'collect',
      '--update-tag',
      String(tag),
      '--aws-sync-all-profiles',
      '--aws-regions',
      region,
      '--aws-requested-syncs',
      syncs.join(','),
      '--metrics-port',
      '0',
      ...logOf(),
    ],
    variables(),
  );
  assert.equal(exitCode, 5, stderr);
  await pipeline.untilLoaded(tag);
  const found = await until('the gauges to show the run', samples, (now) => {
    return (
      now.get('cartography_stream_scopes{outcome="denied"}') === 1 && now.get('cartography_stream_scopes_waiting') === 0
    );
  });

  const offsets = await pipeline.admin.offsets(pipeline.topics.assets);
  const messages = offsets.reduce((sum, { high }) => sum + Number(high), 0);
  for (const stage of ['nodes', 'links', 'cross-links']) {
    const series = `cartography_stream_records_total{stage="${stage}",topic="${pipeline.topics.assets}"}`;
    assert.equal(found.get(series), messages, series);
    for (const { partition } of offsets)
      assert.equal(
        found.get(
          `cartography_stream_lag_records{stage="${stage}",topic="${pipeline.topics.assets}",partition="${partition}"}`,
        ),
        0,
      );
    assert.ok(found.get(`cartography_stream_batches_total{stage="${stage}"}`)! > 0);
    assert.equal(
      found.get(`cartography_stream_batch_duration_seconds_count{stage="${stage}"}`),
      found.get(`cartography_stream_batches_total{stage="${stage}"}`),
    );
    assert.ok(found.get(`cartography_stream_poll_age_seconds{stage="${stage}"}`)! < 300);
  }
  assert.ok(found.get('cartography_stream_gate_wait_seconds_total{stage="cross-links"}')! > 0);
  assert.equal(found.get('cartography_stream_gate_closed_partitions{stage="cross-links"}'), 0);
  const scopes = found.get('cartography_stream_scopes{outcome="complete"}')!;
  assert.equal(found.get('cartography_stream_cleaned_scopes_total{result="done"}'), scopes);
  assert.equal(found.get('cartography_stream_scope_latency_seconds_count'), scopes);
  assert.equal(found.get(`cartography_stream_dead_letters{topic="${pipeline.topics.assets}.dlq"}`), 0);
  const freshest = found.get(`cartography_stream_account_as_of_timestamp_seconds{account="${whole}"}`)!;
  assert.ok(Date.now() / 1_000 - freshest < 600);
  assert.equal(found.get('cartography_stream_last_run_timestamp_seconds{state="started"}'), tag);
});

test('the metrics of a collector tell of its calls and how its scopes ended', async () => {
  const metrics = createPrometheusMetrics();
  const throttled = { account: whole, action: 'DescribeVpcs', effect: 'throttle', times: 1 } as const;
  await lab.aws.setFaults([throttled, { account: denied, action: 'DescribeInstances', effect: 'deny' }]);
  const summary = await pipeline.collect({
    tag: tag + 1,
    requestedSyncs: syncs,
    telemetry: { metrics, tracing: noTracing },
  });
  const found = readSamples(await metrics.render());

  assert.equal(found.get('cartography_stream_aws_throttles_total{service="EC2",operation="DescribeVpcs"}'), 1);
  assert.equal(
    found.get('cartography_stream_aws_calls_total{service="EC2",operation="DescribeVpcs",result="throttled"}'),
    1,
  );
  assert.equal(
    found.get('cartography_stream_aws_calls_total{service="EC2",operation="DescribeInstances",result="error"}'),
    1,
  );
  assert.equal(
    found.get('cartography_stream_aws_calls_total{service="EC2",operation="DescribeInstances",result="ok"}'),
    2,
  );
  assert.equal(found.get('cartography_stream_collected_scopes_total{sync="ec2:instance",outcome="denied"}'), 1);
  assert.equal(found.get('cartography_stream_collected_scopes_total{sync="ec2:instance",outcome="complete"}'), 2);
  assert.equal(found.get('cartography_stream_scope_duration_seconds_count{sync="kms"}'), 3);
  const vpcs = summary.recordsByType['cartography.aws.ec2.Vpc']!;
  assert.ok(found.get('cartography_stream_collected_records_total{sync="ec2:vpc"}')! >= vpcs);
  await pipeline.untilLoaded(tag + 1);
});

test('status tells each run, account and scope, and the stages', async () => {
  const options = [...logOf(), ...graphOf()];
  const { stdout } = await runCommand(['status', '--json', ...options], variables());
  const status = JSON.parse(stdout) as FullStatus;

  assert.ok(status.caughtUp);
  assert.deepEqual(
    status.runs.map(({ updateTag, state, accounts }) => ({ updateTag, state, accounts })),
    [
      { updateTag: tag + 1, state: 'loaded', accounts: { planned: 3, ended: 3 } },
      { updateTag: tag, state: 'loaded', accounts: { planned: 3, ended: 3 } },
    ],
  );
  assert.deepEqual(status.stages.map(({ stage, lag, waitsFor }) => [stage, lag, waitsFor]).slice(0, 2), [
    ['nodes', 0, []],
    ['links', 0, []],
  ]);
  const account = status.accounts.find(({ id }) => id === denied)!;
  assert.equal(account.updateTag, tag + 1);
  assert.deepEqual(account.outcomes, { complete: 3, denied: 1 });
  const scope = status.scopes.find((one) => one.scope === `${denied}/${region}/ec2:instance`)!;
  assert.equal(scope.outcome, 'denied');
  assert.match(scope.reason ?? '', /UnauthorizedOperation|AccessDenied/);
  assert.equal(scope.asOf, null);

  const text = (await runCommand(['status', ...options], variables())).stdout;
  assert.match(text, new RegExp(`${tag + 1}\\s+loaded\\s+\\S+ \\S+\\s+3/3`));
  assert.match(text, new RegExp(`${denied}/${region}/ec2:instance\\s+denied\\s+tag ${tag + 1}`));
});

test('the graph itself says how fresh it is, by the query of docs/operating.md', async () => {
  const docs = readFileSync(new URL('../../../docs/operating.md', import.meta.url), 'utf8');
  const query = blocksOf(docs, 'cypher')[0]!;
  const rows = await pipeline.graph.query<{ account: string; sync: string; asOf: Date | null; outcomes: string[] }>(
    query,
  );

  const row = (account: string, sync: string) => rows.find((one) => one.account === account && one.sync === sync)!;
  assert.equal(row(denied, 'ec2:instance').asOf, null);
  assert.deepEqual(row(denied, 'ec2:instance').outcomes, ['denied']);
  assert.notEqual(row(whole, 'ec2:instance').asOf, null);
  const [account] = (await readAccounts(pipeline.graph)).filter(({ id }) => id === whole);
  assert.ok(account!.asOf !== null && Date.now() - account!.asOf < 600_000);
});

test('the status page shows this organization in a browser', async (context) => {
  const browser = await startBrowser();
  if (typeof browser === 'string') return context.skip(browser);
  try {
    const page = await browser.newPage();
    await page.goto(url);
    await page.getByText('The graph has all that is in the log.').waitFor();
    const tree = page.locator('#tree');
    assert.match(
      await tree.innerText(),
      new RegExp(`${lab.aws.summary.organizationId}[\\s\\S]*Root[\\s\\S]*${denied}`),
    );
    await page.locator('summary', { hasText: denied }).click();
    await tree.getByText(`${region}/ec2:instance`).waitFor();
  } finally {
    await browser.close();
  }
});

test('a trace goes from the page that AWS answered to the transaction that applied its record', async () => {
  loader.kill('SIGTERM');
  const { exitCode } = await loader.result;
  assert.equal(exitCode, 143);

  const { spans } = otlp;
  const attribute = ({ attributes }: ReceivedSpan, key: string): unknown =>
    attributes.find((one) => one.key === key)?.value['stringValue'];
  const collecting = spans.find(
    (span) => span.name === 'collect ec2:instance' && attribute(span, 'cloud.account.id') === whole,
  )!;
  const pages = spans.filter(
    (span) => span.name === 'EC2/DescribeInstances' && span.parentSpanId === collecting.spanId,
  );
  const applying = spans.filter(
    ({ name, links = [] }) => name === 'apply nodes' && links.some(({ spanId }) => spanId === collecting.spanId),
  );
  const account = spans.find(({ spanId }) => spanId === collecting.parentSpanId)!;
  const run = spans.find(({ spanId }) => spanId === account.parentSpanId)!;

  assert.equal(pages.length, 1);
  assert.equal(attribute(pages[0]!, 'cloud.region'), region);
  assert.ok(applying.length > 0);
  assert.deepEqual([account.name, run.name], ['collect account', 'collect run']);
  assert.equal(run.parentSpanId ?? '', '');
  assert.deepEqual(new Set([pages[0]!, collecting, account].map(({ traceId }) => traceId)), new Set([run.traceId]));
  assert.deepEqual(new Set(spans.map(({ service }) => service)), new Set(['cartography-stream']));
  // The command line may hold a password, in an address.
  assert.ok(spans.every(({ resource }) => !resource.some((name) => name.startsWith('process.'))));
});
