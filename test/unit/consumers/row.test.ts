import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileRow } from '../../../consumers/graph/row.ts';
import { RecordError } from '../../../platform/errors.ts';
import type { AvroRecord } from '../../../schemas/avro-schema.ts';
import { parseRecordSchema } from '../../../schemas/record-schema.ts';

const schema = parseRecordSchema({
  type: 'record',
  name: 'Group',
  namespace: 'test.rows',
  graph: {
    sync: 'rows',
    label: 'Group',
    id: 'Id',
    contested: { name: ['test.rows.Group', 'test.rows.Other'] },
    derived: ['open'],
    relationships: [
      { type: 'HAS', direction: 'out', label: 'Member', match: { id: 'Members' } },
      {
        type: 'TARGETS',
        direction: 'out',
        label: 'Service',
        match: { id: 'Targets.Arn' },
        properties: { port: 'Targets.Port' },
      },
    ],
  },
  fields: [
    { name: 'accountId', type: 'string' },
    { name: 'region', type: 'string' },
    { name: 'updateTag', type: 'long' },
    { name: 'Id', type: 'string', graph: { properties: [] } },
    { name: 'Name', type: ['null', 'string'], default: null, graph: { properties: ['name'] } },
    { name: 'Open', type: ['null', 'boolean'], default: null, graph: { properties: ['open'] } },
    { name: 'Size', type: ['null', 'long'], default: null, graph: { properties: ['size'] } },
    {
      name: 'CreatedAt',
      type: ['null', { type: 'long', logicalType: 'timestamp-millis' }],
      default: null,
      graph: { properties: ['created'] },
    },
    { name: 'Members', type: { type: 'array', items: 'string' }, default: [], graph: { properties: [] } },
    {
      name: 'Targets',
      type: {
        type: 'array',
        items: {
          type: 'record',
          name: 'Target',
          fields: [
            { name: 'Arn', type: ['null', 'string'] },
            { name: 'Port', type: 'int' },
          ],
        },
      },
      default: [],
      graph: { properties: [] },
    },
  ],
} as unknown as AvroRecord);
const compiled = compileRow(schema);
const toRow = (value: Record<string, unknown>) => compiled(value, Buffer.alloc(0));
const value = {
  accountId: '111122223333',
  region: 'eu-west-1',
  updateTag: 7,
  Id: 'g-1',
  Name: null,
  Size: null,
  CreatedAt: null,
  Members: [],
  Targets: [],
};

test('a row has the scope, the tag and the key of its record', () => {
  const { id, scope, owner, tag, claim } = toRow(value);
  assert.deepEqual(
    { id, scope, owner, tag, claim },
    {
      id: 'g-1',
      scope: '111122223333/eu-west-1/rows',
      owner: '111122223333',
      tag: 7n,
      claim: 'test.rows.Group|111122223333/eu-west-1/rows|g-1',
    },
  );
});

test('whole numbers become integers, times become date-times in UTC, and what is missing is removed', () => {
  const { props } = toRow({ ...value, Size: 3, CreatedAt: Date.UTC(2024, 1, 29, 12, 30, 15, 250) });
  assert.equal(props['size'], 3n);
  assert.equal(String(props['created']), '2024-02-29T12:30:15.250000000Z');
  assert.equal(toRow(value).props['size'], null);
});

test('the value of a contested property is kept under the name of its record type', () => {
  const { props } = toRow({ ...value, Name: 'blue' });
  assert.equal(props['_value_test_rows_Group_name'], 'blue');
  assert.equal('name' in props, false);
});

test('the value of a derived property is kept for the analysis', () => {
  const { props } = toRow({ ...value, Open: true });
  assert.equal(props['_value_test_rows_Group_open'], true);
  assert.equal('open' in props, false);
});

test('a list makes one edge for each distinct item', () => {
  const { references } = toRow({ ...value, Members: ['m-1', 'm-2', 'm-1'] });
  assert.deepEqual(
    references.filter(({ relationship }) => relationship === 1).map(({ values }) => values),
    [['m-1'], ['m-2']],
  );
});

test('an item of records carries the properties of its edge, and one without a target makes none', () => {
  const { references } = toRow({
    ...value,
    Targets: [
      { Arn: 'arn:1', Port: 80 },
      { Arn: null, Port: 81 },
    ],
  });
  assert.deepEqual(
    references.filter(({ relationship }) => relationship === 2),
    [{ relationship: 2, values: ['arn:1'], props: { port: 80 } }],
  );
});

test('a time that no date can hold is poison', () => {
  assert.throws(() => toRow({ ...value, CreatedAt: Number.MAX_SAFE_INTEGER }), RecordError);
});
