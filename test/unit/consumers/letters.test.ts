import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Header } from '../../../consumers/dead-letters/dead-letters.ts';
import { countLetters, readLetters, settleLetters } from '../../../consumers/dead-letters/letters.ts';
import { topicsOf } from '../../../platform/topics.ts';
import { MemoryLog } from '../../support/memory-log.ts';

const topics = topicsOf();
const dead = topics.deadLetters(topics.assets);

function logWith(letters: number): MemoryLog {
  const log = new MemoryLog();
  for (let index = 0; index < letters; index++)
    log.append({
      ...{ topic: dead, key: `key ${index}`, value: Buffer.from('x') },
      headers: { [Header.topic]: topics.assets, [Header.partition]: '0', [Header.offset]: String(index) },
    });
  return log;
}

test('as many letters are counted as are read, and those that are settled are not', async () => {
  const log = logWith(3);
  const [first] = await readLetters(log, topics);
  await settleLetters(await log.producer(), topics, [first!], 'dropped');
  assert.equal((await readLetters(log, topics)).length, 2);
  const none = { [topics.deadLetters(topics.hierarchy)]: 0, [topics.deadLetters(topics.markers)]: 0 };
  assert.deepEqual(await countLetters(log, topics), { [dead]: 2, ...none });
});

test('to count them ends with the signal, in the middle too', { timeout: 5_000 }, async () => {
  const log = logWith(3);
  const stop = new AbortController();
  // A topic whose end never comes.
  log.consumer = () => ({
    failed: new Promise(() => undefined),
    start: async () => stop.abort(),
    close: async () => {},
  });
  await assert.rejects(countLetters(log, topics, { signal: stop.signal }), { name: 'AbortError' });
  await assert.rejects(countLetters(log, topics, { signal: AbortSignal.abort() }), { name: 'AbortError' });
});
