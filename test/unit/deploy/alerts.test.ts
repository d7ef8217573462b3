import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { parse } from 'yaml';

import { checkPromql } from '../../support/check-promql.ts';

const file = fileURLToPath(new URL('../../../deploy/prometheus/alerts.yml', import.meta.url));
const operating = readFileSync(new URL('../../../docs/operating.md', import.meta.url), 'utf8');

interface Rule {
  alert: string;
  expr: string;
  for?: string;
  labels: { severity: string };
  annotations: { summary: string; description: string };
}

const { groups } = parse(readFileSync(file, 'utf8')) as { groups: { name: string; rules: Rule[] }[] };
const rules = groups.flatMap((group) => group.rules);

test('there are alerts, each of a name of its own', () => {
  assert.ok(rules.length >= 10);
  assert.equal(new Set(rules.map(({ alert }) => alert)).size, rules.length);
});

for (const { alert, expr, for: wait = '0s', labels, annotations } of rules) {
  test(`${alert} is valid PromQL over metrics and labels that are exported, and documented`, () => {
    assert.deepEqual(checkPromql(expr), []);
    assert.match(wait, /^\d+[smhd]$/);
    assert.ok(['info', 'warning', 'critical'].includes(labels.severity));
    assert.ok(annotations.summary.length > 0 && annotations.description.length > 0);
    assert.ok(operating.includes(`\`${alert}\``), `docs/operating.md does not name ${alert}`);
  });
}

test('an expression with an unknown metric, an unknown label or a mistake is noticed', () => {
  assert.deepEqual(checkPromql('rate(cartography_stream_nothing_total[5m])'), [
    'no such metric: cartography_stream_nothing_total',
  ]);
  assert.deepEqual(checkPromql('cartography_stream_records_total{shelf="1"}'), [
    'cartography_stream_records_total has no label shelf',
  ]);
  assert.deepEqual(checkPromql('sum by (shelf) (cartography_stream_records_total)'), [
    'cartography_stream_records_total is grouped by shelf',
  ]);
  assert.deepEqual(checkPromql('cartography_stream_batch_duration_seconds'), [
    'no such metric: cartography_stream_batch_duration_seconds',
  ]);
  assert.match(checkPromql('sum by (stage (cartography_stream_records_total)')[0] ?? '', /^syntax/);
});

test('promtool, where PROMTOOL names it or it is installed, finds nothing', (context) => {
  const result = spawnSync(process.env['PROMTOOL'] ?? 'promtool', ['check', 'rules', file], { encoding: 'utf8' });
  if (result.error !== undefined)
    return context.skip('there is no promtool: install it (Debian: prometheus) or set PROMTOOL');
  assert.equal(result.status, 0, result.stdout + result.stderr);
});
