import { type Metrics, noMetrics } from './metrics.ts';
import { noTracing, type Tracing } from './tracing.ts';

/** How the program tells what it does: handed in, so that two of its parts in one process never share what they should not. */
export interface Telemetry {
  metrics: Metrics;
  tracing: Tracing;
}

export const noTelemetry: Telemetry = { metrics: noMetrics, tracing: noTracing };
