import assert from 'node:assert/strict';
import { test } from 'node:test';

import { analysisNote } from '../../../consumers/analysis/note.ts';
import { isCaughtUp, readLag } from '../../../consumers/caught-up.ts';
import type { GraphTransaction, StoredMarker } from '../../../consumers/graph/graph.ts';
import { stageNames } from '../../../consumers/load.ts';
import { readBounds } from '../../../consumers/status/partition-lags.ts';
import { topicsOf } from '../../../platform/topics.ts';
import { connectStore } from '../../model/memory-graph/connect-store.ts';
import { Store } from '../../model/memory-graph/store.ts';

const topics = topicsOf();
const end = 10n;
const admin = {
  offsets: async (topic: string) => [{ partition: 0, low: 0n, high: topic === topics.assets ? end : 0n }],
};
const account = '111111111111';

function marker(kind: 'scope' | 'account', tag: bigint, offset: number): StoredMarker {
  const subject = kind === 'scope' ? `${account}/r1/s3` : account;
  const value = { offsets: [{ topic: topics.assets, partition: 0, offset }], endedAt: 1 };
  return { key: `${kind}|${subject}|${tag}`, kind, subject, tag, state: kind === 'scope' ? 'waiting' : 'done', value };
}

/** A graph whose stages stand there, which has a marker within the log's bounds or behind them. */
async function lagWith(markers: readonly StoredMarker[], stagesAt = end) {
  const graph = connectStore(new Store());
  const keys = stageNames.map((stage) => ({ stage, topic: topics.assets, partition: 0 }));
  await graph.transact(async (tx) => {
    await tx.lockFences(keys);
    await tx.moveFences(keys.map((key) => ({ ...key, offset: stagesAt, topicId: 'id' })));
    await tx.storeMarkers(markers);
  });
  const looked: string[] = [];
  const transact: typeof graph.transact = (work) =>
    graph.transact((tx) => work(watching(tx, (name) => looked.push(name))));
  const bounds = await readBounds(admin, topics, stageNames);
  return { lag: await readLag({ ...graph, transact } as typeof graph, admin, topics, stageNames, bounds), looked };
}

function watching(tx: GraphTransaction, tell: (name: string) => void): GraphTransaction {
  return new Proxy(tx, {
    get(target, name) {
      tell(String(name));
      const found: unknown = Reflect.get(target, name);
      return typeof found === 'function' ? (found.bind(target) as unknown) : found;
    },
  });
}

test('what is behind the bounds of a rebuild holds it up neither by its cleanup nor by its analysis', async () => {
  const later = [marker('scope', 2n, 11), analysisNote(marker('account', 2n, 11))];
  assert.equal(isCaughtUp((await lagWith(later)).lag), true);
  const within = await lagWith([...later, analysisNote(marker('account', 1n, 10))]);
  assert.deepEqual([within.lag.waitingScopes, within.lag.waitingAnalyses], [0, 1]);
  assert.equal(isCaughtUp(within.lag), false);
});

test('markers are counted, and not fetched, as long as there are records to apply', async () => {
  const { lag, looked } = await lagWith([marker('scope', 1n, 10), analysisNote(marker('account', 1n, 10))], 9n);
  assert.deepEqual([lag.waitingScopes, lag.waitingAnalyses], [1, 1]);
  assert.deepEqual(
    looked.filter((name) => ['pendingMarkers', 'markers'].includes(name)),
    [],
  );
});
