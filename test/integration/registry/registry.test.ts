import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { SchemaError } from '../../../platform/errors.ts';
import type { AvroField, AvroRecord } from '../../../schemas/avro-schema.ts';
import { loadCatalogue } from '../../../schemas/catalogue.ts';
import { createDecoder, createEncoder } from '../../../schemas/codec.ts';
import type { SchemaRegistry } from '../../../schemas/registry.ts';
import { connectRegistry } from '../../../schemas/registry.ts';
import { startStack } from '../../../stack/stack.ts';

/* Against the registry at TEST_REGISTRY (the address of its API), or one of its own. */

let url: string;
let registry: SchemaRegistry;
let stop = async (): Promise<void> => {};
before(async () => {
  const given = process.env['TEST_REGISTRY'];
  if (given === undefined || given === '') {
    const stack = await startStack({ services: ['registry'] });
    stop = () => stack.stop();
    url = stack.registry.url;
  } else {
    url = given;
  }
  registry = connectRegistry({ url });
});
after(() => stop());

let subjects = 0;
function newSubject(): string {
  return `test-${process.pid}-${Date.now()}-${subjects++}-cartography.test.Thing`;
}

const a: AvroField = { name: 'a', type: 'string', doc: 'A.', graph: { properties: ['x'], index: true } };
function schema(...fields: AvroField[]): AvroRecord {
  const graph = { sync: 'test', label: 'Thing', id: 'a', contested: { x: ['cartography.test.Thing'] } };
  return { type: 'record', name: 'Thing', namespace: 'cartography.test', doc: 'A thing.', graph, fields };
}
const withB: AvroField = { name: 'b', type: ['null', 'string'], default: null };

test('it answers', async () => {
  await registry.ping();
});

test('a schema comes back with its graph attributes, by id and as the latest version', async () => {
  const subject = newSubject();

  const id = await registry.register(subject, schema(a));

  assert.deepEqual(await registry.byId(id), schema(a));
  assert.deepEqual(await registry.latest(subject), { id, version: 1, schema: schema(a) });
  assert.ok((await registry.subjects()).includes(subject));
});

test('the id of a schema stays the same, also for another client and after a newer version', async () => {
  const subject = newSubject();

  const first = await registry.register(subject, schema(a));
  const second = await registry.register(subject, schema(a, withB));
  const again = await connectRegistry({ url }).register(subject, schema(a));

  assert.equal(again, first);
  assert.notEqual(second, first);
});

test('a change of the graph attribute alone is a version of its own', async () => {
  const subject = newSubject();
  const relabelled = schema(a);
  relabelled.graph = { ...relabelled.graph!, labels: ['Extra'] };

  const first = await registry.register(subject, schema(a));
  const second = await registry.register(subject, relabelled);

  assert.notEqual(second, first);
  assert.deepEqual((await registry.latest(subject))?.schema, relabelled);
});

test('a new field without a default is refused', async () => {
  const subject = newSubject();
  await registry.register(subject, schema(a));

  await assert.rejects(
    registry.register(subject, schema(a, { name: 'b', type: 'string' })),
    (error) => error instanceof SchemaError && error.message.includes(subject),
  );
});

test('the rule covers all versions, not only the last one', async () => {
  const subject = newSubject();
  await registry.register(subject, schema(a, withB));
  await registry.register(subject, schema(a));

  await assert.rejects(registry.register(subject, schema(a, { ...withB, type: ['null', 'long'] })), SchemaError);
});

test('a subject that somebody has loosened is tightened again', async () => {
  const subject = newSubject();
  await registry.register(subject, schema(a));
  const loosened = await fetch(`${url}/config/${subject}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
    body: '{"compatibility":"NONE"}',
  });
  assert.equal(loosened.status, 200);

  await assert.rejects(registry.register(subject, schema(a, { name: 'b', type: 'string' })), SchemaError);
});

test('what it does not have is undefined, and a wrong path is an error', async () => {
  assert.equal(await registry.byId(2_000_000_000), undefined);
  assert.equal(await registry.latest(newSubject()), undefined);
  await assert.rejects(connectRegistry({ url: new URL(url).origin }).byId(1), /is the path of the address right/);
});

test('every schema of this checkout registers, and its records decode with what the registry gives back', async () => {
  const catalogue = loadCatalogue();
  const topic = newSubject();
  const encoder = createEncoder(registry, catalogue);
  const decoder = createDecoder(connectRegistry({ url }));
  const marker = {
    updateTag: 1,
    state: 'started',
    accounts: ['1'],
    requestedSyncs: [],
    outcomes: {},
    offsets: [],
    at: 5,
  };

  const bytes = await encoder.encode(topic, 'cartography.aws.markers.RunMarker', marker);
  const decoded = await decoder.decode(bytes);

  assert.deepEqual(decoded.value, marker);
  for (const [name, avro] of catalogue.avroByName()) {
    const id = await registry.register(`${topic}-${name}`, avro);
    assert.deepEqual(await registry.byId(id), avro, name);
  }
});
