import assert from 'node:assert/strict';
import { test } from 'node:test';

import { SchemaError } from '../../../platform/errors.ts';
import type { AvroField, AvroRecord, AvroSchema } from '../../../schemas/avro-schema.ts';
import { parseRecordSchema } from '../../../schemas/record-schema.ts';
import { envelope, related, schema, strings, targets } from '../../support/thing-schema.ts';

const injections = [
  'A`) DETACH DELETE n //',
  'a b',
  'a-b',
  'a.b',
  "a'",
  'a\n',
  'ａ',
  'é',
  '1a',
  '',
  'a'.repeat(129),
  '$rows',
  '\\u0060',
  '_Fence',
  '__proto__',
  7,
  null,
  ['a'],
  {},
];
const places: [string, (name: unknown) => unknown][] = [
  ['label', (name) => schema({ label: name })],
  ['extra label', (name) => schema({ labels: [name] })],
  ['conditional label', (name) => schema({ labels: [{ label: name, when: { Id: 'x' } }] })],
  ['ontology property', (name) => schema({ ontology: JSON.parse(`{${JSON.stringify(String(name))}:"Id"}`) })],
  ['property', (name) => schema({}, { name: 'F', type: 'string', graph: { properties: [name] } })],
  ['field', (name) => schema({}, { name, type: 'string' })],
  ['field without properties', (name) => schema({}, { name, type: 'string', graph: { properties: [] } })],
  ['owner’s type', (name) => schema({ owner: { type: name, direction: 'in', label: 'A', match: { id: 'Id' } } })],
  ['relationship’s type', (name) => related({ type: name })],
  ['relationship’s label', (name) => related({ label: name })],
  ['matcher', (name) => related({ match: JSON.parse(`{${JSON.stringify(String(name))}:"Id"}`) })],
  ['edge property', (name) => related({ properties: JSON.parse(`{${JSON.stringify(String(name))}:"Id"}`) })],
  ['derived property', (name) => schema({ derived: [name] })],
  [
    'contested property',
    (name) => schema({ contested: JSON.parse(`{${JSON.stringify(String(name))}:["cartography.test.Thing"]}`) }),
  ],
];
for (const [place, build] of places) {
  test(`nothing but a name passes as a ${place}`, () => {
    for (const name of injections) {
      // As a key of an object these two are plain names.
      if (['matcher', 'edge property', 'ontology property'].includes(place) && (name === null || Array.isArray(name)))
        continue;
      assert.throws(() => parseRecordSchema(build(name) as AvroRecord), SchemaError, JSON.stringify(name));
    }
  });
}

test('what the loaders keep for themselves no record sets, on nodes or edges', () => {
  for (const name of [
    'lastupdated',
    'firstseen',
    '_scope',
    '_tag_aws_ec2_Vpc',
    '_by',
    '_tags',
    '_module_name',
    '_ont_name',
    '_label_Secret',
  ]) {
    assert.throws(
      () => parseRecordSchema(schema({}, { name: 'F', type: 'string', graph: { properties: [name] } })),
      SchemaError,
      name,
    );
    assert.throws(() => parseRecordSchema(related({ properties: { [name]: 'Id' } })), SchemaError, name);
  }
});

test('the reference’s own names with an underscore are allowed on edges', () => {
  parseRecordSchema(related({ properties: { _sub_resource_label: 'Id', _sub_resource_id: 'accountId' } }));
});

const broken: [string, () => unknown, RegExp][] = [
  ['nothing', () => null, /must be an object/],
  ['text', () => 'string', /must be an object/],
  ['a record without a name', () => ({ ...schema(), name: undefined }), /name must be a dotted Avro full name/],
  ['a record without a namespace', () => ({ ...schema(), namespace: undefined }), /schema Thing: name must be/],
  ['a name that is no Avro name', () => ({ ...schema(), name: 'Th`ing' }), /must be a dotted Avro full name/],
  ['no graph attribute', () => ({ ...schema(), graph: undefined }), /graph must be an object, not missing/],
  ['a graph attribute of text', () => ({ ...schema(), graph: 'x' }), /graph must be an object/],
  ['no fields', () => ({ ...schema(), fields: undefined }), /lack the envelope field "accountId"/],
  ['fields that are no list', () => ({ ...schema(), fields: {} }), /fields must be a list/],
  ['a field that is no object', () => schema({}, null), /fields\[4\] must be an object/],
  ['a sync that is none', () => schema({ sync: 'a/b' }), /graph\.sync must be a sync identifier/],
  ['an id that is no field', () => schema({ id: 'Nope' }), /graph\.id names no field: "Nope"/],
  ['an id that may be null', () => schema({ id: 'N' }, { name: 'N', type: ['null', 'string'] }), /never null, "N"/],
  ['an id that is a number', () => schema({ id: 'updateTag' }), /must name a field of text/],
  ['labels that are no list', () => schema({ labels: 'AB' }), /graph\.labels must be a list/],
  ['a label twice', () => schema({ labels: ['A', { label: 'A', when: { Id: 'x' } }] }), /names a label twice/],
  ['a condition that is none', () => schema({ labels: [{ label: 'A', when: {} }] }), /labels\[0\]\.when is empty/],
  ['a condition on no field', () => schema({ labels: [{ label: 'A', when: { Nope: 1 } }] }), /names no field: "Nope"/],
  ['a condition on a list', () => schema({ labels: [{ label: 'A', when: { L: 'x' } }] }, L('L')), /not "L"/],
  ['a condition of a list', () => schema({ labels: [{ label: 'A', when: { Id: ['x'] } }] }), /when\.Id must be text/],
  ['an ontology that is text', () => schema({ ontology: 'Id' }), /graph\.ontology must be an object/],
  ['a rule of no field', () => schema({ ontology: { a: 'Nope' } }), /ontology\.a\.first names no field: "Nope"/],
  ['a rule of records', () => schema({ ontology: { a: 'T' } }, T()), /"T", whose type no property can hold/],
  ['a rule that is a list', () => schema({ ontology: { a: ['Id'] } }), /ontology\.a must be an object/],
  ['a rule without a kind', () => schema({ ontology: { a: {} } }), /ontology\.a must be a field, or one of/],
  ['a rule of two kinds', () => schema({ ontology: { a: { or: ['Id'], nor: ['Id'] } } }), /must be a field, or one of/],
  ['a rule of no known kind', () => schema({ ontology: { a: { upper: 'Id' } } }), /must be a field, or one of/],
  ['a map without a field', () => schema({ ontology: { a: { map: {} } } }), /must be a field, or one of/],
  [
    'a map of a number',
    () => schema({ ontology: { a: { field: 'updateTag', map: {} } } }),
    /must name a field of text/,
  ],
  ['a map to a number', () => schema({ ontology: { a: { field: 'Id', map: { x: 1 } } } }), /map\.x must be text/],
  ['the first of nothing', () => schema({ ontology: { a: { first: [] } } }), /ontology\.a\.first is empty/],
  ['the first of two types', () => schema({ ontology: { a: { first: ['Id', 'updateTag'] } } }), /different types/],
  ['the truth of a list', () => schema({ ontology: { a: { or: ['L'] } } }, L('L')), /text, whole numbers or booleans/],
  ['a fraction', () => schema({ ontology: { a: { value: 0.5 } } }), /value must be text, a whole number or a boolean/],
  [
    'properties that are no list',
    () => schema({}, { name: 'F', type: 'string', graph: { properties: 'ab' } }),
    /must be a list/,
  ],
  [
    'an index that is no flag',
    () => schema({}, { name: 'F', type: 'string', graph: { index: 'yes' } }),
    /true or false/,
  ],
  [
    'a second field that sets the id',
    () => schema({}, { name: 'F', type: 'string', graph: { properties: ['id'] } }),
    /only the graph\.id field may/,
  ],
  [
    'two fields of one property',
    () => schema({}, { name: 'F', type: 'string', graph: { properties: ['Id'] } }),
    /property Id is set by two fields/,
  ],
  ['a contested id', () => schema({ contested: { id: ['cartography.test.Thing'] } }), /no field sets: "id"/],
  [
    'a contested property that it does not set',
    () => schema({ contested: { x: ['cartography.test.Thing'] } }),
    /no field sets: "x"/,
  ],
  [
    'a contest without itself',
    () => schema({ contested: { Id: ['cartography.test.Other'] } }),
    /does not list this record type/,
  ],
  [
    'a contest with itself twice',
    () => schema({ contested: { Id: Array(2).fill('cartography.test.Thing') } }),
    /twice/,
  ],
  [
    'a contest with nonsense',
    () => schema({ contested: { Id: ['cartography.test.Thing', '`'] } }),
    /dotted Avro full name/,
  ],
  ['a contest that is text', () => schema({ contested: { Id: 'cartography.test.Thing' } }), /must be a list/],
  ['relationships that are no list', () => schema({ relationships: {} }), /graph\.relationships must be a list/],
  ['a relationship that is null', () => schema({ relationships: [null] }), /relationships\[0\] must be an object/],
  ['no direction', () => related({ direction: undefined }), /direction must be "in" or "out"/],
  ['a matcher without properties', () => related({ match: {} }), /match is empty/],
  ['no matcher', () => related({ match: undefined }), /match is empty/],
  ['a matcher on no field', () => related({ match: { id: 'Nope' } }), /match\.id names no field: "Nope"/],
  ['a matcher on a field of no array', () => related({ match: { id: 'Id.x' } }), /names no field: "Id\.x"/],
  ['a path of three steps', () => related({ match: { id: 'T.Arn.x' } }, T()), /names no field/],
  ['a path to nothing', () => related({ match: { id: 'T.Nope' } }, T()), /names no field: "T\.Nope"/],
  ['a path to an array within an array', () => related({ match: { id: 'T.Zones' } }, T()), /array within an array/],
  ['a matcher on records', () => related({ match: { id: 'T' } }, T()), /text, whole numbers or booleans/],
  ['a matcher on a fraction', () => related({ match: { id: 'F' } }, { name: 'F', type: 'double' }), /whole numbers/],
  [
    'a path through two arrays',
    () => related({ match: { a: 'T.Arn', b: 'U.Arn' } }, T(), T('U')),
    /several arrays: T, U/,
  ],
  ['a matcher of two arrays', () => related({ match: { a: 'L', b: 'M' } }, L('L'), L('M')), /several arrays: L, M/],
  [
    'an edge property of another array',
    () => related({ match: { a: 'L' }, properties: { p: 'T.Arn' } }, L('L'), T()),
    /several arrays/,
  ],
  [
    'an edge property of records',
    () => related({ properties: { p: 'T' } }, T()),
    /has a type that no property can hold/,
  ],
];
for (const [what, build, message] of broken) {
  test(`${what}: a SchemaError that says so`, () => {
    assert.throws(
      () => parseRecordSchema(build() as AvroRecord),
      (error) => error instanceof SchemaError && message.test(error.message),
    );
  });
}

function T(name = 'T'): AvroField {
  return { name, type: targets, graph: { properties: [] } };
}

function L(name: string): AvroField {
  return { name, type: strings, graph: { properties: [] } };
}

test('envelope fields must be there, of the right type and never null', () => {
  const types: AvroSchema[] = [
    ['null', 'string'],
    'double',
    'bytes',
    { type: 'long', logicalType: 'timestamp-millis' },
  ];
  for (const [index, { name }] of envelope.entries()) {
    assert.throws(() => parseRecordSchema({ ...schema(), fields: schema().fields.toSpliced(index, 1) }), SchemaError);
    for (const type of types) {
      assert.throws(
        () => parseRecordSchema({ ...schema(), fields: schema().fields.with(index, { name, type }) }),
        (error) => error instanceof SchemaError && error.message.includes(`field ${name} must be`),
      );
    }
  }
});
