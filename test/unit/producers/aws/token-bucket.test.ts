import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { Clock } from '../../../../producers/aws/token-bucket.ts';
import { createTokenBucket } from '../../../../producers/aws/token-bucket.ts';

function manualClock() {
  const clock = { now: 0, sleeps: [] as number[] };
  const port: Clock = {
    nowMs: () => clock.now,
    sleep: async (milliseconds) => {
      clock.sleeps.push(milliseconds);
    },
  };
  return { clock, port };
}

test('a full bucket lets a burst through and then one call per interval', async () => {
  const { clock, port } = manualClock();
  const bucket = createTokenBucket({ ratePerSecond: 10, burst: 3 }, port);
  for (let call = 0; call < 6; call++) await bucket.take();
  assert.deepEqual(clock.sleeps, [100, 200, 300]);
});

test('a pause refills the bucket, but never beyond its size', async () => {
  const { clock, port } = manualClock();
  const bucket = createTokenBucket({ ratePerSecond: 10, burst: 2 }, port);
  await bucket.take();
  await bucket.take();
  clock.now += 60_000;
  for (let call = 0; call < 3; call++) await bucket.take();
  assert.deepEqual(clock.sleeps, [100]);
});

test('over any long time no more calls pass than rate times time plus burst', async () => {
  const { clock, port } = manualClock();
  const bucket = createTokenBucket(
    { ratePerSecond: 5, burst: 4 },
    { ...port, sleep: async (ms) => void (clock.now += ms) },
  );
  let calls = 0;
  while (clock.now < 100_000) {
    await bucket.take();
    calls++;
  }
  assert.ok(calls <= 5 * 100 + 4 + 1, `${calls} calls`);
  assert.ok(calls >= 5 * 100, `${calls} calls`);
});

test('an abort ends the waiting', async () => {
  const bucket = createTokenBucket({ ratePerSecond: 0.001, burst: 1 });
  const abort = new AbortController();
  await bucket.take(abort.signal);
  const waiting = bucket.take(abort.signal);
  abort.abort();
  await assert.rejects(waiting, { name: 'AbortError' });
});
