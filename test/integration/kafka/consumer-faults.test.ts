import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { KafkaConfig } from '../../../platform/kafka/kafka-config.ts';
import type { LogBatch } from '../../../platform/kafka/log.ts';
import { TcpProxy } from '../../support/tcp-proxy.ts';
import { useKafka } from '../../support/use-kafka.ts';
import { waitUntil } from '../../support/wait-until.ts';

const kafka = await useKafka();

/** A consumer behind a proxy, with a producer that is not. */
async function setUp(config: Partial<KafkaConfig> = {}) {
  const topic = await kafka.createTopic({ partitions: 3 });
  const proxy = await TcpProxy.start(kafka.address);
  const producer = await kafka.connect().producer();
  const log = kafka.connect({
    connectTimeoutMs: 500,
    requestTimeoutMs: 800,
    resolveAddress: () => ({ host: '127.0.0.1', port: proxy.port }),
    ...config,
  });
  const consumer = log.consumer({ groupId: topic, topics: [topic] });
  const seen = new Set<number>();
  let written = 0;
  return {
    proxy,
    consumer,
    seen,
    handle: async (batch: LogBatch): Promise<void> => {
      for (const { value } of batch.messages) seen.add(Number(value));
      await batch.commit(batch.nextOffset);
    },
    write: async (count: number): Promise<void> => {
      for (const end = written + count; written < end; written++)
        await producer.write({ topic, key: `key-${written}`, value: Buffer.from(String(written)) });
      await producer.flush();
    },
    waitForAll: () => waitUntil(() => seen.size === written, consumer.failed),
    close: async (): Promise<void> => {
      await consumer.close();
      await producer.close();
      await proxy.close();
    },
  };
}

test('a consumer outlives connections that are reset, again and again', async () => {
  const { proxy, consumer, handle, write, waitForAll, close } = await setUp();
  await consumer.start(handle);
  for (let round = 0; round < 8; round++) {
    await write(30);
    await sleep(60);
    proxy.cutAll();
  }
  await waitForAll();
  await close();
});

test('a consumer outlives answers that are cut in the middle', async () => {
  const { proxy, consumer, handle, write, waitForAll, close } = await setUp();
  await consumer.start(handle);
  let chunks = 0;
  proxy.cutOnResponse(() => ++chunks % 15 === 0 && proxy.cutCount < 8);
  while (proxy.cutCount < 8) await write(10);
  await waitForAll();
  await close();
});

test('a consumer outlives connections that fall silent', async () => {
  const { proxy, consumer, handle, write, waitForAll, close } = await setUp();
  await consumer.start(handle);
  await write(30);
  await waitForAll();
  proxy.stall();
  await write(30);
  await waitForAll();
  await close();
});

test('a consumer outlives Kafka being away, and its handler goes on working meanwhile', async () => {
  const { proxy, consumer, handle, write, waitForAll, seen, close } = await setUp();
  const gate = Promise.withResolvers<void>();
  let isWaiting = false;
  let wasActive = false;
  await consumer.start(async (batch) => {
    if (seen.size === 0 && batch.messages.length > 0 && !isWaiting) {
      isWaiting = true;
      await gate.promise;
      wasActive = batch.isActive();
    }
    await handle(batch);
  });
  await write(30);
  await waitUntil(() => isWaiting, consumer.failed);
  await proxy.refuse();
  await sleep(1_500);
  gate.resolve();
  await waitUntil(() => seen.size > 0, consumer.failed);
  await proxy.accept();
  await write(30);
  await waitForAll();
  await close();
  assert.equal(wasActive, true);
});

test('a consumer that lost its membership while it was cut off joins anew', async () => {
  // The least that a broker allows by default.
  const SESSION_MS = 6_000;
  const { proxy, consumer, handle, write, waitForAll, close } = await setUp({ sessionTimeoutMs: SESSION_MS });
  await consumer.start(handle);
  await write(30);
  await waitForAll();
  await proxy.refuse();
  await sleep(SESSION_MS + 1_500);
  await proxy.accept();
  await write(30);
  await waitForAll();
  await close();
});

test('a consumer closes while Kafka is away', async () => {
  const { proxy, consumer, handle, write, waitForAll, close } = await setUp();
  await consumer.start(handle);
  await write(3);
  await waitForAll();
  await proxy.refuse();
  await consumer.close();
  await close();
});
