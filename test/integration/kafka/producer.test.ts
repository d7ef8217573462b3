import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InfrastructureError, RecordError } from '../../../platform/errors.ts';
import type { KafkaConfig } from '../../../platform/kafka/kafka-config.ts';
import type { LogPosition } from '../../../platform/kafka/log.ts';
import { partitionOf } from '../../../platform/kafka/murmur2.ts';
import { readTopic } from '../../support/read-topic.ts';
import { TcpProxy } from '../../support/tcp-proxy.ts';
import { useKafka } from '../../support/use-kafka.ts';

const kafka = await useKafka();
const bytes = (text: string) => Buffer.from(text);

test('every message stands where its acknowledgement says, in the partition of its key, in the order of writing', async () => {
  const topic = await kafka.createTopic({ partitions: 4 });
  const producer = await kafka.connect({ maxBatchBytes: 2_000 }).producer();
  const acknowledged = new Map<string, LogPosition>();
  for (let index = 0; index < 500; index++) {
    await producer.write({ topic, key: `key-${index % 50}`, value: bytes(`value-${index}`) }, (position) =>
      acknowledged.set(`value-${index}`, position),
    );
  }
  await producer.flush();
  assert.equal(acknowledged.size, 500);
  await producer.close();

  const found = await readTopic(kafka, topic);
  assert.equal(found.length, 500);
  const lastIndex = new Map<number, number>();
  for (const { partition, offset, key, value } of found) {
    assert.deepEqual(acknowledged.get(value), { topic, partition, offset });
    assert.equal(partition, partitionOf(key, 4));
    const index = Number(value.slice('value-'.length));
    assert.ok(index > (lastIndex.get(partition) ?? -1));
    lastIndex.set(partition, index);
  }
});

for (const compression of ['none', 'gzip', 'zstd'] satisfies KafkaConfig['compression'][]) {
  test(`messages come back as they were written, with compression ${compression}`, async () => {
    const topic = await kafka.createTopic();
    const producer = await kafka.connect({ compression }).producer();
    const value = Buffer.from([0, 255, 0, 1, 2, 3]);
    await producer.write({
      topic,
      key: 'schlüssel',
      value,
      headers: { ce_type: 'cartography.aws.ec2.Instance', raw: Buffer.from('ü') },
    });
    await producer.write({ topic, key: 'gone', value: null });
    await producer.close();
    const [first, second] = await readTopic(kafka, topic);
    assert.equal(first?.key, 'schlüssel');
    assert.deepEqual(first?.bytes, value);
    assert.deepEqual(first?.headers, { ce_type: 'cartography.aws.ec2.Instance', raw: 'ü' });
    assert.equal(second?.bytes, null);
  });
}

test('a message beyond maxMessageBytes is refused by itself, and the others arrive', async () => {
  const topic = await kafka.createTopic();
  const producer = await kafka.connect({ maxMessageBytes: 10_000 }).producer();
  await producer.write({ topic, key: 'a', value: bytes('before') });
  await assert.rejects(
    async () => producer.write({ topic, key: 'large', value: Buffer.alloc(10_000) }),
    (error: unknown) => {
      assert.ok(error instanceof RecordError);
      assert.match(error.message, /"large".* has 100\d\d bytes; at most 10000 are allowed \(maxMessageBytes\)/);
      return true;
    },
  );
  await producer.write({ topic, key: 'a', value: bytes('after') });
  await producer.close();
  assert.deepEqual(
    (await readTopic(kafka, topic)).map(({ value }) => value),
    ['before', 'after'],
  );
});

test('a batch that the topic finds too large is sent in parts', async () => {
  const topic = await kafka.createTopic({ config: { 'max.message.bytes': '5000' } });
  const producer = await kafka.connect({ compression: 'none', lingerMs: 1_000 }).producer();
  const values = Array.from({ length: 20 }, (_, index) => String(index).padEnd(1_000, '.'));
  for (const value of values) await producer.write({ topic, key: 'a', value: bytes(value) });
  await producer.close();
  assert.deepEqual(
    (await readTopic(kafka, topic)).map(({ value }) => value),
    values,
  );
});

test('a single message that the topic finds too large ends the producer with the settings to change', async () => {
  const topic = await kafka.createTopic({ config: { 'max.message.bytes': '5000' } });
  const producer = await kafka.connect({ compression: 'none' }).producer();
  await producer.write({ topic, key: 'a', value: Buffer.alloc(6_000) });
  const isTooLarge = (error: unknown): boolean =>
    error instanceof InfrastructureError && /max\.message\.bytes .* maxMessageBytes/.test(error.message);
  await assert.rejects(producer.flush(), isTooLarge);
  await assert.rejects(async () => producer.write({ topic, key: 'b', value: null }), isTooLarge);
  await assert.rejects(producer.close(), isTooLarge);
});

test('a topic that is not there is told with its name, and does not end the producer', async () => {
  const topic = await kafka.createTopic();
  const producer = await kafka.connect({ startTimeoutMs: 300 }).producer();
  await assert.rejects(
    async () => producer.write({ topic: 'not-there', key: 'a', value: null }),
    /topic not-there is not there\. Create the topic/,
  );
  await producer.write({ topic, key: 'a', value: bytes('1') });
  await producer.close();
  assert.equal((await readTopic(kafka, topic)).length, 1);
});

test('write waits while more than maxQueueBytes is unacknowledged', async () => {
  const topic = await kafka.createTopic();
  const proxy = await TcpProxy.start(kafka.address);
  const producer = await kafka
    .connect({ maxQueueBytes: 10_000, resolveAddress: () => ({ host: '127.0.0.1', port: proxy.port }) })
    .producer();
  await producer.write({ topic, key: 'a', value: Buffer.alloc(9_000) });
  await producer.flush();
  proxy.pause();
  await producer.write({ topic, key: 'a', value: Buffer.alloc(9_000) });
  let hasRoom = false;
  let isAcknowledged = false;
  const write = producer
    .write({ topic, key: 'b', value: Buffer.alloc(9_000) }, () => (isAcknowledged = true))
    ?.then(() => (hasRoom = true));
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(hasRoom, false);
  proxy.resume();
  await write;
  assert.equal(isAcknowledged || hasRoom, true);
  await producer.close();
  assert.equal((await readTopic(kafka, topic)).length, 3);
  await proxy.close();
});

test('a producer that cannot deliver in time gives up, and everything that waits hears why', async () => {
  const topic = await kafka.createTopic();
  const proxy = await TcpProxy.start(kafka.address);
  const producer = await kafka
    .connect({
      deliveryTimeoutMs: 500,
      connectTimeoutMs: 200,
      maxQueueBytes: 10_000,
      resolveAddress: () => ({ host: '127.0.0.1', port: proxy.port }),
    })
    .producer();
  await producer.write({ topic, key: 'a', value: bytes('1') });
  await producer.flush();
  await proxy.refuse();
  const isGivenUp = (error: unknown): boolean => {
    assert.ok(error instanceof InfrastructureError);
    assert.equal(error.code, 'CS_KAFKA');
    assert.ok(error.message.includes(kafka.bootstrapServers[0]!), error.message);
    assert.ok(error.message.includes(topic), error.message);
    return true;
  };
  let acknowledged = 0;
  await producer.write({ topic, key: 'a', value: Buffer.alloc(9_000) }, () => acknowledged++);
  await Promise.all([
    assert.rejects(
      async () => producer.write({ topic, key: 'a', value: Buffer.alloc(9_000) }, () => acknowledged++),
      isGivenUp,
    ),
    assert.rejects(producer.flush(), isGivenUp),
  ]);
  await assert.rejects(async () => producer.write({ topic, key: 'a', value: null }), isGivenUp);
  await assert.rejects(producer.close(), isGivenUp);
  assert.equal(acknowledged, 0);
  await proxy.close();
});

test('flush and close of a producer that has nothing to do resolve, and a closed one takes nothing', async () => {
  const producer = await kafka.connect().producer();
  await producer.flush();
  await producer.close();
  await producer.close();
  await assert.rejects(async () => producer.write({ topic: 'any', key: 'a', value: null }), /closed/);
});
