import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { mapConcurrently } from '../../../producers/syncs/map-concurrently.ts';

test('results come in the order of the items, whichever call ends first', async () => {
  const results: number[] = [];
  const turns = [3, 1, 2, 0];
  const map = async (item: number) => {
    for (let turn = 0; turn < item; turn++) await setImmediate();
    return item * 10;
  };
  for await (const result of mapConcurrently(turns, 3, map)) results.push(result);

  assert.deepEqual(results, [30, 10, 20, 0]);
});

test('no more calls are under way than allowed, and none is started ahead of a slow consumer', async () => {
  let underway = 0;
  let most = 0;
  let started = 0;
  const map = async () => {
    started++;
    most = Math.max(most, ++underway);
    await setImmediate();
    underway--;
  };
  const results = mapConcurrently(Array.from({ length: 20 }), 4, map);

  await results.next();
  for (let turn = 0; turn < 10; turn++) await setImmediate();
  const startedAtFirst = started;
  for await (const _ of results);

  assert.equal(startedAtFirst, 4);
  assert.equal(most, 4);
  assert.equal(started, 20);
});

test('the first error ends it after the calls under way, and none of them goes unhandled', async () => {
  const ended: number[] = [];
  const map = async (item: number) => {
    await setImmediate();
    ended.push(item);
    if (item > 0) throw new Error(`call ${item}`);
  };
  const all = async () => {
    for await (const _ of mapConcurrently([0, 1, 2, 3, 4, 5], 3, map));
  };

  await assert.rejects(all, { message: 'call 1' });
  assert.deepEqual(ended, [0, 1, 2, 3]);
});

test('a consumer that leaves early waits for the calls under way', async () => {
  const ended: number[] = [];
  const map = async (item: number) => {
    for (let turn = 0; turn < item; turn++) await setImmediate();
    ended.push(item);
  };
  for await (const _ of mapConcurrently([1, 5, 6, 7], 3, map)) break;

  assert.deepEqual(ended, [1, 5, 6]);
});
