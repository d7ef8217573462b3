import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contentOf } from '../../../consumers/graph/content.ts';
import { avroType } from '../../../schemas/avro-type.ts';
import { loadCatalogue } from '../../../schemas/catalogue.ts';
import { parseRecordSchema } from '../../../schemas/record-schema.ts';

const catalogue = loadCatalogue();
const type = 'cartography.aws.ec2.InstanceSubnet';
const schema = catalogue.get(type)!;
const avro = catalogue.avro(type)!;
const record = { accountId: '111122223333', region: 'eu-west-1', updateTag: 1_767_225_600, SubnetId: 'subnet-1' };

function messageOf(value: object, schemaId = 7): Buffer {
  const head = Buffer.from([0, 0, 0, 0, schemaId]);
  return Buffer.concat([head, avroType(avro).toBuffer(value)]);
}

const content = contentOf(schema, messageOf(record));

test('the content of a record does not depend on its tag', () => {
  for (const updateTag of [0, 1, 63, 64, 1_767_225_601, 2 ** 40])
    assert.equal(contentOf(schema, messageOf({ ...record, updateTag })), content);
});

test('another value or another schema is another content', () => {
  assert.notEqual(contentOf(schema, messageOf({ ...record, SubnetId: 'subnet-2' })), content);
  assert.notEqual(contentOf(schema, messageOf(record, 8)), content);
});

test('long texts in the envelope are passed over', () => {
  const region = 'r'.repeat(20_000);
  assert.equal(contentOf(schema, messageOf({ ...record, region })), content);
});

test('every schema of the catalogue begins with its envelope, so that unchanged records are known as such', () => {
  for (const one of catalogue.all())
    assert.notEqual(contentOf(one, Buffer.concat([Buffer.alloc(5), Buffer.alloc(40)])), null, one.name);
});

test('a schema that has its envelope elsewhere gives no content', () => {
  const [first, ...others] = avro.fields;
  const turned = parseRecordSchema({ ...avro, fields: [...others, first!] });
  assert.equal(contentOf(turned, messageOf(record)), null);
});
