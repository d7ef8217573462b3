import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';

import { aliveRecords, type ModelMarker, type ModelRecord } from '../model/law.ts';

/** What a consumer holds of one record. */
export interface Row {
  type: string;
  scope: string;
  id: string;
  value: Record<string, unknown>;
}

/** By key. */
export type Table = Map<string, Row>;

/** A line of examples/java-changes. */
export interface Change extends Omit<Row, 'value'> {
  change: 'appeared' | 'changed' | 'gone';
  value?: Row['value'];
  properties?: Record<string, { from: unknown; to: unknown }>;
}

/** What a consumer must hold: the alive records. */
export function lawfulTable(records: readonly ModelRecord[], markers: readonly ModelMarker[]): Table {
  const alive = aliveRecords(records, markers);
  return tableOf(alive.map(({ schema, scope, id, value }) => ({ type: schema.name, scope, id, value })));
}

/** What examples/python-assets has put into its database. */
export function readAssets(database: string): Table {
  const db = new DatabaseSync(database, { readOnly: true });
  const rows = db.prepare('SELECT record_type AS type, scope, id, value FROM asset').all();
  db.close();
  return tableOf(
    (rows as unknown as (Row & { value: string })[]).map((row) => ({
      ...row,
      value: JSON.parse(row.value) as Row['value'],
    })),
  );
}

/** For comparison. Points in time come as text from Python and as milliseconds from us; strings of AWS that look alike do no harm. */
export function rowsOf(table: Table): string[] {
  return [...table].map(([key, { value }]) => `${key} ${sortable(value)}`).sort();
}

/** Without the tag, which is no change. */
export function rowsWithoutTag(table: Table): string[] {
  return rowsOf(new Map([...table].map(([key, row]) => [key, { ...row, value: { ...row.value, updateTag: 0 } }])));
}

export function changesIn(stdout: string): Change[] {
  return linesOf(stdout).map((line) => JSON.parse(line) as Change);
}

/** For comparison. */
export function linesOfChanges(changes: readonly Change[]): string[] {
  return changes.map(sortable).sort();
}

/** What has changed from one table to the next. */
export function changesBetween(before: Table, after: Table): Change[] {
  const came = [...after].flatMap(([key, { value, ...row }]): Change[] => {
    const old = before.get(key);
    if (old === undefined) return [{ change: 'appeared', ...row, value }];
    const differing = Object.keys({ ...old.value, ...value }).filter(
      (name) => name !== 'updateTag' && JSON.stringify(old.value[name]) !== JSON.stringify(value[name]),
    );
    if (differing.length === 0) return [];
    const properties = differing.map((name) => [name, { from: old.value[name], to: value[name] }] as const);
    return [{ change: 'changed', ...row, properties: Object.fromEntries(properties) }];
  });
  const gone = [...before].filter(([key]) => !after.has(key));
  return [...came, ...gone.map(([, { type, scope, id }]): Change => ({ change: 'gone', type, scope, id }))];
}

/** The table that changes from nothing lead to; fails where one changes what is not there. */
export function applyChanges(changes: readonly Change[]): Table {
  const table: Table = new Map();
  for (const { change, type, scope, id, value, properties } of changes) {
    const key = keyOf({ type, scope, id });
    assert.equal(table.has(key), change !== 'appeared', `${key} ${change}`);
    if (change === 'gone') table.delete(key);
    else if (change === 'appeared') table.set(key, { type, scope, id, value: value! });
    else {
      const old = table.get(key)!.value;
      for (const [name, { from, to }] of Object.entries(properties!)) {
        assert.deepEqual(old[name], from, `${key} ${name}`);
        old[name] = to;
      }
    }
  }
  return table;
}

export function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}

function tableOf(rows: readonly Row[]): Table {
  return new Map(rows.map((row) => [keyOf(row), row]));
}

function keyOf({ type, scope, id }: Omit<Row, 'value'>): string {
  return `${type}|${scope}|${id}`;
}

function sortable(value: object): string {
  return JSON.stringify(value, (name, inner: unknown) => {
    if (name === 'tag') return undefined;
    if (typeof inner === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(inner)) return Date.parse(inner);
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
