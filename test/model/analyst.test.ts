/** When the analyst acts, on the simulated graph. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pino } from 'pino';
import { Analyst } from '../../consumers/analysis/analyst.ts';
import { analysisNote } from '../../consumers/analysis/note.ts';
import { Cleaner } from '../../consumers/cleanup/cleaner.ts';
import type { StoredMarker } from '../../consumers/graph/graph.ts';
import { connectStore } from './memory-graph/connect-store.ts';
import { Store } from './memory-graph/store.ts';

const account = '111111111111';
const topic = 'assets';

function accountMarker(endedAt = 5, tag = 2n): StoredMarker {
  const value = { offsets: [{ topic, partition: 0, offset: 10 }], endedAt };
  return { key: `account|${account}|${tag}`, kind: 'account', subject: account, tag, state: 'done', value };
}

function scopeMarker(sync: string, tag: bigint, state: StoredMarker['state'], of = account): StoredMarker {
  const subject = `${of}/r1/${sync}`;
  return { key: `scope|${subject}|${tag}|3`, kind: 'scope', subject, tag, state, value: { offsets: [], endedAt: 3 } };
}

/** A graph with these markers, whose stages have applied so many records; and an analyst that tells what it is asked to do. */
async function setUp(markers: readonly StoredMarker[], offset = 10n) {
  const graph = connectStore(new Store());
  const move = (stage: string, to: bigint) =>
    graph.transact(async (tx) => {
      await tx.lockFences([{ stage, topic, partition: 0 }]);
      await tx.moveFences([{ stage, topic, partition: 0, offset: to, topicId: 'x' }]);
    });
  const store = (more: readonly StoredMarker[]) => graph.transact((tx) => tx.storeMarkers(more));
  await move('nodes', 10n);
  await move('links', offset);
  await store(markers);
  const updated: string[][] = [];
  const options = { during: async (): Promise<void> => {} };
  const analyst = new Analyst({
    graph,
    low: () => 0n,
    update: async (subjects) => {
      updated.push([...subjects]);
      await options.during();
    },
  });
  return { graph, analyst, updated, move, store, options };
}

test('an account is analysed once, behind its links', async () => {
  const { analyst, updated, move } = await setUp([accountMarker(), analysisNote(accountMarker())], 9n);
  assert.deepEqual(await analyst.round(), { done: 0, waiting: 1 });
  assert.deepEqual(updated, []);

  await move('links', 10n);
  assert.deepEqual(await analyst.round(), { done: 1, waiting: 0 });
  assert.deepEqual(await analyst.round(), { done: 0, waiting: 0 });
  assert.deepEqual(updated, [[account]]);
});

test('it waits for the cleanup of its own scopes, not of other accounts’ or later ones', async () => {
  const open = [scopeMarker('s3', 3n, 'waiting'), scopeMarker('s3', 2n, 'waiting', '222222222222')];
  const lacking = scopeMarker('iam', 2n, 'incomplete');
  const waiting = scopeMarker('ec2:vpc', 1n, 'waiting');
  const markers = [accountMarker(), analysisNote(accountMarker()), ...open, lacking, waiting];
  const { graph, analyst, updated } = await setUp(markers);
  assert.deepEqual(await analyst.round(), { done: 0, waiting: 1 });

  await graph.transact((tx) => tx.settleMarkers([waiting.key], 'done'));
  assert.deepEqual(await analyst.round(), { done: 1, waiting: 0 });
  assert.deepEqual(updated, [[account]]);
});

test('a note that is read before the cleanup has read the marker waits for it, also for that of a resumed run', async () => {
  const { analyst, updated, store } = await setUp([analysisNote(accountMarker(5))]);
  assert.deepEqual(await analyst.round(), { done: 0, waiting: 1 });
  await store([accountMarker(5)]);
  assert.deepEqual(await analyst.round(), { done: 1, waiting: 0 });

  await store([analysisNote(accountMarker(8))]);
  assert.deepEqual(await analyst.round(), { done: 0, waiting: 1 });
  await store([accountMarker(8)]);
  assert.deepEqual(await analyst.round(), { done: 1, waiting: 0 });
  assert.deepEqual(updated, [[account], [account]]);
});

test('what is noted while an account is analysed is not settled with it', async () => {
  const { analyst, updated, store, options } = await setUp([accountMarker(8), analysisNote(accountMarker(5))]);
  options.during = () => store([analysisNote(accountMarker(8))]);
  assert.deepEqual(await analyst.round(), { done: 1, waiting: 0 });
  options.during = async () => {};
  assert.deepEqual(await analyst.round(), { done: 1, waiting: 0 });
  assert.deepEqual(updated, [[account], [account]]);
});

test('what fails is done again', async () => {
  const { analyst, updated, options } = await setUp([accountMarker(), analysisNote(accountMarker())]);
  options.during = () => Promise.reject(new Error('no'));
  await assert.rejects(analyst.round());
  options.during = async () => {};
  assert.deepEqual(await analyst.round(), { done: 1, waiting: 0 });
  assert.equal(updated.length, 2);
});

test('when a scope that lacked records has them and is cleaned, its account is analysed again', async () => {
  const marker = scopeMarker('iam', 2n, 'incomplete');
  const { graph, analyst, updated, move } = await setUp(
    [{ ...marker, value: { ...marker.value, recordTypes: [] } }],
    9n,
  );
  const [lookup, called] = [() => Promise.resolve(undefined), () => Promise.resolve(undefined)];
  const cleaner = new Cleaner({ graph, lookup, called, low: () => 0n, logger: pino({ level: 'silent' }) });
  assert.deepEqual(await analyst.round(), { done: 0, waiting: 0 });
  await cleaner.round();
  // The redriven record stands behind the marker's offsets: its links must be made.
  assert.deepEqual(await analyst.round(), { done: 0, waiting: 1 });
  await move('links', 10n);
  assert.deepEqual(await analyst.round(), { done: 1, waiting: 0 });
  assert.deepEqual(updated, [[account]]);
});

test('of an account the markers of a few runs are kept, however many there were', async () => {
  const { graph, analyst, store } = await setUp([]);
  const kept = async () =>
    (await graph.transact((tx) => tx.markers({ kind: 'account' }))).map(({ tag }) => Number(tag));
  for (let tag = 1; tag <= 8; tag++) {
    await store([accountMarker(tag, BigInt(tag)), analysisNote(accountMarker(tag, BigInt(tag)))]);
    await analyst.round();
  }
  assert.deepEqual(await kept(), [4, 5, 6, 7, 8]);
});

test('a marker whose analysis is asked for is not forgotten, and a note of one that was waits for nothing', async () => {
  const markers = Array.from({ length: 8 }, (_, index) => accountMarker(index + 1, BigInt(index + 1)));
  const closed = analysisNote(markers[1]!);
  const { graph, analyst, store } = await setUp([
    ...markers,
    { ...closed, value: { ...closed.value, offsets: [{ topic, partition: 0, offset: 11 }] } },
    analysisNote(markers[7]!),
  ]);
  assert.deepEqual(await analyst.round(), { done: 1, waiting: 1 });
  const kept = await graph.transact((tx) => tx.markers({ kind: 'account' }));
  assert.deepEqual(
    kept.map(({ tag }) => Number(tag)),
    [2, 4, 5, 6, 7, 8],
  );

  await store([analysisNote(markers[0]!)]);
  assert.deepEqual(await analyst.round(), { done: 1, waiting: 1 });
});

test('a note of an older run that ended later, whose marker was forgotten, waits for nothing', async () => {
  const late = accountMarker(4, 1n);
  const markers = [accountMarker(1, 2n), accountMarker(3, 3n), accountMarker(5, 4n)];
  const { analyst, store, updated } = await setUp([...markers.slice(0, 2), analysisNote(late)]);
  assert.deepEqual(await analyst.round(), { done: 0, waiting: 1 });

  await store(markers.slice(2));
  assert.deepEqual(await analyst.round(), { done: 1, waiting: 0 });
  assert.deepEqual(updated, [[account]]);
});
