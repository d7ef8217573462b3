import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { InfrastructureError } from '../../../platform/errors.ts';
import { RebalanceError } from '../../../platform/kafka/kafka-error.ts';
import type { Log, LogBatch, LogConsumer } from '../../../platform/kafka/log.ts';
import {
  addPartitions,
  committedOffset,
  deleteRecordsBefore,
  deleteTopic,
  groupMemberCount,
} from '../../support/change-topic.ts';
import { useKafka } from '../../support/use-kafka.ts';
import { waitUntil } from '../../support/wait-until.ts';

const kafka = await useKafka();
const TEN_MINUTES_MS = 600_000;

/** Messages `0`, `1`, ... whose keys are spread over the partitions. */
async function fill(topic: string, count: number, from = 0): Promise<void> {
  const producer = await kafka.connect().producer();
  for (let index = from; index < from + count; index++)
    await producer.write({ topic, key: `key-${index}`, value: Buffer.from(String(index)) });
  await producer.close();
}

const valuesOf = (batch: LogBatch): number[] => batch.messages.map(({ value }) => Number(value));

/** Collects values until `count` different ones were seen. */
function collect(log: Log, topic: string, groupId: string) {
  const seen: number[] = [];
  const consumer = log.consumer({ groupId, topics: [topic] });
  const handle = async (batch: LogBatch): Promise<void> => {
    seen.push(...valuesOf(batch));
    await batch.commit(batch.nextOffset);
  };
  return {
    seen,
    consumer,
    handle,
    waitFor: (count: number) => waitUntil(() => new Set(seen).size >= count, consumer.failed),
  };
}

const range = (count: number): number[] => [...Array(count).keys()];
const sorted = (values: Iterable<number>): number[] => [...values].sort((a, b) => a - b);

test('a consumer reads everything once, and the next of its group goes on where it stopped', async () => {
  const topic = await kafka.createTopic({ partitions: 3 });
  await fill(topic, 100);
  const first = collect(kafka.connect(), topic, topic);
  await first.consumer.start(first.handle);
  await first.waitFor(100);
  await first.consumer.close();
  await fill(topic, 50, 100);
  const second = collect(kafka.connect(), topic, topic);
  await second.consumer.start(second.handle);
  await second.waitFor(50);
  await second.consumer.close();
  assert.deepEqual(sorted(first.seen), range(100));
  assert.deepEqual(sorted(second.seen), range(150).slice(100));
});

test('close does not wait for a fetch that waits for messages', async () => {
  const topic = await kafka.createTopic();
  const { consumer, handle } = collect(
    kafka.connect({ fetchWaitMs: TEN_MINUTES_MS, requestTimeoutMs: TEN_MINUTES_MS }),
    topic,
    topic,
  );
  await consumer.start(handle);
  await sleep(100);
  await consumer.close();
});

test('an empty partition is handed out once, to say where it stands', async () => {
  const topic = await kafka.createTopic();
  const batches: LogBatch[] = [];
  const consumer = kafka.connect({ fetchWaitMs: 20 }).consumer({ groupId: topic, topics: [topic] });
  await consumer.start(async (batch) => void batches.push(batch));
  await waitUntil(() => batches.length > 0, consumer.failed);
  await sleep(200);
  await consumer.close();
  assert.equal(batches.length, 1);
  const { fetchedOffset, nextOffset, highWatermark, messages } = batches[0]!;
  assert.deepEqual(
    { fetchedOffset, nextOffset, highWatermark, messages },
    { fetchedOffset: 0n, nextOffset: 0n, highWatermark: 0n, messages: [] },
  );
});

test('a partition whose handler takes long holds no other up', async () => {
  const topic = await kafka.createTopic({ partitions: 2 });
  await fill(topic, 40);
  const release = Promise.withResolvers<void>();
  const handled = new Map<number, number>();
  const consumer = kafka.connect({ fetchPartitionBytes: 1 }).consumer({ groupId: topic, topics: [topic] });
  let slow: number | undefined;
  await consumer.start(async (batch) => {
    slow ??= batch.partition;
    if (batch.partition === slow) return release.promise;
    handled.set(batch.partition, (handled.get(batch.partition) ?? 0) + batch.messages.length);
  });
  await fill(topic, 40, 40);
  await fill(topic, 40, 80);
  const admin = await kafka.connect().admin();
  const highs = (await admin.offsets(topic)).map(({ high }) => high);
  await admin.close();
  await waitUntil(() => BigInt(handled.get(1 - slow!) ?? 0) === highs[1 - slow!], consumer.failed);
  assert.equal(handled.has(slow!), false);
  release.resolve();
  await consumer.close();
});

test('a handler that throws has its batch delivered again, and later ones wait for it', async () => {
  const topic = await kafka.createTopic();
  await fill(topic, 10);
  const seen: number[][] = [];
  const consumer = kafka.connect().consumer({ groupId: topic, topics: [topic] });
  await consumer.start(async (batch) => {
    seen.push(valuesOf(batch));
    if (seen.length < 3) throw new Error('database away');
  });
  await waitUntil(() => seen.length === 3, consumer.failed);
  await consumer.close();
  assert.deepEqual(seen, [range(10), range(10), range(10)]);
});

test('seek goes back, and forward', async () => {
  const topic = await kafka.createTopic();
  await fill(topic, 10);
  const seen: number[] = [];
  let isBack = false;
  const consumer = kafka.connect().consumer({ groupId: topic, topics: [topic] });
  await consumer.start(async (batch) => {
    seen.push(...valuesOf(batch));
    if (!isBack && seen.length > 0) {
      isBack = true;
      batch.seek(7n);
    }
  });
  await waitUntil(() => seen.length === 13, consumer.failed);
  await consumer.close();
  assert.deepEqual(seen, [...range(10), 7, 8, 9]);
});

test('commits show in Kafka', async () => {
  const topic = await kafka.createTopic();
  await fill(topic, 10);
  const { consumer, handle, waitFor } = collect(kafka.connect(), topic, topic);
  await consumer.start(handle);
  await waitFor(10);
  await consumer.close();
  assert.equal(await committedOffset(kafka, topic, topic, 0), 10n);
});

test('members that come and go share the partitions, and nothing is left out', async () => {
  const topic = await kafka.createTopic({ partitions: 4 });
  const group = Array.from({ length: 3 }, () => collect(kafka.connect(), topic, topic));
  const all = (): Set<number> => new Set(group.flatMap(({ seen }) => seen));
  const failed = Promise.race(group.map(({ consumer }) => consumer.failed));
  let written = 0;
  for (const { consumer, handle } of group) {
    await consumer.start(handle);
    await fill(topic, 100, written);
    written += 100;
  }
  await waitUntil(() => all().size === written, failed);
  const before = group[2]!.seen.length;
  await fill(topic, 100, written);
  written += 100;
  await waitUntil(() => all().size === written && group[2]!.seen.length > before, failed);
  await group[0]!.consumer.close();
  await fill(topic, 100, written);
  written += 100;
  await waitUntil(() => all().size === written, failed);
  await Promise.all(group.map(({ consumer }) => consumer.close()));
  assert.deepEqual(sorted(all()), range(written));
});

test('a rebalance takes the partition away from its handler: isActive is false and heartbeat throws', async () => {
  const topic = await kafka.createTopic({ partitions: 2 });
  await fill(topic, 20);
  let lost = 0;
  const first = kafka.connect().consumer({ groupId: topic, topics: [topic] });
  await first.start(async (batch) => {
    while (batch.isActive()) await sleep(10);
    await assert.rejects(batch.heartbeat(), RebalanceError);
    lost++;
    await batch.heartbeat();
  });
  const second = collect(kafka.connect(), topic, topic);
  await second.consumer.start(second.handle);
  await waitUntil(() => lost === 2, first.failed);
  await first.close();
  await second.waitFor(20);
  await second.consumer.close();
});

test('a handler that waits for longer than the session, with heartbeats, keeps its partition', async () => {
  const topic = await kafka.createTopic();
  await fill(topic, 10);
  // The least that a broker allows by default.
  const SESSION_MS = 6_000;
  const log = kafka.connect({ sessionTimeoutMs: SESSION_MS });
  let handed = 0;
  let wasActive = false;
  const consumer = log.consumer({ groupId: topic, topics: [topic] });
  await consumer.start(async (batch) => {
    handed++;
    for (const until = Date.now() + SESSION_MS + 1_500; Date.now() < until;) {
      await sleep(100);
      await batch.heartbeat();
    }
    wasActive = batch.isActive();
  });
  await waitUntil(() => wasActive, consumer.failed);
  await consumer.close();
  assert.equal(handed, 1);
});

test('a handler that gives no sign of life loses its partition to another member, and its own gets it back after it ends', async () => {
  const topic = await kafka.createTopic();
  await fill(topic, 10);
  const release = Promise.withResolvers<void>();
  let calls = 0;
  const stuck = kafka.connect({ handlerTimeoutMs: 300 }).consumer({ groupId: topic, topics: [topic] });
  await stuck.start(async () => {
    if (++calls === 1) await release.promise;
  });
  await waitUntil(() => calls === 1, stuck.failed);
  const other = collect(kafka.connect(), topic, topic);
  await other.consumer.start(other.handle);
  await other.waitFor(10);
  assert.equal(calls, 1);
  await other.consumer.close();
  release.resolve();
  await waitUntil(() => calls > 1, stuck.failed);
  await stuck.close();
});

test('a member that closes while it waits to join leaves the group at once', async () => {
  const topic = await kafka.createTopic();
  await fill(topic, 10);
  const release = Promise.withResolvers<void>();
  let isRunning = false;
  const first = kafka.connect().consumer({ groupId: topic, topics: [topic] });
  await first.start(async () => {
    isRunning = true;
    await release.promise;
  });
  await waitUntil(() => isRunning, first.failed);
  const second = kafka.connect().consumer({ groupId: topic, topics: [topic] });
  const starting = second.start(async () => {});
  while ((await groupMemberCount(kafka, topic)) < 2) await sleep(50);
  await second.close();
  await starting;
  assert.equal(await groupMemberCount(kafka, topic), 1);
  release.resolve();
  await first.close();
});

test('close lets a running handler finish and its commit count', async () => {
  const topic = await kafka.createTopic();
  await fill(topic, 10);
  const started = Promise.withResolvers<void>();
  let isDone = false;
  const consumer = kafka.connect().consumer({ groupId: topic, topics: [topic] });
  await consumer.start(async (batch) => {
    started.resolve();
    await sleep(300);
    await batch.commit(batch.nextOffset);
    isDone = true;
  });
  await started.promise;
  await consumer.close();
  assert.equal(isDone, true);
  assert.equal(await committedOffset(kafka, topic, topic, 0), 10n);
});

test('a consumer that is closed leaves its group in time, whatever its handler does', async () => {
  const topic = await kafka.createTopic();
  await fill(topic, 10);
  const [started, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const stuck = kafka.connect({ closeTimeoutMs: 300 }).consumer({ groupId: topic, topics: [topic] });
  await stuck.start(async () => {
    started.resolve();
    await release.promise;
  });
  await started.promise;
  let isClosed = false;
  const closing = stuck.close().then(() => (isClosed = true));
  const other = collect(kafka.connect(), topic, topic);
  await other.consumer.start(other.handle);
  // Without it the other one would wait for the end of the session.
  await other.waitFor(10);
  assert.equal(await groupMemberCount(kafka, topic), 1);
  assert.equal(isClosed, false);
  release.resolve();
  await closing;
  await other.consumer.close();
});

test('partitions that are added are read, too', async () => {
  const topic = await kafka.createTopic({ partitions: 1 });
  const { consumer, handle, waitFor, seen } = collect(kafka.connect({ metadataMaxAgeMs: 200 }), topic, topic);
  await consumer.start(handle);
  await addPartitions(kafka, topic, 4);
  await fill(topic, 60);
  await waitFor(60);
  await consumer.close();
  assert.deepEqual(sorted(new Set(seen)), range(60));
});

test('a position before the log begins goes on at its beginning', async () => {
  const topic = await kafka.createTopic();
  await fill(topic, 10);
  await deleteRecordsBefore(kafka, topic, 0, 6n);
  const fetched: bigint[] = [];
  const seen: number[] = [];
  const consumer = kafka.connect().consumer({ groupId: topic, topics: [topic] });
  await consumer.start(async (batch) => {
    fetched.push(batch.fetchedOffset);
    if (fetched.length === 1) return batch.seek(2n);
    seen.push(...valuesOf(batch));
  });
  await waitUntil(() => seen.length === 4, consumer.failed);
  await consumer.close();
  assert.deepEqual(fetched, [6n, 6n]);
  assert.deepEqual(seen, [6, 7, 8, 9]);
});

test('a log all of whose records have aged out is announced at its end', async () => {
  const topic = await kafka.createTopic();
  await fill(topic, 10);
  await deleteRecordsBefore(kafka, topic, 0, 10n);
  const fetched: bigint[] = [];
  const consumer = kafka.connect().consumer({ groupId: topic, topics: [topic] });
  await consumer.start(async (batch) => {
    fetched.push(batch.fetchedOffset);
    if (fetched.length === 1) batch.seek(3n);
  });
  await waitUntil(() => fetched.length === 2, consumer.failed);
  await consumer.close();
  assert.deepEqual(fetched, [10n, 10n]);
});

const isReplaced = (error: unknown): boolean =>
  error instanceof InfrastructureError && error.code === 'CS_LOG_REPLACED';

test('a position beyond the end of the log fails the consumer: it is not the log that was read', async () => {
  const topic = await kafka.createTopic();
  await fill(topic, 10);
  const consumer = kafka.connect().consumer({ groupId: topic, topics: [topic] });
  await consumer.start(async (batch) => batch.seek(1_000n));
  await assert.rejects(consumer.failed, isReplaced);
  await consumer.close();
});

test('a topic that is deleted and made anew while it is read fails the consumer', async () => {
  const topic = await kafka.createTopic();
  const { consumer, handle } = collect(kafka.connect({ metadataMaxAgeMs: 100 }), topic, topic);
  await consumer.start(handle);
  await deleteTopic(kafka, topic);
  const admin = await kafka.connect().admin();
  await admin.ensureTopics([{ name: topic, partitions: 1, replicationFactor: 1, config: {} }]);
  await admin.close();
  await fill(topic, 10);
  await assert.rejects(consumer.failed, isReplaced);
  await consumer.close();
});

test('a topic that is not there fails the start, with its name', async () => {
  const consumer: LogConsumer = kafka
    .connect({ startTimeoutMs: 300 })
    .consumer({ groupId: 'nobody', topics: ['not-there'] });
  const isMissing = (error: unknown): boolean =>
    error instanceof InfrastructureError && error.message.includes('topic not-there is not there');
  await assert.rejects(
    consumer.start(async () => {}),
    isMissing,
  );
  await assert.rejects(consumer.failed, isMissing);
  await consumer.close();
});

test('a consumer that was never started closes', async () => {
  await kafka
    .connect()
    .consumer({ groupId: 'nobody', topics: ['any'] })
    .close();
});
