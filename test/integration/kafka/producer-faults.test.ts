import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { apiKeys } from '../../../platform/kafka/kafkajs-internals.ts';
import type { LogProducer } from '../../../platform/kafka/log.ts';
import { readTopic } from '../../support/read-topic.ts';
import { isKafkaRequest, TcpProxy } from '../../support/tcp-proxy.ts';
import { useKafka } from '../../support/use-kafka.ts';

const kafka = await useKafka();

/** Writes from several callers at once until `isOver`, and notes what was acknowledged where. */
async function writeFromMany(
  producer: LogProducer,
  topic: string,
  isOver: () => boolean,
): Promise<{ acknowledged: Map<string, string>; written: number }> {
  const acknowledged = new Map<string, string>();
  let written = 0;
  const writers = Array.from({ length: 6 }, async (_, writer) => {
    for (let index = 0; !isOver(); index++) {
      for (let burst = 0; burst < 20; burst++) {
        const value = `${writer}-${index}-${burst}`;
        written++;
        await producer.write(
          { topic, key: `key-${(writer * 7 + burst) % 23}`, value: Buffer.from(value) },
          ({ partition, offset }) => acknowledged.set(value, `${partition}/${offset}`),
        );
      }
      await sleep(1);
    }
  });
  await Promise.all(writers);
  await producer.flush();
  return { acknowledged, written };
}

async function assertNothingIsLost(topic: string, acknowledged: Map<string, string>): Promise<void> {
  const found = new Map(
    (await readTopic(kafka, topic)).map(({ partition, offset, value }) => [`${partition}/${offset}`, value]),
  );
  const lost = [...acknowledged].filter(([value, place]) => found.get(place) !== value);
  assert.deepEqual(lost, []);
}

test('connections cut as acknowledgements come back lose no acknowledged message', async () => {
  const topic = await kafka.createTopic({ partitions: 3 });
  const proxy = await TcpProxy.start(kafka.address);
  const producer = await kafka
    .connect({ maxBatchBytes: 20_000, resolveAddress: () => ({ host: '127.0.0.1', port: proxy.port }) })
    .producer();
  const CUTS = 12;
  // Every tenth Produce request, so that most get through in between.
  let requests = 0;
  proxy.cutOnResponse(
    (chunk) => isKafkaRequest(chunk, apiKeys.Produce) && ++requests % 10 === 0 && proxy.cutCount < CUTS,
  );

  const { acknowledged, written } = await writeFromMany(producer, topic, () => proxy.cutCount >= CUTS);

  assert.equal(acknowledged.size, written);
  await producer.close();
  await proxy.close();
  await assertNothingIsLost(topic, acknowledged);
});

test('connections that go half-open, are reset or refused for a while lose no acknowledged message', async () => {
  const topic = await kafka.createTopic({ partitions: 3 });
  const proxy = await TcpProxy.start(kafka.address);
  const producer = await kafka
    .connect({
      requestTimeoutMs: 500,
      connectTimeoutMs: 500,
      resolveAddress: () => ({ host: '127.0.0.1', port: proxy.port }),
    })
    .producer();
  let isOver = false;
  const writing = writeFromMany(producer, topic, () => isOver);
  await sleep(100);
  proxy.stall();
  await sleep(1_000);
  proxy.cutAll();
  await sleep(100);
  await proxy.refuse();
  await sleep(300);
  await proxy.accept();
  await sleep(300);
  isOver = true;

  const { acknowledged, written } = await writing;

  assert.equal(acknowledged.size, written);
  await producer.close();
  await proxy.close();
  await assertNothingIsLost(topic, acknowledged);
});

test('a first write to a topic waits out an outage that is longer than a start may take', async () => {
  const topic = await kafka.createTopic();
  const proxy = await TcpProxy.start(kafka.address);
  const producer = await kafka
    .connect({ startTimeoutMs: 400, resolveAddress: () => ({ host: '127.0.0.1', port: proxy.port }) })
    .producer();
  await proxy.refuse();
  const writing = producer.write({ topic, key: 'a', value: Buffer.from('kept') });
  await sleep(1_500);
  await proxy.accept();

  await writing;
  await producer.close();

  await proxy.close();
  const values = (await readTopic(kafka, topic)).map(({ value }) => value);
  assert.deepEqual(values, ['kept']);
});
