import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Ajv } from 'ajv';

import { metricTable } from '../../../platform/telemetry/metric-table.ts';
import { checkPromql } from '../../support/check-promql.ts';

interface Panel {
  id: number;
  type: string;
  title: string;
  gridPos: { x: number; y: number; w: number; h: number };
  targets?: { expr: string; refId: string }[];
}

const dashboard = JSON.parse(
  readFileSync(new URL('../../../deploy/grafana/cartography-stream.json', import.meta.url), 'utf8'),
) as { uid: string; panels: Panel[]; templating: { list: { name: string }[] } };

/** Of what this dashboard uses: https://grafana.com/docs/grafana/latest/visualizations/dashboards/build-dashboards/view-dashboard-json-model/ */
const datasource = {
  type: 'object',
  required: ['type', 'uid'],
  properties: { type: { const: 'prometheus' }, uid: { const: '${datasource}' } },
  additionalProperties: false,
};
const whole = { type: 'integer', minimum: 0 };
const schema = {
  type: 'object',
  required: ['uid', 'title', 'schemaVersion', 'panels', 'templating', 'time', 'refresh'],
  properties: {
    uid: { type: 'string', pattern: '^[a-zA-Z0-9_-]{1,40}$' },
    title: { type: 'string', minLength: 1 },
    // A dashboard for everyone has no id of one Grafana's database.
    id: { type: 'null' },
    schemaVersion: { type: 'integer', minimum: 36 },
    time: { type: 'object', required: ['from', 'to'] },
    refresh: { type: 'string' },
    templating: {
      type: 'object',
      required: ['list'],
      properties: {
        list: {
          type: 'array',
          items: {
            type: 'object',
            required: ['name', 'type', 'query'],
            properties: { type: { enum: ['datasource', 'query'] } },
          },
        },
      },
    },
    panels: {
      type: 'array',
      minItems: 10,
      items: {
        type: 'object',
        required: ['id', 'type', 'title', 'gridPos'],
        properties: {
          id: { type: 'integer', minimum: 1 },
          type: { enum: ['row', 'stat', 'timeseries', 'table'] },
          title: { type: 'string', minLength: 1 },
          gridPos: {
            type: 'object',
            required: ['x', 'y', 'w', 'h'],
            properties: { x: whole, y: whole, w: { type: 'integer', minimum: 1, maximum: 24 }, h: whole },
          },
        },
        if: { properties: { type: { const: 'row' } } },
        else: {
          required: ['datasource', 'targets', 'fieldConfig', 'options'],
          properties: {
            datasource,
            fieldConfig: {
              type: 'object',
              required: ['defaults', 'overrides'],
              properties: { defaults: { type: 'object', required: ['unit'] }, overrides: { type: 'array' } },
            },
            targets: {
              type: 'array',
              minItems: 1,
              items: {
                type: 'object',
                required: ['datasource', 'expr', 'refId'],
                properties: { datasource, expr: { type: 'string', minLength: 1 }, refId: { type: 'string' } },
              },
            },
          },
        },
      },
    },
  },
};

test("the dashboard has the shape of Grafana's dashboards", () => {
  const ajv = new Ajv({ allErrors: true });
  assert.ok(ajv.validate(schema, dashboard), ajv.errorsText());
});

test('panels have ids of their own and do not lie on each other', () => {
  const { panels } = dashboard;
  assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length);
  for (const [index, { title, gridPos: a }] of panels.entries()) {
    assert.ok(a.x + a.w <= 24, `${title} is too wide`);
    for (const { title: other, gridPos: b } of panels.slice(index + 1)) {
      const isApart = a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y;
      assert.ok(isApart, `${title} lies on ${other}`);
    }
  }
});

const expressions = dashboard.panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ title, expr })));

test('every expression is valid PromQL over metrics and labels that are exported', () => {
  const wrong = expressions.flatMap(({ title, expr }) => checkPromql(expr).map((problem) => `${title}: ${problem}`));
  assert.deepEqual(wrong, []);
});

test('every variable in an expression is one of the dashboard, and every metric but the run totals is shown', () => {
  const known = [...dashboard.templating.list.map(({ name }) => name), '__rate_interval'];
  const used = expressions.flatMap(({ expr }) => [...expr.matchAll(/\$(\w+)/g)].map(([, name]) => name!));
  assert.deepEqual(
    used.filter((name) => !known.includes(name)),
    [],
  );
  const text = expressions.map(({ expr }) => expr).join(' ');
  const missing = Object.keys(metricTable).filter((name) => !text.includes(name));
  assert.deepEqual(missing, [
    'cartography_stream_runs_total',
    'cartography_stream_run_duration_seconds',
    'cartography_stream_watch_failures_total',
  ]);
});
