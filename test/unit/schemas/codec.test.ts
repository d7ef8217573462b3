import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';

import { InfrastructureError, RecordError, SchemaError } from '../../../platform/errors.ts';
import type { AvroRecord } from '../../../schemas/avro-schema.ts';
import type { Decoded } from '../../../schemas/codec.ts';
import { createDecoder, createEncoder } from '../../../schemas/codec.ts';

const thing: AvroRecord = {
  type: 'record',
  name: 'Thing',
  namespace: 'cartography.test',
  graph: { sync: 'test', label: 'Thing', id: 'Id' },
  fields: [
    { name: 'accountId', type: 'string' },
    { name: 'region', type: 'string' },
    { name: 'updateTag', type: 'long' },
    { name: 'Id', type: 'string' },
    { name: 'Size', type: ['null', 'long'], default: null },
    { name: 'At', type: ['null', { type: 'long', logicalType: 'timestamp-millis' }], default: null },
    { name: 'Names', type: { type: 'array', items: 'string' }, default: [] },
    {
      name: 'Targets',
      type: { type: 'array', items: { type: 'record', name: 'Target', fields: [{ name: 'Arn', type: 'string' }] } },
      default: [],
      graph: { properties: [] },
    },
    { name: 'Tags', type: { type: 'map', values: 'string' }, default: {}, graph: { properties: [] } },
  ],
};
const event: AvroRecord = {
  type: 'record',
  name: 'Event',
  namespace: 'cartography.test.markers',
  fields: [{ name: 'n', type: 'int' }],
};
const type = 'cartography.test.Thing';
const value = { accountId: '111122223333', region: 'eu-west-1', updateTag: 1_700_000_000, Id: 'a' };
const catalogue = {
  avro: (name: string) => [thing, event].find((one) => `${one.namespace}.${one.name}` === name),
};

/** Knows the two schemas as 7 and 8, and what was asked of it. */
function stubRegistry() {
  const registered: string[] = [];
  const asked: number[] = [];
  return {
    registered,
    asked,
    register: async (subject: string, avro: AvroRecord) => {
      registered.push(subject);
      return avro === thing ? 7 : 8;
    },
    byId: async (id: number): Promise<unknown> => {
      asked.push(id);
      return structuredClone({ 7: thing, 8: event }[id]);
    },
  };
}

async function encoded(overrides: object = {}): Promise<Buffer> {
  return createEncoder(stubRegistry(), catalogue).encode('t', type, { ...value, ...overrides });
}

function frame(id: number, ...body: number[]): Buffer {
  return Buffer.from([0, 0, 0, 0, id, ...body]);
}

test('a value is framed with a zero byte and the schema id, and decodes to a plain object with its defaults', async () => {
  const bytes = await encoded({ Names: ['x', 'ü'], Targets: [{ Arn: 'arn' }], Tags: { a: 'b' } });

  const decoded = await createDecoder(stubRegistry()).decode(bytes);

  assert.deepEqual([...bytes.subarray(0, 5)], [0, 0, 0, 0, 7]);
  assert.equal(decoded.schemaId, 7);
  assert.equal(decoded.name, type);
  assert.deepEqual(decoded.value, {
    ...value,
    Size: null,
    At: null,
    Names: ['x', 'ü'],
    Targets: [{ Arn: 'arn' }],
    Tags: { a: 'b' },
  });
});

test('the schema comes with the record, from the registry', async () => {
  const elsewhere = structuredClone(thing);
  elsewhere.graph!.label = 'OtherLabel';

  const decoded = await createDecoder({ byId: async () => elsewhere }).decode(await encoded());

  assert.equal(decoded.schema?.label, 'OtherLabel');
});

test('an event without a graph attribute decodes without a record schema', async () => {
  const bytes = await createEncoder(stubRegistry(), catalogue).encode('t', 'cartography.test.markers.Event', { n: 3 });

  const decoded = await createDecoder(stubRegistry()).decode(bytes);

  assert.deepEqual(decoded, {
    schemaId: 8,
    name: 'cartography.test.markers.Event',
    schema: undefined,
    value: { n: 3 },
  });
});

test('the first record of a type registers the schema under topic and record name, the next ones do not', async () => {
  const registry = stubRegistry();
  const encoder = createEncoder(registry, catalogue);

  await Promise.all([encoder.encode('t', type, value), encoder.encode('t', type, value)]);
  await encoder.encode('t', type, value);
  await encoder.encode('other', type, value);

  assert.deepEqual(registry.registered, [`t-${type}`, `other-${type}`]);
});

test('a failed registration is tried again with the next record', async () => {
  let away = true;
  const register = async () => {
    if (away) throw new InfrastructureError('CS_REGISTRY', 'away', { retryable: true });
    return 7;
  };
  const encoder = createEncoder({ register }, catalogue);

  await assert.rejects(async () => encoder.encode('t', type, value), InfrastructureError);
  away = false;

  assert.equal((await encoder.encode('t', type, value)).readUInt32BE(1), 7);
});

test('a record larger than the encoder’s buffer comes out whole', async () => {
  const Names = Array.from({ length: 5000 }, (_, index) => `name-${index}-${'ä'.repeat(30)}`);

  const decoded = await createDecoder(stubRegistry()).decode(await encoded({ Names }));

  assert.deepEqual(decoded.value['Names'], Names);
});

test('bytes of one record stay as they are when the next one is encoded', async () => {
  const encoder = createEncoder(stubRegistry(), catalogue);
  const first = await encoder.encode('t', type, value);
  const copy = Buffer.from(first);

  await encoder.encode('t', type, { ...value, Id: 'b'.repeat(50) });

  assert.deepEqual(first, copy);
});

const refused: [string, object, RegExp][] = [
  ['a missing field', { Id: undefined }, /Thing refuses a record: Id must be "string", not missing/],
  ['a null where none may be', { region: null }, /region must be "string", not null/],
  ['a wrong type', { Size: '12' }, /Size must be \["null","long"\], not a string/],
  ['a Date', { At: new Date(0) }, /At must be .*, not a Date/],
  ['a fraction in a long', { updateTag: 1.5 }, /updateTag must be "long", not 1.5/],
  ['a whole number that a double cannot hold', { Size: 2 ** 53 + 2 }, /Size must be "long", not 9007199254740994/],
  ['an undefined within an array', { Names: ['a', undefined] }, /Names\.1 must be "string", not missing/],
  [
    'a fault within a record of an array',
    { Targets: [{ Arn: 'a' }, { Arn: 5 }] },
    /Targets\.1\.Arn must be "string", not 5/,
  ],
  ['a field that the schema does not have', { Colour: 'red' }, /Colour is not in the schema/],
];
for (const [what, overrides, message] of refused) {
  test(`the encoder refuses ${what} and says where`, async () => {
    await assert.rejects(encoded(overrides), (error) => error instanceof RecordError && message.test(error.message));
  });
}

test('the encoder’s complaint never quotes text, which could be a secret', async () => {
  await assert.rejects(encoded({ Size: 'hunter2' }), (error) => !inspect(error).includes('hunter2'));
});

test('a record type that schemas/ does not have is a SchemaError', async () => {
  await assert.rejects(
    async () => createEncoder(stubRegistry(), catalogue).encode('t', 'cartography.test.Nothing', {}),
    SchemaError,
  );
});

test('once it knows a schema id the decoder answers without a promise', async () => {
  const decoder = createDecoder(stubRegistry());
  const bytes = await encoded();
  await decoder.decode(bytes);

  const decoded = decoder.decode(bytes);

  assert.ok(!(decoded instanceof Promise));
  assert.equal(decoded.value['Id'], 'a');
});

test('many records of one new schema ask the registry once', async () => {
  const registry = stubRegistry();
  const decoder = createDecoder(registry);
  const bytes = await encoded();

  await Promise.all(Array.from({ length: 20 }, async () => decoder.decode(bytes)));

  assert.deepEqual(registry.asked, [7]);
});

async function decode(
  bytes: Buffer,
  registry: { byId: (id: number) => Promise<unknown> } = stubRegistry(),
): Promise<Decoded> {
  return createDecoder(registry).decode(bytes);
}

const poison: [string, () => Buffer | Promise<Buffer>][] = [
  ['no bytes', () => Buffer.alloc(0)],
  ['fewer bytes than a header', () => Buffer.from([0, 0, 0, 7])],
  ['another magic byte', async () => Buffer.concat([Buffer.from([1]), (await encoded()).subarray(1)])],
  ['JSON', () => Buffer.from('{"Id":"a"}')],
  ['a schema id that the registry does not know', () => frame(9, 0)],
  ['a header without a body', () => frame(7)],
  ['a truncated body', async () => (await encoded()).subarray(0, -1)],
  ['bytes after the body', async () => Buffer.concat([await encoded(), Buffer.from([0])])],
  ['a branch that the union does not have', () => frame(7, 0, 0, 0, 0, 8)],
  ['a long that a double cannot hold', () => frame(7, 0, 0, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f)],
  [
    'an array that announces more items than bytes follow',
    () => frame(7, 0, 0, 0, 0, 0, 0, 0xfe, 0xff, 0xff, 0xff, 0x0f),
  ],
  ['an array of endless length', () => frame(7, 0, 0, 0, 0, 0, 0, ...Array<number>(200).fill(0xff))],
  [
    'a map that announces more entries than bytes follow',
    () => frame(7, 0, 0, 0, 0, 0, 0, 0, 0, 0xfe, 0xff, 0xff, 0xff, 0x0f),
  ],
  ['a text of negative length', () => frame(7, 0x01, 0, 0, 0, 0, 0, 0, 0, 0)],
];
for (const [what, bytes] of poison) {
  test(`${what}: poison`, async () => {
    const input = await bytes();
    await assert.rejects(async () => decode(input), RecordError);
  });
}

test('a key __proto__ of a map is a key like any other', async () => {
  const key = '__proto__';
  const bytes = await encoded({ Tags: JSON.parse(`{"${key}":"x"}`) });

  const tags = (await decode(bytes)).value['Tags'];

  assert.deepEqual(Object.entries(tags as object), [[key, 'x']]);
});

const unusable: [string, unknown][] = [
  ['is no record', { type: 'array', items: 'string' }],
  ['breaks the graph contract', { ...thing, graph: { ...thing.graph, label: 'A`) DETACH DELETE n //' } }],
  ['avsc cannot read', { ...event, fields: [{ name: 'n', type: 'nonsense' }] }],
  ['has a union that no value of JavaScript decides', { ...event, fields: [{ name: 'n', type: ['int', 'long'] }] }],
];
for (const [what, schema] of unusable) {
  test(`a record whose schema ${what}: poison`, async () => {
    const byId = async () => schema;
    await assert.rejects(async () => decode(frame(7, 0), { byId }), RecordError);
  });
}

test('a schema of the registry that is not Avro: poison', async () => {
  const byId = () => Promise.reject(new SchemaError('of type PROTOBUF'));

  await assert.rejects(async () => decode(frame(7, 0), { byId }), RecordError);
});

test('a registry that cannot be asked says nothing about the record, and is asked again', async () => {
  const away = new InfrastructureError('CS_REGISTRY', 'away', { retryable: true });
  const answers: Promise<unknown>[] = [Promise.reject(away), Promise.resolve(thing)];
  const decoder = createDecoder({ byId: () => answers.shift()! });
  const bytes = await encoded();

  await assert.rejects(async () => decoder.decode(bytes), away);

  assert.equal((await decoder.decode(bytes)).value['Id'], 'a');
});

test('an unknown schema id is not asked for with every record, but asked for again later', async () => {
  const registry = stubRegistry();
  const patient = createDecoder(registry);
  const forgetful = createDecoder(registry, { unknownIdMs: 0 });

  for (const decoder of [patient, patient, forgetful, forgetful]) {
    await assert.rejects(async () => decoder.decode(frame(9, 0)), RecordError);
  }

  assert.equal(registry.asked.length, 3);
});
