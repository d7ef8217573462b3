import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { test } from 'node:test';
import { pino } from 'pino';
import { RebalanceError } from '../../../../platform/kafka/kafka-error.ts';
import type { LogBatch } from '../../../../platform/kafka/log.ts';
import { PartitionReader } from '../../../../platform/kafka/partition-reader.ts';

const silent = pino({ enabled: false });

function createReader(handle: (batch: LogBatch) => Promise<void>, after: Promise<void> = Promise.resolve()) {
  const committed: bigint[] = [];
  let idle = Promise.withResolvers<void>();
  const reader = new PartitionReader({
    topic: 'assets',
    partition: 0,
    position: 10n,
    after,
    handle,
    commit: async (offset) => void committed.push(offset),
    onIdle: () => {
      idle.resolve();
      idle = Promise.withResolvers<void>();
    },
    logger: silent,
  });
  return { reader, committed, nextIdle: () => (reader.isIdle ? Promise.resolve() : idle.promise) };
}

function fetched(offset: bigint, count: number, nextOffset = offset + BigInt(count)) {
  const messages = Array.from({ length: count }, (_, index) => ({
    offset: offset + BigInt(index),
    timestamp: 0,
    key: null,
    value: null,
    headers: {},
  }));
  return { topic: 'assets', partition: 0, offset, error: undefined, highWatermark: 100n, messages, nextOffset };
}

test('after a batch the reader stands where the batch ends, gaps included', async () => {
  const { reader, nextIdle } = createReader(async () => {});
  await nextIdle();
  reader.offer(fetched(10n, 2, 40n));
  await reader.done;
  assert.equal(reader.position, 40n);
});

test('a batch from elsewhere than where the reader stands is dropped', async () => {
  const handled: bigint[] = [];
  const { reader, nextIdle } = createReader(async (batch) => void handled.push(batch.fetchedOffset));
  await nextIdle();
  reader.offer(fetched(3n, 2));
  reader.offer(fetched(10n, 2));
  await reader.done;
  assert.deepEqual(handled, [10n]);
});

test('no second batch is handed out while one is being handled', async () => {
  const release = Promise.withResolvers<void>();
  let handed = 0;
  const { reader, nextIdle } = createReader(() => {
    handed++;
    return release.promise;
  });
  await nextIdle();
  reader.offer(fetched(10n, 2));
  reader.offer(fetched(10n, 2));
  assert.equal(handed, 1);
  assert.equal(reader.isIdle, false);
  release.resolve();
  await reader.done;
  assert.equal(handed, 1);
});

test('nothing is handed out before the handler of the generation before has ended', async () => {
  const before = Promise.withResolvers<void>();
  let handed = 0;
  const { reader, nextIdle } = createReader(async () => void handed++, before.promise);
  await nextTurn();
  reader.offer(fetched(10n, 1));
  assert.equal(handed, 0);
  before.resolve();
  await nextIdle();
  reader.offer(fetched(10n, 1));
  await reader.done;
  assert.equal(handed, 1);
});

test('a handler that throws has its batch delivered again', async () => {
  const handled: bigint[] = [];
  const { reader, nextIdle } = createReader(async (batch) => {
    handled.push(batch.fetchedOffset);
    if (handled.length === 1) throw new Error('database away');
  });
  await nextIdle();
  reader.offer(fetched(10n, 2));
  await reader.done;
  assert.equal(reader.position, 10n);
  reader.offer(fetched(10n, 2));
  await reader.done;
  assert.deepEqual(handled, [10n, 10n]);
  assert.equal(reader.position, 12n);
});

test('seek decides where the reader goes on', async () => {
  const { reader, nextIdle } = createReader(async (batch) => batch.seek(5n));
  await nextIdle();
  reader.offer(fetched(10n, 2));
  await reader.done;
  assert.equal(reader.position, 5n);
});

test('the first fetch is handed out even without a message, later ones only when the position moves', async () => {
  const handled: [bigint, bigint][] = [];
  const { reader, nextIdle } = createReader(
    async (batch) => void handled.push([batch.fetchedOffset, batch.nextOffset]),
  );
  await nextIdle();
  reader.offer(fetched(10n, 0));
  await reader.done;
  reader.offer(fetched(10n, 0));
  await reader.done;
  reader.offer(fetched(10n, 0, 17n));
  await reader.done;
  assert.deepEqual(handled, [
    [10n, 10n],
    [10n, 17n],
  ]);
  assert.equal(reader.position, 17n);
});

test('once the partition is taken away, isActive is false, heartbeat throws and nothing more is handed out', async () => {
  const release = Promise.withResolvers<void>();
  let batch: LogBatch | undefined;
  const { reader, nextIdle } = createReader((handed) => {
    batch = handed;
    return release.promise;
  });
  await nextIdle();
  reader.offer(fetched(10n, 2));
  assert.equal(batch?.isActive(), true);
  await batch.heartbeat();
  reader.end();
  assert.equal(batch.isActive(), false);
  await assert.rejects(batch.heartbeat(), RebalanceError);
  release.resolve();
  await reader.done;
  assert.equal(reader.isIdle, false);
});

test('a handler in pause after a failure does not count as silent', async () => {
  const { reader, nextIdle } = createReader(async () => {
    throw new Error('database away');
  });
  await nextIdle();
  reader.offer(fetched(10n, 2));
  assert.notEqual(reader.lastProgressAt, undefined);
  await nextTurn();
  assert.equal(reader.lastProgressAt, undefined);
  reader.end();
  await reader.done;
});
