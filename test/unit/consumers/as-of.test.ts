import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pino } from 'pino';

import { Cleaner } from '../../../consumers/cleanup/cleaner.ts';
import type { StoredMarker } from '../../../consumers/graph/graph.ts';
import { MemoryGraph } from '../../model/memory-graph/memory-graph.ts';
import { Store } from '../../model/memory-graph/store.ts';
import { universe } from '../../model/universe.ts';

const scope = '111111111111/eu-west-1/law';
const recordType = universe[0]!.name;

/** A complete marker; its reading began at this time. */
function marker(tag: bigint, startedAt: number, records = 0, name = recordType): StoredMarker {
  const recordTypes = [{ name, records, complete: true }];
  const value = { startedAt, endedAt: startedAt + 10, recordTypes, offsets: [] };
  return { key: `scope|${scope}|${tag}`, kind: 'scope', subject: scope, tag, state: 'waiting', value };
}

/** A cleaner over an empty graph. */
async function open(): Promise<{ store: Store; graph: MemoryGraph; cleaner: Cleaner }> {
  const store = new Store();
  const graph = new MemoryGraph(store, {
    turn: () => Promise.resolve(),
    failStatement: () => undefined,
    goneIsSilent: true,
    commit: () => 'done',
    begun: () => undefined,
  });
  const cleaner = new Cleaner({
    graph,
    lookup: async (name) => universe.find((schema) => schema.name === name),
    called: async () => undefined,
    low: () => 0n,
    logger: pino({ level: 'silent' }),
  });
  return { store, graph, cleaner };
}

/** What the graph says of the scope after the cleaner has met these markers, a round for each. */
async function asOfAfter(markers: readonly StoredMarker[]): Promise<[bigint, number] | undefined> {
  const { store, graph, cleaner } = await open();
  for (const one of markers) {
    await graph.transact((tx) => tx.storeMarkers([one]));
    await cleaner.round();
  }
  const applied = store.rows.scope.get(scope)?.applied;
  return applied === undefined ? undefined : [applied.tag, applied.asOf];
}

test('a scope is as of the time at which its last complete reading began', async () => {
  assert.deepEqual(await asOfAfter([marker(1n, 100), marker(2n, 200)]), [2n, 200]);
});

test('a marker that comes late does not set it back', async () => {
  assert.deepEqual(await asOfAfter([marker(2n, 200), marker(1n, 100)]), [2n, 200]);
});

test('a marker that counts records which the graph lacks does not move it', async () => {
  assert.deepEqual(await asOfAfter([marker(1n, 100), marker(2n, 200, 3)]), [1n, 100]);
  assert.equal(await asOfAfter([marker(1n, 100, 3)]), undefined);
});

test('neither does one of records whose schema nobody knows, or nobody can use', async () => {
  assert.deepEqual(await asOfAfter([marker(1n, 100), marker(2n, 200, 3, 'cartography.aws.Unknown')]), [1n, 100]);
  assert.deepEqual(await asOfAfter([marker(1n, 100, 0, 'cartography.aws.Unknown')]), [1n, 100]);
});

test('a scope that a later run has overtaken before it was cleaned is not incomplete for a moment', async () => {
  const { graph, cleaner } = await open();
  await graph.transact((tx) => tx.storeMarkers([marker(1n, 100, 3), marker(2n, 200)]));
  const { done, incomplete } = await cleaner.round();
  assert.deepEqual({ done, incomplete }, { done: 2, incomplete: 0 });
});
