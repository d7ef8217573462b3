import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

import { type MetricDefinition, type MetricName, metricTable } from './metric-table.ts';
import type { Metrics } from './metrics.ts';

export interface PrometheusMetrics extends Metrics {
  /** `Content-Type` of what `render` gives. */
  readonly contentType: string;
  /** All metrics in Prometheus's text format. https://prometheus.io/docs/instrumenting/exposition_formats/ */
  render(): Promise<string>;
}

export interface PrometheusOptions {
  /** Whether the metrics of the process and of Node (`process_`, `nodejs_`) come along. Default false. */
  ofProcess?: boolean;
}

/** Metrics of their own registry, so that several can live in one process. */
export function createPrometheusMetrics({ ofProcess = false }: PrometheusOptions = {}): PrometheusMetrics {
  const registry = new Registry();
  if (ofProcess) collectDefaultMetrics({ register: registry });
  const all = new Map<MetricName, Counter | Gauge | Histogram>();
  for (const [name, definition] of Object.entries(metricTable) as [MetricName, MetricDefinition][])
    all.set(name, createMetric(name, definition, registry));
  return {
    contentType: registry.contentType,
    render: () => registry.metrics(),
    add: (name, labels, count = 1) => (all.get(name) as Counter).inc(labels, count),
    set: (name, labels, value) => (all.get(name) as Gauge).set(labels, value),
    replace(name, values) {
      const gauge = all.get(name) as Gauge;
      gauge.reset();
      for (const [labels, value] of values) gauge.set(labels, value);
    },
    observe: (name, labels, seconds) => (all.get(name) as Histogram).observe(labels, seconds),
  };
}

function createMetric(
  name: string,
  { kind, labels, help, buckets }: MetricDefinition,
  registry: Registry,
): Counter | Gauge | Histogram {
  const common = { name, help, labelNames: [...labels], registers: [registry] };
  switch (kind) {
    case 'counter':
      return new Counter(common);
    case 'gauge':
      return new Gauge(common);
    case 'histogram':
      return new Histogram({ ...common, buckets: [...(buckets ?? [])] });
  }
}
