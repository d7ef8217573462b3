import assert from 'node:assert/strict';
import { test } from 'node:test';

import { addWaitingShards } from '../../../cli/read-status.ts';
import { UsageError } from '../../../platform/errors.ts';
import { shardOf } from '../../../producers/shards/shard.ts';
import { updateTag } from '../../support/fake-run.ts';
import { linesOf, openEstate } from '../../support/organizations-server/collect-estate.ts';
import type { Estate } from '../../support/organizations-server/estate.ts';

const hub = '100000000000';
const ids = Array.from({ length: 7 }, (_, index) => String(100_000_000_000 + index));
const estate: Estate = {
  denied: {},
  organizations: [
    {
      id: 'o-1',
      managementAccountId: hub,
      delegatedAdministrators: [],
      rootId: 'r-1',
      units: [{ id: 'ou-1', name: 'unit', parentId: 'r-1' }],
      accounts: ids.map((id) => ({ id, name: `account ${id}`, parentId: 'ou-1' })),
    },
  ],
};

const open = () => openEstate(estate, hub, ids);
type Lab = Awaited<ReturnType<typeof open>>;

function runShard(lab: Lab, number: number, options: Parameters<Lab['run']>[0] & { of?: number } = {}) {
  const { of = 3, ...others } = options;
  return lab.run({ updateTag, shard: { number, of, log: lab.log, decoder: lab.decoder }, ...others });
}

/** What markers say, whoever sent them and when. */
async function markersOf(lab: Lab): Promise<string[]> {
  const kinds = ['ScopeMarker', 'AccountMarker', 'HierarchyMarker', 'RunMarker'];
  const all = await Promise.all(kinds.map(async (kind) => ({ kind, markers: await lab.markersOf(kind) })));
  const lines = all.flatMap(({ kind, markers }) =>
    markers
      .filter(({ state }) => state !== 'started')
      .map(({ offsets: _, at: _at, startedAt: _s, endedAt: _e, accounts, ...marker }) =>
        JSON.stringify({ kind, accounts: (accounts as string[] | undefined)?.toSorted(), ...marker }),
      ),
  );
  return [...new Set(lines)].sort();
}

/** The offsets after the last record, as the log has them. */
async function endsOf(lab: Lab): Promise<object[]> {
  const found = [...(await lab.read(lab.topics.assets)), ...(await lab.read(lab.topics.hierarchy))];
  const ends = new Map<string, { topic: string; partition: number; offset: number }>();
  for (const { topic, partition, offset } of found) {
    const end = ends.get(`${topic}/${partition}`);
    if (end === undefined || end.offset <= offset)
      ends.set(`${topic}/${partition}`, { topic, partition, offset: offset + 1 });
  }
  return [...ends.values()].sort((a, b) => a.topic.localeCompare(b.topic) || a.partition - b.partition);
}

async function alone() {
  await using lab = await open();
  await lab.run({ updateTag });
  return { graph: linesOf(await lab.graph()), markers: await markersOf(lab) };
}

test('every account belongs to one shard, which does not depend on the others', () => {
  const counts = [0, 0, 0];
  for (const id of ids) counts[shardOf(id, 3) - 1]!++;
  assert.deepEqual(counts, [2, 3, 2]);
  assert.equal(shardOf('999999999999', 1), 1);
});

test('three shards make the graph and the markers of one process, and one of them enumerates the organization', async () => {
  const expected = await alone();
  await using lab = await open();
  const summaries = await Promise.all([3, 1, 2].map((number) => runShard(lab, number)));
  assert.deepEqual(linesOf(await lab.graph()), expected.graph);
  assert.deepEqual(await markersOf(lab), expected.markers);
  assert.deepEqual(summaries.flatMap(({ accounts }) => accounts.map(({ id }) => id)).sort(), ids);
  assert.deepEqual(
    summaries.map(({ hierarchies }) => hierarchies.length),
    [0, 1, 0],
  );
  const ended = (await lab.markersOf('RunMarker')).filter(({ state }) => state === 'ended');
  assert.deepEqual(ended.at(-1)?.['offsets'], await endsOf(lab));
});

test('the run ends with the last shard, also when one has died and was started again', async () => {
  const expected = await alone();
  await using lab = await open();
  const ended = async () => (await lab.markersOf('RunMarker')).filter(({ state }) => state === 'ended').length;
  const status = async () => {
    const run = { updateTag, state: 'collecting', ageSeconds: 0, accounts: { planned: 7, ended: 0 } } as const;
    const source = { log: lab.log, admin: await lab.log.admin(), topics: lab.topics, registry: lab.registry };
    const [found] = await addWaitingShards(source, [{ ...run, outcomes: {}, waitingScopes: 0, incompleteScopes: 0 }]);
    return found!.waitingForShards;
  };
  assert.deepEqual((await runShard(lab, 1)).waitingForShards, [2, 3]);
  assert.deepEqual(await status(), [2, 3]);
  const abort = new AbortController();
  const died = await runShard(lab, 2, {
    signal: abort.signal,
    onProgress: ({ kind }) => {
      if (kind === 'scope-ended') abort.abort();
    },
  });
  assert.equal(died.aborted, true);
  assert.deepEqual((await runShard(lab, 3)).waitingForShards, [2]);
  assert.equal(await ended(), 0);
  assert.deepEqual((await runShard(lab, 2)).waitingForShards, []);
  assert.equal(await status(), undefined);
  assert.equal(await ended(), 1);
  assert.deepEqual(linesOf(await lab.graph()), expected.graph);
  assert.deepEqual(await markersOf(lab), expected.markers);
});

test('a shard with another number of shards or other syncs is refused before it reads anything', async () => {
  await using lab = await open();
  await runShard(lab, 1);
  const calls = lab.server.calls.filter(({ action }) => !action.startsWith('sts:')).length;
  const refused = (message: RegExp) => (error: unknown) => error instanceof UsageError && message.test(error.message);
  await assert.rejects(runShard(lab, 2, { of: 4 }), refused(/was started with 3 shards, not 4/));
  await assert.rejects(
    runShard(lab, 2, { requestedSyncs: ['ec2:subnet'] }),
    refused(/shard 1\/3 .* collects other syncs/),
  );
  assert.equal(lab.server.calls.filter(({ action }) => !action.startsWith('sts:')).length, calls);
});

test('a shard without accounts ends all the same', async () => {
  await using lab = await open();
  const of = 50;
  const empty = await runShard(lab, of, { of });
  assert.deepEqual(empty.accounts, []);
  assert.equal(empty.waitingForShards?.length, of - 1);
});
