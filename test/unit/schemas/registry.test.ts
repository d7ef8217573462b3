import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { after, before, beforeEach, test } from 'node:test';

import { InfrastructureError, SchemaError, UsageError } from '../../../platform/errors.ts';
import type { AvroRecord } from '../../../schemas/avro-schema.ts';
import { fixedSecret } from '../../../platform/secrets/secret.ts';
import { connectRegistry } from '../../../schemas/registry.ts';
import type { FakeRegistry } from '../../support/fake-registry.ts';
import { startFakeRegistry } from '../../support/fake-registry.ts';

const schema: AvroRecord = { type: 'record', name: 'A', namespace: 'n', fields: [{ name: 'a', type: 'string' }] };
const subject = 'topic-n.A';

let fake: FakeRegistry;
before(async () => {
  fake = await startFakeRegistry();
});
after(() => fake.close());
beforeEach(() => {
  fake.calls.length = 0;
  fake.interfere.length = 0;
  fake.levels.clear();
});

test('a subject is BACKWARD_TRANSITIVE before its first schema is registered', async () => {
  const id = await connectRegistry({ url: fake.url }).register(subject, schema);

  const calls = fake.calls.map(({ method, path }) => `${method} ${path}`);
  assert.deepEqual(calls, [`GET /config/${subject}`, `PUT /config/${subject}`, `POST /subjects/${subject}/versions`]);
  assert.equal(fake.levels.get(subject), 'BACKWARD_TRANSITIVE');
  assert.equal(id, 1);
});

test('a weaker level is raised, a stricter one is left alone', async () => {
  const registry = connectRegistry({ url: fake.url });
  fake.levels.set('weak', 'NONE').set('strict', 'FULL_TRANSITIVE');

  await registry.register('weak', schema);
  await registry.register('strict', schema);

  assert.equal(fake.levels.get('weak'), 'BACKWARD_TRANSITIVE');
  assert.equal(fake.levels.get('strict'), 'FULL_TRANSITIVE');
});

test('a schema comes back by its id and as the latest version, with all its attributes', async () => {
  const registry = connectRegistry({ url: fake.url });
  const withGraph = { ...schema, name: 'B', graph: { label: 'X' } } as unknown as AvroRecord;

  const id = await registry.register('topic-n.B', withGraph);

  assert.deepEqual(await registry.byId(id), withGraph);
  assert.deepEqual(await registry.latest('topic-n.B'), { id, version: 1, schema: withGraph });
  assert.ok((await registry.subjects()).includes('topic-n.B'));
});

test('what the registry does not have is undefined', async () => {
  const registry = connectRegistry({ url: fake.url });

  assert.equal(await registry.byId(4711), undefined);
  assert.equal(await registry.latest('never-registered'), undefined);
});

for (const trouble of [{ status: 503 }, { status: 500, body: '<html>' }, { status: 429 }, 'cut'] as const) {
  test(`a call is repeated after ${typeof trouble === 'string' ? 'a cut connection' : trouble.status}`, async () => {
    fake.interfere.push(trouble, trouble);

    await connectRegistry({ url: fake.url }).ping();

    assert.equal(fake.calls.length, 3);
  });
}

test('a registry that stays away is a retryable error that names the setting and the address', async () => {
  const gone = await startFakeRegistry();
  await gone.close();

  await assert.rejects(connectRegistry({ url: gone.url, patienceMs: 300 }).byId(1), (error) => {
    assert.ok(error instanceof InfrastructureError);
    assert.equal(error.code, 'CS_REGISTRY');
    assert.equal(error.retryable, true);
    assert.equal(error.setting, '--schema-registry-url');
    assert.match(error.message, new RegExp(`${gone.url}.*ECONNREFUSED`));
    return true;
  });
});

test('a registry that does not answer is given up after the time-out', async () => {
  fake.interfere.push('hang');

  await assert.rejects(
    connectRegistry({ url: fake.url, timeoutMs: 50, patienceMs: 1 }).ping(),
    (error) => error instanceof InfrastructureError && error.retryable && error.message.includes('no answer in time'),
  );
});

test('a 404 that is not the registry’s own means a wrong address, not a missing schema', async () => {
  for (const body of ['<html>', '{"error_code":404,"message":"Could not find resource"}']) {
    fake.interfere.push({ status: 404, body });
    await assert.rejects(
      connectRegistry({ url: fake.url }).byId(1),
      (error) => error instanceof InfrastructureError && !error.retryable && error.message.includes('path'),
    );
  }
});

test('an answer that is no JSON means a wrong address', async () => {
  fake.interfere.push({ status: 200, body: '<html>' });

  await assert.rejects(
    connectRegistry({ url: fake.url }).byId(1),
    (error) => error instanceof InfrastructureError && !error.retryable,
  );
});

test('a refused user is not worth a retry', async () => {
  fake.interfere.push({ status: 401, body: '{}' });

  await assert.rejects(
    connectRegistry({ url: fake.url }).ping(),
    (error) => error instanceof InfrastructureError && !error.retryable && error.message.includes('401'),
  );
  assert.equal(fake.calls.length, 1);
});

test('an incompatible schema is a SchemaError with the subject and the registry’s words', async () => {
  fake.levels.set(subject, 'BACKWARD_TRANSITIVE');
  fake.interfere.push(
    { status: 200, body: '{"compatibilityLevel":"BACKWARD_TRANSITIVE"}' },
    { status: 409, body: '{"error_code":409,"message":"field z has no default"}' },
  );

  await assert.rejects(
    connectRegistry({ url: fake.url }).register(subject, schema),
    (error) =>
      error instanceof SchemaError &&
      error.message.includes(subject) &&
      error.message.includes('field z has no default'),
  );
});

test('an invalid schema is a SchemaError', async () => {
  fake.interfere.push({ status: 200, body: '{"compatibilityLevel":"BACKWARD_TRANSITIVE"}' }, { status: 422 });

  await assert.rejects(connectRegistry({ url: fake.url }).register(subject, schema), SchemaError);
});

test('schemas of other kinds than Avro are SchemaErrors', async () => {
  for (const body of ['{"schema":"{}","schemaType":"JSON"}', '{"schema":"syntax = \\"proto3\\";"}']) {
    fake.interfere.push({ status: 200, body });
    await assert.rejects(connectRegistry({ url: fake.url }).byId(1), SchemaError);
  }
});

test('user and password are sent, from the options or the address, and shown nowhere', async () => {
  const inAddress = connectRegistry({ url: fake.url.replace('//', '//us%40er:p%2Fw-secret@') });
  const inOptions = connectRegistry({
    url: `${fake.url}/`,
    userInfo: fixedSecret('us@er:p/w-secret', { setting: 'test' }),
  });
  const expected = `Basic ${Buffer.from('us@er:p/w-secret').toString('base64')}`;

  for (const registry of [inAddress, inOptions]) {
    fake.calls.length = 0;
    await registry.ping();
    assert.equal(fake.calls[0]?.authorization, expected);
    assert.equal(registry.url, fake.url);
    fake.interfere.push({ status: 403 });
    const error = await registry.ping().catch((thrown: unknown) => thrown);
    assert.ok(!inspect(error, { depth: 9 }).includes('secret'));
  }
});

test('an address that is none is a UsageError without its password', () => {
  for (const url of ['localhost:8081', 'ftp://localhost', 'http://user:secret@[nonsense', '']) {
    assert.throws(
      () => connectRegistry({ url }),
      (error) => error instanceof UsageError && !inspect(error).includes('secret'),
    );
  }
});
