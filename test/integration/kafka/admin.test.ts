import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { InfrastructureError } from '../../../platform/errors.ts';
import { deleteRecordsBefore, deleteTopic, readTopicConfig } from '../../support/change-topic.ts';
import { useKafka } from '../../support/use-kafka.ts';

const kafka = await useKafka();
const admin = await kafka.connect().admin();
after(() => admin.close());

const spec = (name: string) => ({
  name,
  partitions: 3,
  replicationFactor: 1,
  config: { 'cleanup.policy': 'compact,delete' },
});

test('topics that are missing are created with their configuration, others are left alone', async () => {
  const [one, two] = [`ensure-1-${Date.now()}`, `ensure-2-${Date.now()}`];
  assert.deepEqual(await admin.ensureTopics([spec(one)]), [one]);
  assert.deepEqual(await admin.ensureTopics([{ ...spec(one), partitions: 7 }, spec(two)]), [two]);
  assert.equal((await admin.offsets(one)).length, 3);
  assert.equal(await readTopicConfig(kafka, two, 'cleanup.policy'), 'compact,delete');
});

test('several clients may create the same topics at the same time, and each is named once', async () => {
  const names = Array.from({ length: 4 }, (_, index) => `race-${index}-${Date.now()}`);
  const admins = await Promise.all(Array.from({ length: 5 }, () => kafka.connect().admin()));
  const created = await Promise.all(admins.map((one) => one.ensureTopics(names.map(spec))));
  assert.deepEqual(created.flat().sort(), names);
  await Promise.all(admins.map((one) => one.close()));
});

test('a new topic can be written to and read at once', async () => {
  const name = `at-once-${Date.now()}`;
  await admin.ensureTopics([spec(name)]);
  const producer = await kafka.connect().producer();
  await producer.write({ topic: name, key: 'a', value: Buffer.from('1') });
  await producer.close();
  const highs = (await admin.offsets(name)).map(({ high }) => high);
  assert.equal(
    highs.reduce((sum, high) => sum + high),
    1n,
  );
});

test('a replication factor beyond the number of brokers is refused with both numbers', async () => {
  await assert.rejects(
    admin.ensureTopics([{ ...spec(`replicas-${Date.now()}`), replicationFactor: 77 }]),
    (error: unknown) => {
      assert.ok(error instanceof InfrastructureError);
      assert.match(error.message, /replication factor of 77: the cluster has \d+ broker/);
      return true;
    },
  );
});

test('a configuration that Kafka does not know is refused with the configuration', async () => {
  await assert.rejects(
    admin.ensureTopics([{ ...spec(`config-${Date.now()}`), config: { 'cleanup.policy': 'sweep' } }]),
    /refuses its configuration {"cleanup.policy":"sweep"}/,
  );
});

test('a topic keeps its id, and the topic that takes its place has another', async () => {
  const name = await kafka.createTopic();
  const first = (await admin.topicIds([name, 'not-there'])).get(name);
  assert.match(first ?? '', /^[\w-]{22}$/);
  assert.deepEqual(await admin.topicIds([name, 'not-there']), new Map([[name, first]]));
  await deleteTopic(kafka, name);
  await admin.ensureTopics([spec(name)]);
  const second = (await admin.topicIds([name])).get(name);
  assert.match(second ?? '', /^[\w-]{22}$/);
  assert.notEqual(second, first);
});

test('offsets tell where a partition begins and ends', async () => {
  const topic = await kafka.createTopic();
  assert.deepEqual(await admin.offsets(topic), [{ partition: 0, low: 0n, high: 0n }]);
  const producer = await kafka.connect().producer();
  for (let index = 0; index < 5; index++) await producer.write({ topic, key: 'a', value: Buffer.from('1') });
  await producer.close();
  await deleteRecordsBefore(kafka, topic, 0, 2n);
  assert.deepEqual(await admin.offsets(topic), [{ partition: 0, low: 2n, high: 5n }]);
});

test('a group that has committed is known when its members are gone, one that never has is not', async () => {
  const topic = await kafka.createTopic({ partitions: 2 });
  const groupId = `${topic}-group`;
  assert.equal(await admin.hasCommitted(groupId, [topic]), false);
  const producer = await kafka.connect().producer();
  await producer.write({ topic, key: 'a', value: Buffer.from('1') });
  await producer.close();
  const consumer = kafka.connect().consumer({ groupId, topics: [topic] });
  const { promise: committed, resolve } = Promise.withResolvers<void>();
  await consumer.start(async (batch) => {
    if (batch.messages.length > 0) await batch.commit(batch.nextOffset).then(resolve);
  });
  await committed;
  await consumer.close();
  assert.equal(await admin.memberCount(groupId), 0);
  assert.equal(await admin.hasCommitted(groupId, [topic]), true);
  assert.equal(await admin.hasCommitted(groupId, [await kafka.createTopic()]), false);
});
