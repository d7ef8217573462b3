import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Together } from '../../../consumers/runner/together.ts';

interface Batch {
  work: readonly string[];
  finish: (error?: Error) => void;
}

/** Batches stay open until the test finishes them. */
function start(options: { atOnce?: number; maxSize?: number; isOfOnePiece?: (error: unknown) => boolean } = {}) {
  const batches: Batch[] = [];
  const together = new Together<string>({
    atOnce: 1,
    maxSize: 100,
    isOfOnePiece: () => true,
    ...options,
    doBatch: (work) =>
      new Promise((resolve, reject) => {
        batches.push({ work, finish: (error) => (error === undefined ? resolve() : reject(error)) });
      }),
  });
  return { together, batches };
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await nextTurn();
}

test('what comes while a batch is being done waits and is then done together', async () => {
  const { together, batches } = start();

  const first = together.add('a', 1);
  await turns();
  const others = [together.add('b', 1), together.add('c', 1)];
  await turns();
  assert.deepEqual(
    batches.map(({ work }) => work),
    [['a']],
  );
  batches[0]!.finish();
  await first;
  await turns();

  assert.deepEqual(
    batches.map(({ work }) => work),
    [['a'], ['b', 'c']],
  );
  batches[1]!.finish();
  await Promise.all(others);
});

test('a batch holds no more than its limit, and one piece that is larger stands alone', async () => {
  const { together, batches } = start({ maxSize: 10, atOnce: 5 });

  for (const [name, size] of [
    ['a', 4],
    ['b', 6],
    ['c', 1],
    ['d', 50],
    ['e', 2],
  ] as const)
    void together.add(name, size);
  await turns();

  assert.deepEqual(
    batches.map(({ work }) => work),
    [['a', 'b'], ['c'], ['d'], ['e']],
  );
});

test('no more batches are done side by side than allowed', async () => {
  const { together, batches } = start({ maxSize: 1, atOnce: 2 });

  for (const name of ['a', 'b', 'c']) void together.add(name, 1);
  await turns();

  assert.deepEqual(
    batches.map(({ work }) => work),
    [['a'], ['b']],
  );
});

test('a piece whose fault it is gets its error, and the others of its batch are done', async () => {
  const { together, batches } = start();

  const outcomes = Promise.allSettled([together.add('good', 1), together.add('bad', 1), together.add('fine', 1)]);
  await turns();
  batches[0]!.finish(new Error('one of them'));
  await turns();
  batches[1]!.finish();
  await turns();
  batches[2]!.finish(new Error('it is me'));
  await turns();
  batches[3]!.finish();

  assert.deepEqual(
    (await outcomes).map((one) => (one.status === 'fulfilled' ? 'done' : String(one.reason))),
    ['done', 'Error: it is me', 'done'],
  );
});

test("an error that is nobody's fault goes to every piece, and nothing is done again", async () => {
  const { together, batches } = start({ isOfOnePiece: () => false });

  const outcomes = Promise.allSettled([together.add('a', 1), together.add('b', 1)]);
  await turns();
  batches[0]!.finish(new Error('down'));

  assert.deepEqual(
    (await outcomes).map(({ status }) => status),
    ['rejected', 'rejected'],
  );
  assert.equal(batches.length, 1);
});
