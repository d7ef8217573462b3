import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { Ajv, type AnySchema } from 'ajv';
import { parse } from 'yaml';

import { shardsTopicSpec, topicSpecs } from '../../../platform/topics.ts';
import { renderAsyncApi } from '../../../scripts/generate/render-asyncapi.ts';
import { fullName, type AvroRecord } from '../../../schemas/avro-schema.ts';
import { avroType } from '../../../schemas/avro-type.ts';
import { loadCatalogue } from '../../../schemas/catalogue.ts';
import { assetScope, hierarchyScope, recordKey } from '../../../schemas/scope.ts';

interface Document {
  channels: Record<string, { address: string; messages: Record<string, { $ref: string }>; bindings: Bindings }>;
  components: { messages: Record<string, Message> };
}
interface Message {
  payload: { schemaFormat: string; schema: { $ref: string } };
  bindings: Bindings;
}
interface Bindings {
  kafka: { key: { pattern: string }; partitions: number; topicConfiguration: Record<string, unknown> };
}

const root = new URL('../../../', import.meta.url);
const catalogue = loadCatalogue();
const document = parse(renderAsyncApi(catalogue)) as Document;
const { channels, components } = document;
// All of AsyncAPI's own JSON schemas in one, https://github.com/asyncapi/spec-json-schemas. AsyncAPI's parser would bring 170
// packages, one of which reports each installation; it finds nothing wrong with this document either.
const specification = createRequire(import.meta.url)('@asyncapi/specs/schemas/3.0.0.json') as AnySchema;
// It brings its own copy of JSON schema's, which ajv otherwise adds.
const isAsyncApi = new Ajv({ strict: false, validateFormats: false, meta: false, validateSchema: false }).compile(
  specification,
);

test('asyncapi.yaml is a document of AsyncAPI 3.0, by its own JSON schemas', () => {
  assert.ok(isAsyncApi(document), JSON.stringify(isAsyncApi.errors?.slice(0, 3), null, 2));
});

test('AsyncAPI’s JSON schemas, as they are used here, see what is wrong', () => {
  const broken = structuredClone(document) as { channels: Record<string, Record<string, unknown>> };
  broken.channels['assets']!['adress'] = 'a misspelt field';
  assert.ok(!isAsyncApi(broken));

  const wrongBinding = structuredClone(document);
  Object.assign(wrongBinding.channels['assets']!.bindings.kafka, { partitions: 0 });
  assert.ok(!isAsyncApi(wrongBinding));
});

test('every reference leads to something', () => {
  const wrong = referencesIn(document).filter((reference) => {
    if (!reference.startsWith('#/')) return !readFileSync(new URL(reference, root), 'utf8').startsWith('{');
    const target = reference.slice(2).split('/');
    return target.reduce<unknown>((value, name) => (value as Record<string, unknown>)?.[name], document) === undefined;
  });
  assert.deepEqual(wrong, []);
});

test('the channels are the topics, with their partitions and cleanup policies', () => {
  const described = Object.values(channels).map(({ address, bindings: { kafka } }) => [
    address,
    kafka.partitions,
    (kafka.topicConfiguration['cleanup.policy'] as string[]).join(','),
  ]);
  const created = [...topicSpecs(), shardsTopicSpec()].map(({ name, partitions, config }) => [
    name,
    partitions,
    config['cleanup.policy'],
  ]);
  assert.deepEqual(described.sort(), created.sort());
});

test('every record type and marker is the message of one channel, with its Avro schema', () => {
  const messages = Object.values(channels).flatMap((channel) => Object.keys(channel.messages));
  assert.deepEqual(messages.filter((name) => name !== 'DeadLetter').sort(), [...catalogue.avroByName().keys()].sort());
  for (const [name, { payload }] of Object.entries(components.messages)) {
    if (name === 'DeadLetter') continue;
    assert.equal(payload.schemaFormat, 'application/vnd.apache.avro;version=1.9.0');
    const avro = JSON.parse(readFileSync(new URL(payload.schema.$ref, root), 'utf8')) as AvroRecord;
    assert.equal(fullName(avro), name);
    assert.equal(avroType(avro).typeName, 'record');
  }
});

test('the pattern of a record type takes its keys and no others', () => {
  for (const { name, kind, sync } of catalogue.all()) {
    const pattern = new RegExp(components.messages[name]!.bindings.kafka.key.pattern);
    const scope = kind === 'asset' ? assetScope('111122223333', 'eu-west-1', sync) : hierarchyScope('o-abcdefghij');
    assert.match(recordKey(name, scope, 'arn:aws:iam::111122223333:role/a|b'), pattern);
    assert.doesNotMatch(recordKey(`${name}s`, scope, 'x'), pattern);
    assert.doesNotMatch(recordKey(name, 'organization', 'x'), pattern);
  }
});

function referencesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => (name === '$ref' ? [inner as string] : referencesIn(inner)));
}
