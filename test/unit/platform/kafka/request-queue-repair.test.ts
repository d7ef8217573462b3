import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import type { RequestQueue } from '../../../../platform/kafka/kafkajs-internals.ts';
import { repairRequestQueue } from '../../../../platform/kafka/request-queue-repair.ts';

const logger = { debug: () => {}, warn: () => {} };
const Queue = createRequire(import.meta.url)('kafkajs/src/network/requestQueue') as new (
  options: object,
) => RequestQueue & { push(request: object): void; fulfillRequest(response: object): void };

function createQueue(maxInFlightRequests: number | null) {
  const sent: number[] = [];
  const queue = new Queue({
    maxInFlightRequests,
    requestTimeout: 1_000,
    enforceRequestTimeout: false,
    clientId: 'test',
    broker: 'a:1',
    logger,
  });
  const push = (correlationId: number): void =>
    queue.push({
      entry: { correlationId, resolve: () => {}, reject: () => {} },
      expectResponse: true,
      sendRequest: () => sent.push(correlationId),
    });
  return { queue, sent, push };
}

test('unrepaired, kafkajs arms a timer after a response although nothing waits: the fault is still there', () => {
  const { queue, push } = createQueue(null);
  push(1);
  queue.fulfillRequest({ correlationId: 1, size: 0, payload: Buffer.alloc(0) });
  assert.notEqual(queue.throttleCheckTimeoutId, null);
  queue.destroy();
});

test('repaired, an idle queue has no timer', () => {
  repairRequestQueue();
  const { queue, push } = createQueue(null);
  push(1);
  queue.fulfillRequest({ correlationId: 1, size: 0, payload: Buffer.alloc(0) });
  assert.equal(queue.throttleCheckTimeoutId, null);
});

test('repaired, a request that had to wait for a slot is sent when one comes free', () => {
  repairRequestQueue();
  const { queue, sent, push } = createQueue(1);
  push(1);
  push(2);
  assert.deepEqual(sent, [1]);
  queue.fulfillRequest({ correlationId: 1, size: 0, payload: Buffer.alloc(0) });
  assert.deepEqual(sent, [1, 2]);
  queue.destroy();
});

test('repaired, a throttled request is sent when the throttling ends', async () => {
  repairRequestQueue();
  const { queue, push } = createQueue(null);
  queue.throttledUntil = Date.now() + 20;
  const sent = new Promise<void>((resolve) => {
    queue.push({
      entry: { correlationId: 9, resolve: () => {}, reject: () => {} },
      expectResponse: true,
      sendRequest: resolve,
    });
  });
  push(10);
  assert.equal(queue.pending.length, 2);
  await sent;
  assert.equal(queue.pending.length, 0);
  queue.destroy();
});
