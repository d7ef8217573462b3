import { randomBytes } from 'node:crypto';

import type { Tracing } from '../platform/telemetry/tracing.ts';

/** One trace per run, one span per scope: https://www.w3.org/TR/trace-context/ */
export interface Trace {
  /** The value of a `traceparent` header: of the span that this is called in, or of a made-up one while nobody traces. */
  startSpan(): string;
}

export function startTrace(tracing: Tracing): Trace {
  const traceId = randomBytes(16).toString('hex');
  return { startSpan: () => tracing.traceparent() ?? `00-${traceId}-${randomBytes(8).toString('hex')}-01` };
}
