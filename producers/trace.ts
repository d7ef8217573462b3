import { randomBytes } from 'node:crypto';

/** One trace per run, one span per scope: https://www.w3.org/TR/trace-context/ */
export interface Trace {
  /** The value of a `traceparent` header for a new span. */
  startSpan(): string;
}

export function startTrace(): Trace {
  const traceId = randomBytes(16).toString('hex');
  return { startSpan: () => `00-${traceId}-${randomBytes(8).toString('hex')}-01` };
}
