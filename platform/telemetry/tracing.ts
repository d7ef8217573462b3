import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type Attributes,
  type Context,
  ROOT_CONTEXT,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  trace,
  type Tracer,
} from '@opentelemetry/api';

import { messageOf } from '../errors.ts';

export interface SpanOptions {
  /** Low in variety: the operation, not the thing. */
  name: string;
  /** `client` calls another server, `producer` writes to Kafka, `consumer` works on what was read from there. Default `internal`. */
  kind?: 'internal' | 'client' | 'producer' | 'consumer';
  attributes?: Attributes;
  /** Values of `traceparent` headers of what caused this, beside the parent. What is none is left out. */
  links?: Iterable<string>;
}

/** Spans by OpenTelemetry's API; who runs the program chooses where they go. */
export interface Tracing {
  /** Whether spans go anywhere: what only serves them can be left out otherwise. */
  readonly isOn: boolean;
  /**
   * Runs the work in a span, a child of the one that it is called in. What the work throws is the span's error, and
   * thrown on. `annotate` adds attributes.
   */
  span<T>(options: SpanOptions, work: (annotate: (attributes: Attributes) => void) => Promise<T>): Promise<T>;
  /** The `traceparent` header for what is sent from here: https://www.w3.org/TR/trace-context/. Undefined outside of any span. */
  traceparent(): string | undefined;
}

const nothing = (): void => undefined;

/** For when nobody asks. */
export const noTracing: Tracing = {
  isOn: false,
  span: (_, work) => work(nothing),
  traceparent: () => undefined,
};

const kinds = {
  internal: SpanKind.INTERNAL,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const;

/** Spans of this tracer. Which span the running code is in is known to this object alone, not to the process. */
export function createTracing(tracer: Tracer): Tracing {
  const current = new AsyncLocalStorage<Context>();
  return {
    isOn: true,
    async span({ name, kind = 'internal', attributes = {}, links = [] }, work) {
      const parent = current.getStore() ?? ROOT_CONTEXT;
      const options = { kind: kinds[kind], attributes, links: linksTo(links) };
      const span = tracer.startSpan(name, options, parent);
      try {
        return await current.run(trace.setSpan(parent, span), () => work((more) => void span.setAttributes(more)));
      } catch (error) {
        span.setStatus({ code: SpanStatusCode.ERROR, message: messageOf(error) });
        throw error;
      } finally {
        span.end();
      }
    },
    traceparent() {
      const span = trace.getSpanContext(current.getStore() ?? ROOT_CONTEXT);
      return span === undefined ? undefined : formatTraceparent(span);
    },
  };
}

function linksTo(traceparents: Iterable<string>): { context: SpanContext }[] {
  return [...new Set(traceparents)].flatMap((text) => {
    const context = parseTraceparent(text);
    return context === undefined ? [] : [{ context }];
  });
}

function formatTraceparent({ traceId, spanId, traceFlags }: SpanContext): string {
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
}

/** Undefined for what is no `traceparent` header. */
export function parseTraceparent(text: string): SpanContext | undefined {
  const [, traceId, spanId, flags] = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(text) ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  return { traceId, spanId, traceFlags: parseInt(flags, 16), isRemote: true };
}
