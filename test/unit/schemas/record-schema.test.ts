import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

import { SchemaError } from '../../../platform/errors.ts';
import type { AvroField, AvroRecord, AvroSchema } from '../../../schemas/avro-schema.ts';
import type { RelationshipAttribute } from '../../../schemas/graph-attribute.ts';
import { parseRecordSchema } from '../../../schemas/record-schema.ts';
import { related, schema, strings, targets } from '../../support/thing-schema.ts';
import { blocksOf } from '../../support/blocks-of.ts';

/** The one relationship of a record, without its owner. */
function relationshipOf(avro: AvroRecord) {
  const [, one] = parseRecordSchema(avro).relationships;
  assert.ok(one);
  return one;
}

test('without further attributes a field sets the property of its name, and the account owns the node', () => {
  const parsed = parseRecordSchema(schema({}, { name: 'Size', type: ['null', 'long'], default: null }));

  assert.equal(parsed.name, 'cartography.test.Thing');
  assert.equal(parsed.kind, 'asset');
  assert.equal(parsed.doc, 'A thing.');
  assert.equal(parsed.sync, 'test:thing');
  assert.deepEqual([parsed.label, parsed.labels, parsed.idField], ['AWSThing', [], 'Id']);
  assert.deepEqual(parsed.properties, [
    { property: 'id', field: 'Id', indexed: false, identity: true, kind: 'string' },
    { property: 'Id', field: 'Id', indexed: false, identity: true, kind: 'string' },
    { property: 'Size', field: 'Size', indexed: false, identity: false, kind: 'integer' },
  ]);
  assert.deepEqual(parsed.relationships, [
    {
      type: 'RESOURCE',
      direction: 'in',
      label: 'AWSAccount',
      match: [{ property: 'id', path: ['accountId'] }],
      unique: true,
      crossAccount: false,
      properties: [],
    },
  ]);
  assert.equal(parsed.contested.size, 0);
});

test('a field sets the properties that it lists, none for an empty list', () => {
  const parsed = parseRecordSchema(
    schema(
      {},
      { name: 'A', type: 'string', graph: { properties: ['a', 'b'], index: true } },
      { name: 'B', type: 'string', graph: { properties: [] } },
    ),
  );

  const set = parsed.properties.filter(({ field }) => field === 'A' || field === 'B');
  assert.deepEqual(
    set.map(({ property, indexed }) => [property, indexed]),
    [
      ['a', true],
      ['b', true],
    ],
  );
});

test('envelope fields set no property unless they list it; region then follows from the node', () => {
  const avro = schema();
  avro.fields[1] = { name: 'region', type: 'string', graph: { properties: ['region'] } };

  const region = parseRecordSchema(avro).properties.find(({ field }) => field === 'region');

  assert.deepEqual(region, { property: 'region', field: 'region', indexed: false, identity: true, kind: 'string' });
});

test('an owner can be another edge, or none', () => {
  const owner: RelationshipAttribute = { type: 'STATEMENT', direction: 'in', label: 'P', match: { id: 'Id' } };

  assert.deepEqual(
    parseRecordSchema(schema({ owner })).relationships.map(({ type }) => type),
    ['STATEMENT'],
  );
  assert.deepEqual(parseRecordSchema(schema({ owner: null })).relationships, []);
});

test('a record with an organization and no account belongs to the hierarchy and has no owner', () => {
  const fields: AvroField[] = [
    { name: 'organizationId', type: 'string' },
    { name: 'updateTag', type: 'long' },
    { name: 'Id', type: 'string' },
  ];

  const parsed = parseRecordSchema({ ...schema(), fields });

  assert.equal(parsed.kind, 'hierarchy');
  assert.deepEqual(parsed.relationships, []);
});

const kinds: [AvroSchema, string][] = [
  ['int', 'integer'],
  [['null', 'double'], 'float'],
  ['boolean', 'boolean'],
  [{ type: 'enum', name: 'E', symbols: ['a'] }, 'string'],
  [['null', { type: 'long', logicalType: 'timestamp-millis' }], 'datetime'],
  [{ type: 'long', logicalType: 'timestamp-micros' }, 'integer'],
  [{ type: 'string', logicalType: 'timestamp-millis' }, 'string'],
  [strings, 'strings'],
  [['null', { type: 'array', items: 'long' }], 'integers'],
  [['null', 'string', strings], 'strings'],
];
for (const [type, kind] of kinds) {
  test(`${JSON.stringify(type)} becomes a property of kind ${kind}`, () => {
    const parsed = parseRecordSchema(schema({}, { name: 'F', type }));

    assert.equal(parsed.properties.find(({ field }) => field === 'F')?.kind, kind);
  });
}

const noProperty: AvroSchema[] = [
  'bytes',
  { type: 'map', values: 'string' },
  targets,
  { type: 'array', items: strings },
  { type: 'array', items: ['null', 'string'] },
  { type: 'array', items: { type: 'long', logicalType: 'timestamp-millis' } },
  ['null', 'string', 'long'],
  'Target',
];
for (const type of noProperty) {
  test(`no property holds ${JSON.stringify(type)}, but a field without properties may`, () => {
    assert.throws(() => parseRecordSchema(schema({}, { name: 'F', type })), /field F has a type that no property can/);
    parseRecordSchema(schema({}, { name: 'F', type, graph: { properties: [] } }));
  });
}

test('a relationship matches on id or arn uniquely, on other properties not, unless it says so', () => {
  const unique = (one: object) => relationshipOf(related(one)).unique;

  assert.equal(unique({ match: { id: 'Id' } }), true);
  assert.equal(unique({ match: { arn: 'Id' } }), true);
  assert.equal(unique({ match: { name: 'Id' } }), false);
  assert.equal(unique({ match: { id: 'Id', name: 'Id' } }), false);
  assert.equal(unique({ match: { name: 'Id' }, unique: true }), true);
});

test('matchers are sorted, so that two ways to write one relationship are one', () => {
  const match = { name: 'Id', account: 'accountId' };

  assert.deepEqual(relationshipOf(related({ match })).match, [
    { property: 'account', path: ['accountId'] },
    { property: 'name', path: ['Id'] },
  ]);
});

test('a dotted path goes through an array of records, nullable or not', () => {
  for (const type of [targets, ['null', targets]] as AvroSchema[]) {
    const avro = related(
      { match: { arn: 'T.Arn', account: 'accountId' }, properties: { port: 'T.Port', since: 'updateTag' } },
      { name: 'T', type, graph: { properties: [] } },
    );

    const { match, properties } = relationshipOf(avro);

    assert.deepEqual(match[1], { property: 'arn', path: ['T', 'Arn'] });
    assert.deepEqual(properties, [
      { property: 'port', path: ['T', 'Port'], kind: 'integer' },
      { property: 'since', path: ['updateTag'], kind: 'integer' },
    ]);
  }
});

test('an edge made of an item carries the item; other arrays it carries whole', () => {
  const fields: AvroField[] = ['Ids', 'Names'].map((name) => ({ name, type: strings, graph: { properties: [] } }));

  const { properties } = relationshipOf(
    related({ match: { id: 'Ids' }, properties: { id: 'Ids', names: 'Names' } }, ...fields),
  );

  assert.deepEqual(
    properties.map(({ property, kind }) => [property, kind]),
    [
      ['id', 'string'],
      ['names', 'strings'],
    ],
  );
});

test('a contested property lists its record types, the winner first', () => {
  const contested = { Id: ['cartography.test.Other', 'cartography.test.Thing'] };

  assert.deepEqual([...parseRecordSchema(schema({ contested })).contested], Object.entries(contested));
});

const arn: AvroField = { name: 'Arn', type: 'string', graph: { properties: ['arn'] } };

test('a derived property is named once, is set by a field, and is not contested', () => {
  assert.deepEqual([...parseRecordSchema(schema({ derived: ['arn'] }, arn)).derived], ['arn']);
  const contested = { arn: ['cartography.test.Thing'] };
  for (const graph of [{ derived: ['name'] }, { derived: ['id'] }, { derived: ['arn'], contested }])
    assert.throws(() => parseRecordSchema(schema(graph, arn)), SchemaError, JSON.stringify(graph));
});

test('an ontology property follows from the id if its fields do, or if it has none', () => {
  const { computed } = parseRecordSchema(
    schema(
      { ontology: { source: { value: 'aws' }, name: 'Id', size: 'Size', either: { or: ['Id', 'Size'] } } },
      { name: 'Size', type: ['null', 'long'], default: null },
    ),
  );

  assert.deepEqual(
    computed.map(({ property, kind, identity }) => [property, kind, identity]),
    [
      ['_ont_source', 'string', true],
      ['_ont_name', 'string', true],
      ['_ont_size', 'integer', false],
      ['_ont_either', 'boolean', false],
    ],
  );
});

test('a label with a condition hangs on a property of the loaders', () => {
  const parsed = parseRecordSchema(schema({ labels: ['A', { label: 'B', when: { Id: 'x' } }] }));

  assert.deepEqual(parsed.labels, ['A']);
  assert.deepEqual(parsed.conditionalLabels, [{ label: 'B', property: '_label_B' }]);
  assert.deepEqual(
    parsed.computed.map(({ property }) => property),
    ['_label_B'],
  );
});

test('the example of docs/schemas.md is what the page says it is', async () => {
  const page = await readFile(new URL('../../../docs/schemas.md', import.meta.url), 'utf8');
  const [example = ''] = blocksOf(page, 'json');

  const parsed = parseRecordSchema(JSON.parse(example) as AvroRecord);

  const properties = parsed.properties.map(({ property }) => property);
  assert.deepEqual(properties, ['id', 'region', 'arn', 'delay_seconds']);
  assert.deepEqual(
    parsed.relationships.map(({ type }) => type),
    ['RESOURCE', 'HAS_DEADLETTER_QUEUE'],
  );
});
