import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { StoredMarker } from '../../../../consumers/graph/graph.ts';
import { readGateWaits } from '../../../../consumers/status/gate-waits.ts';
import { readPartitionLags } from '../../../../consumers/status/partition-lags.ts';
import { topicsOf } from '../../../../platform/topics.ts';
import { MemoryGraph } from '../../../model/memory-graph/memory-graph.ts';
import { Store } from '../../../model/memory-graph/store.ts';

const topics = topicsOf();
const account = '111111111111';
const scope = `${account}/eu-west-1/ec2:vpc`;
const stages = ['nodes', 'links', 'cross-links', 'cleanup'] as const;
const end = { topic: topics.assets, partition: 0, offset: 10 };

function connect(): MemoryGraph {
  return new MemoryGraph(new Store(), {
    turn: () => Promise.resolve(),
    failStatement: () => undefined,
    goneIsSilent: true,
    commit: () => 'done',
    begun: () => undefined,
  });
}

/** Ten records of one account with tag 5 are in one partition; the stages stand at these offsets. */
async function waitsAt(offsets: Partial<Record<(typeof stages)[number], bigint>>, markers: readonly StoredMarker[]) {
  const graph = connect();
  const keys = Object.keys(offsets).map((stage) => ({ stage, topic: topics.assets, partition: 0 }));
  await graph.transact(async (tx) => {
    await tx.lockFences(keys);
    await tx.moveFences(
      keys.map((key) => ({ ...key, offset: offsets[key.stage as 'nodes']!, topicId: 'id', round: 0n })),
    );
    await tx.storeMarkers(markers);
  });
  const admin = {
    offsets: async (topic: string) => [{ partition: 0, low: 0n, high: topic === topics.assets ? 10n : 0n }],
    messageAt: async (_topic: string, _partition: number, offset: bigint) => {
      return { offset, timestamp: 0, key: null, value: Buffer.alloc(1), headers: { scope, tag: '5' } };
    },
  };
  const lags = await readPartitionLags(graph, admin, topics, stages);
  return readGateWaits({ graph, admin, topics, lags });
}

function marker(kind: StoredMarker['kind'], subject: string, tag = 5n): StoredMarker {
  const state = kind === 'scope' ? 'waiting' : 'done';
  return { key: `${kind}|${subject}|${tag}`, kind, subject, tag, state, value: { offsets: [end] } };
}

const place = `${topics.assets}/0`;

test('without a marker the links wait for their account, the cross-links for the run', async () => {
  const waits = await waitsAt({ nodes: 10n, links: 4n, 'cross-links': 2n }, []);
  const head = { subject: account, updateTag: 5, partition: place, until: null };
  assert.deepEqual(waits, {
    links: [{ ...head, offset: 4, marker: { kind: 'account', subject: account, updateTag: 5 } }],
    'cross-links': [{ ...head, offset: 2, marker: { kind: 'run', subject: 'run', updateTag: 5 } }],
  });
});

test('with its marker they wait until the nodes stage has passed the offsets of that marker', async () => {
  const { links } = await waitsAt({ nodes: 7n, links: 4n }, [marker('account', account)]);
  assert.equal(links?.[0]?.marker, null);
  assert.deepEqual(links[0]?.until, { stage: 'nodes', partition: place, offset: 10, now: 7 });
});

test('the marker of a later run serves as well, that of an earlier one does not', async () => {
  assert.notEqual((await waitsAt({ nodes: 7n, links: 4n }, [marker('account', account, 6n)])).links?.[0]?.until, null);
  assert.equal((await waitsAt({ nodes: 7n, links: 4n }, [marker('account', account, 4n)])).links?.[0]?.until, null);
});

test('a gate that is open, and a stage that has applied all, wait for nothing', async () => {
  const markers = [marker('account', account), marker('run', 'run')];
  assert.deepEqual(await waitsAt({ nodes: 10n, links: 4n, 'cross-links': 10n }, markers), {});
});

test('the cleanup of a scope waits for the stage that has not passed its marker', async () => {
  const waits = await waitsAt({ nodes: 10n, links: 6n }, [
    marker('scope', scope),
    marker('account', account),
    marker('run', 'run'),
  ]);
  assert.deepEqual(waits.cleanup, [
    {
      subject: scope,
      updateTag: 5,
      partition: null,
      offset: null,
      marker: null,
      until: { stage: 'links', partition: place, offset: 10, now: 6 },
    },
  ]);
});

test('an analysis waits for the stages to pass its account, then until its scopes are cleaned', async () => {
  const markers = [{ ...marker('analysis', account), state: 'waiting' as const }];
  const wait = { subject: account, updateTag: 5, partition: null, offset: null, marker: null };
  const behind = await waitsAt({ nodes: 10n, links: 6n, 'cross-links': 10n }, markers);
  assert.deepEqual(behind.analysis, [{ ...wait, until: { stage: 'links', partition: place, offset: 10, now: 6 } }]);
  const passed = await waitsAt({ nodes: 10n, links: 10n, 'cross-links': 10n }, markers);
  assert.deepEqual(passed.analysis, [{ ...wait, until: null }]);
});
