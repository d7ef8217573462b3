import assert from 'node:assert/strict';
import { test } from 'node:test';

import { type MetricDefinition, metricTable } from '../../../../platform/telemetry/metric-table.ts';
import { sendToAll } from '../../../../platform/telemetry/metrics.ts';
import { createPrometheusMetrics } from '../../../../platform/telemetry/prometheus-metrics.ts';
import { readSamples } from '../../../support/read-samples.ts';

test("names are as Prometheus's practices have them", () => {
  for (const [name, { kind, labels, help, buckets = [] }] of Object.entries<MetricDefinition>(metricTable)) {
    assert.match(name, /^cartography_stream_[a-z_]+$/);
    assert.equal(name.endsWith('_total'), kind === 'counter', name);
    assert.equal(buckets.length > 0, kind === 'histogram', name);
    assert.ok(kind !== 'histogram' || name.endsWith('_seconds'), name);
    assert.ok(
      labels.every((label) => /^[a-z]+$/.test(label) && label !== 'le'),
      name,
    );
    assert.doesNotMatch(help, /\.$/, name);
  }
});

test('what is measured is rendered in the text format, each instance for itself', async () => {
  const [metrics, other] = [createPrometheusMetrics(), createPrometheusMetrics()];
  const stage = 'nodes';
  metrics.add('cartography_stream_batches_total', { stage });
  metrics.add('cartography_stream_batches_total', { stage }, 2);
  metrics.set('cartography_stream_dead_letters', { topic: 'a "b"\n' }, 4);
  metrics.observe('cartography_stream_batch_duration_seconds', { stage }, 0.02);

  const found = readSamples(await metrics.render());
  assert.equal(found.get('cartography_stream_batches_total{stage="nodes"}'), 3);
  assert.equal(found.get('cartography_stream_dead_letters{topic="a \\"b\\"\\n"}'), 4);
  assert.equal(found.get('cartography_stream_batch_duration_seconds_bucket{le="0.01",stage="nodes"}'), 0);
  assert.equal(found.get('cartography_stream_batch_duration_seconds_bucket{le="0.025",stage="nodes"}'), 1);
  assert.equal(found.get('cartography_stream_batch_duration_seconds_sum{stage="nodes"}'), 0.02);
  assert.match(metrics.contentType, /^text\/plain; version=0\.0\.4/);
  assert.ok(!readSamples(await other.render()).has('cartography_stream_batches_total{stage="nodes"}'));
});

test('a gauge whose values are replaced leaves none of what is gone', async () => {
  const metrics = createPrometheusMetrics();
  metrics.replace('cartography_stream_scopes', [
    [{ outcome: 'complete' }, 5],
    [{ outcome: 'failed' }, 1],
  ]);
  metrics.replace('cartography_stream_scopes', [[{ outcome: 'complete' }, 6]]);

  const found = readSamples(await metrics.render());
  assert.equal(found.get('cartography_stream_scopes{outcome="complete"}'), 6);
  assert.ok(!found.has('cartography_stream_scopes{outcome="failed"}'));
});

test('measurements go to all targets', async () => {
  const targets = [createPrometheusMetrics(), createPrometheusMetrics()];
  sendToAll(targets).add('cartography_stream_deleted_nodes_total', {}, 7);

  for (const target of targets)
    assert.equal(readSamples(await target.render()).get('cartography_stream_deleted_nodes_total'), 7);
});
