import { readBody, serveOnLoopback } from './serve-on-loopback.ts';

/** A span as OTLP's JSON has it. https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/trace/v1/trace.proto */
export interface ReceivedSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  attributes: { key: string; value: Record<string, unknown> }[];
  links?: { traceId: string; spanId: string }[];
  /** `service.name` of its resource. */
  service: string;
  /** Names of all that its resource tells. */
  resource: string[];
}

interface Export {
  resourceSpans: {
    resource: { attributes: ReceivedSpan['attributes'] };
    scopeSpans: { spans: Omit<ReceivedSpan, 'service' | 'resource'>[] }[];
  }[];
}

export interface OtlpReceiver extends AsyncDisposable {
  /** Makes a program send its spans here. */
  environment: Record<string, string>;
  spans: ReceivedSpan[];
}

/** What an OpenTelemetry collector does for traces, as far as tests need it. */
export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = [];
  const server = await serveOnLoopback((request, response) => {
    void readBody(request).then((body) => {
      if (request.url === '/v1/traces') {
        for (const { resource, scopeSpans } of (JSON.parse(body) as Export).resourceSpans) {
          const name = resource.attributes.find(({ key }) => key === 'service.name')?.value['stringValue'];
          const names = resource.attributes.map(({ key }) => key);
          for (const scope of scopeSpans)
            spans.push(...scope.spans.map((span) => ({ ...span, service: String(name), resource: names })));
        }
      }
      response.writeHead(request.url === '/v1/traces' ? 200 : 404, { 'Content-Type': 'application/json' }).end('{}');
    });
  });
  return {
    environment: { OTEL_EXPORTER_OTLP_ENDPOINT: server.url, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' },
    spans,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
