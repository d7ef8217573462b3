import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backoffDelayMs, pause, retryTransient, settleWithin } from '../../../platform/retry.ts';

test('an operation that fails for a passing reason runs until it succeeds', async () => {
  let runs = 0;
  const retries: number[] = [];
  const result = await retryTransient(
    async () => {
      if (++runs < 4) throw new Error('busy');
      return 'done';
    },
    {
      isTransient: () => true,
      minDelayMs: 1,
      maxDelayMs: 2,
      onRetry: (_error, _delayMs, attempt) => retries.push(attempt),
    },
  );
  assert.equal(result, 'done');
  assert.equal(runs, 4);
  assert.deepEqual(retries, [1, 2, 3]);
});

test('any other failure comes out at once, and as it was thrown', async () => {
  const failure = new Error('wrong password');
  let runs = 0;
  const attempt = retryTransient(
    async () => {
      runs++;
      throw failure;
    },
    { isTransient: () => false },
  );
  await assert.rejects(attempt, (error) => error === failure);
  assert.equal(runs, 1);
});

test('a TypeError and a thrown value that is no error are retried when they are said to be transient', async () => {
  const thrown: unknown[] = [new TypeError('terminated'), 'text'];
  const seen: unknown[] = [];
  const result = await retryTransient(
    async () => {
      if (thrown.length > 0) throw thrown.shift();
      return 'done';
    },
    { isTransient: () => true, minDelayMs: 1, onRetry: (error) => seen.push(error) },
  );
  assert.equal(result, 'done');
  assert.ok(seen[0] instanceof TypeError);
  assert.equal(seen[1], 'text');
});

test('the last error comes out once the time is over', async () => {
  let runs = 0;
  await assert.rejects(
    retryTransient(
      async () => {
        throw new Error(`failure ${++runs}`);
      },
      { isTransient: () => true, minDelayMs: 5, maxElapsedMs: 30 },
    ),
    (error: Error) => error.message === `failure ${runs}` && runs > 1,
  );
});

test('a signal ends the waiting with its reason', async () => {
  const stop = new AbortController();
  const reason = new Error('closing');
  const attempt = retryTransient(
    async () => {
      throw new Error('busy');
    },
    {
      isTransient: () => true,
      minDelayMs: 600_000,
      maxDelayMs: 600_000,
      signal: stop.signal,
      onRetry: () => setImmediate(() => stop.abort(reason)),
    },
  );
  await assert.rejects(attempt, (error) => error === reason);
});

test('the back-off doubles, keeps below its limit and takes off at most a half', () => {
  for (let attempt = 0; attempt < 100; attempt++) {
    const full = Math.min(100 * 2 ** attempt, 5_000);
    const delayMs = backoffDelayMs(attempt, 100, 5_000);
    assert.ok(delayMs >= full / 2 && delayMs <= full, `${attempt}: ${delayMs}`);
  }
});

test('a pause ends with its signal, and does not begin after it', async () => {
  const stop = new AbortController();
  const waiting = pause(600_000, stop.signal);
  stop.abort();
  await waiting;
  await pause(600_000, stop.signal);
});

test('settleWithin waits for the promise, whichever way it settles, or else for its limit', async () => {
  await settleWithin(600_000, Promise.resolve());
  await settleWithin(600_000, Promise.reject(new Error('busy')));
  await settleWithin(1, new Promise(() => {}));
});
