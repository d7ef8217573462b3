import assert from 'node:assert/strict';
import { test } from 'node:test';

import { InfrastructureError, RecordError } from '../../../platform/errors.ts';
import type { LogPosition, LogProducer } from '../../../platform/kafka/log.ts';
import { openScopeWriter } from '../../../producers/scope-writer.ts';
import { fakeRun, topics, updateTag } from '../../support/fake-run.ts';

const vpc = 'cartography.aws.ec2.Vpc';
const subnet = 'cartography.aws.ec2.Subnet';
const scope = '111122223333/eu-west-1/ec2:vpc';

async function openWriter(overrides: { producer?: LogProducer; recordTypes?: readonly string[] } = {}) {
  const fake = await fakeRun();
  const writer = openScopeWriter({
    producer: fake.run.producer,
    encoder: fake.run.encoder,
    catalogue: fake.run.catalogue,
    logger: fake.run.logger,
    topic: topics.assets,
    scope,
    envelope: { accountId: '111122223333', region: 'eu-west-1', updateTag },
    recordTypes: [vpc],
    updateTag,
    source: 'urn:aws:111122223333:eu-west-1',
    traceparent: fake.run.trace.startSpan(),
    ...overrides,
  });
  return { ...fake, writer };
}

test('a record gets its envelope, its key and CloudEvents headers', async () => {
  const { writer, read } = await openWriter();
  await writer.write({ type: vpc, value: { VpcId: 'vpc-1', State: 'available' } });
  await writer.end();
  const [message] = await read(topics.assets);
  assert.equal(message?.key, `${vpc}|${scope}|vpc-1`);
  assert.deepEqual(
    [message?.value['accountId'], message?.value['region'], message?.value['updateTag'], message?.value['State']],
    ['111122223333', 'eu-west-1', updateTag, 'available'],
  );
  const { ce_time: time, traceparent, ...headers } = message?.headers ?? {};
  assert.deepEqual(headers, {
    ce_specversion: '1.0',
    ce_id: `${updateTag}|${vpc}|vpc-1`,
    ce_source: 'urn:aws:111122223333:eu-west-1',
    ce_type: vpc,
    'content-type': 'application/avro',
    scope,
    tag: String(updateTag),
  });
  assert.equal(new Date(time ?? '').toISOString(), time);
  assert.match(traceparent ?? '', /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
});

test('a collector cannot overwrite the envelope', async () => {
  const { writer, read } = await openWriter();
  await writer.write({ type: vpc, value: { VpcId: 'vpc-1', accountId: '999999999999' } });
  await writer.end();
  assert.equal((await read(topics.assets))[0]?.value['accountId'], '111122223333');
});

test('ids are counted once, types without records are there, and the vector ends after the last record of each partition', async () => {
  const { writer, log } = await openWriter({ recordTypes: [vpc, subnet] });
  log.append({ topic: topics.assets, key: 'someone else', value: null }, 1);
  for (const id of [1, 2, 3, 4, 5, 6, 7, 8, 3]) await writer.write({ type: vpc, value: { VpcId: `vpc-${id}` } });
  assert.equal(writer.written, 9);
  const { recordTypes, offsets, withheld } = await writer.end();
  assert.deepEqual(recordTypes, [
    { name: vpc, records: 8, complete: true, withheld: [] },
    { name: subnet, records: 0, complete: true, withheld: [] },
  ]);
  assert.equal(withheld, undefined);
  const expected = log
    .partitionsOf(topics.assets)
    .map((messages, partition) => ({ topic: topics.assets, partition, offset: messages.length }))
    .filter(({ offset, partition }) => offset > (partition === 1 ? 1 : 0));
  assert.deepEqual(offsets.toArray(), expected);
});

test('a record that its schema refuses is withheld by its id, and the scope goes on', async () => {
  const { writer, read } = await openWriter();
  await writer.write({ type: vpc, value: { VpcId: 'vpc-bad', State: 42 } });
  await writer.write({ type: vpc, value: { VpcId: 'vpc-good' } });
  const { recordTypes, withheld } = await writer.end();
  assert.deepEqual(recordTypes, [{ name: vpc, records: 1, complete: true, withheld: ['vpc-bad'] }]);
  assert.match(withheld ?? '', /State/);
  assert.equal((await read(topics.assets)).length, 1);
});

test('a record without an id withholds its whole type', async () => {
  const { writer } = await openWriter();
  await writer.write({ type: vpc, value: { State: 'available' } });
  const { recordTypes } = await writer.end();
  assert.deepEqual(recordTypes, [{ name: vpc, records: 0, complete: false, withheld: [] }]);
});

test('a record that is too large for the log is withheld', async () => {
  const inner = await (await fakeRun()).log.producer();
  const producer: LogProducer = {
    ...inner,
    write: async (message, onAcknowledged) => {
      if ((message.value?.length ?? 0) > 1000) throw new RecordError('the message is too large');
      return inner.write(message, onAcknowledged);
    },
  };
  const { writer } = await openWriter({ producer });
  await writer.write({ type: vpc, value: { VpcId: 'vpc-big', State: 'x'.repeat(2000) } });
  await writer.write({ type: vpc, value: { VpcId: 'vpc-small' } });
  assert.deepEqual((await writer.end()).recordTypes[0]?.withheld, ['vpc-big']);
});

test('very many withheld records withhold the type, so that the marker stays small', async () => {
  const { writer } = await openWriter();
  for (let id = 0; id <= 1000; id++) writer.withhold(vpc, 'denied', `vpc-${id}`);
  const { recordTypes, withheld } = await writer.end();
  assert.deepEqual(recordTypes, [{ name: vpc, records: 0, complete: false, withheld: [] }]);
  assert.match(withheld ?? '', /^1001 withheld/);
});

test('a type that the sync did not announce is an error', async () => {
  const { writer } = await openWriter();
  await assert.rejects(async () => writer.write({ type: subnet, value: { SubnetId: 'subnet-1' } }), /announces/);
  assert.throws(() => writer.withhold(subnet, 'denied'), /announces/);
});

test('the end waits for acknowledgements that come late', async () => {
  const waiting: (() => void)[] = [];
  const producer: LogProducer = {
    write: async ({ topic }, onAcknowledged) => {
      const position: LogPosition = { topic, partition: 0, offset: BigInt(waiting.length) };
      waiting.push(() => onAcknowledged?.(position));
    },
    flush: async () => {
      await new Promise((resolve) => setImmediate(resolve));
      for (const acknowledge of waiting) acknowledge();
    },
    close: async () => {},
  };
  const { writer } = await openWriter({ producer });
  await writer.write({ type: vpc, value: { VpcId: 'vpc-1' } });
  await writer.write({ type: vpc, value: { VpcId: 'vpc-2' } });
  assert.deepEqual((await writer.end()).offsets.toArray(), [{ topic: topics.assets, partition: 0, offset: 2 }]);
});

test('a missing acknowledgement is an error, never a marker', async () => {
  const producer: LogProducer = { write: async () => {}, flush: async () => {}, close: async () => {} };
  const { writer } = await openWriter({ producer });
  await writer.write({ type: vpc, value: { VpcId: 'vpc-1' } });
  await assert.rejects(writer.end(), InfrastructureError);
});
