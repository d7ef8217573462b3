import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readRunState } from '../../consumers/run-state.ts';
import { cleanupStage } from '../../consumers/stages/cleanup-stage.ts';
import type { Item } from '../../consumers/stages/stage.ts';
import { MemoryGraph } from './memory-graph/memory-graph.ts';
import { Store } from './memory-graph/store.ts';

const tag = 7;
const marker = (state: 'started' | 'ended', at: number): Item => ({
  offset: BigInt(at),
  decoded: {
    schemaId: 1,
    name: 'cartography.aws.markers.RunMarker',
    schema: undefined,
    value: { updateTag: tag, state, accounts: [], requestedSyncs: [], outcomes: {}, offsets: [], at },
  },
  row: undefined,
});

function setUp() {
  const graph = new MemoryGraph(new Store(), {
    turn: () => Promise.resolve(),
    failStatement: () => undefined,
    goneIsSilent: true,
    commit: () => 'done',
    begun: () => undefined,
  });
  return { graph, stage: cleanupStage(graph, () => undefined) };
}

test('a run that is started again with its tag is loaded once it has ended again', async () => {
  const { graph, stage } = setUp();
  const stateAfter = async (...items: Item[]): Promise<string> => {
    await graph.transact((tx) => stage.apply(tx, items));
    return (await readRunState(graph, tag, () => 0n)).state;
  };

  assert.equal(await stateAfter(marker('started', 1)), 'collecting');
  assert.equal(await stateAfter(marker('ended', 2)), 'loaded');
  assert.equal(await stateAfter(marker('started', 3)), 'collecting');
  assert.equal(await stateAfter(marker('ended', 4)), 'loaded');
});

test('that a run was started again does not shut the gates that its first end has opened', async () => {
  const { graph, stage } = setUp();

  await graph.transact((tx) => stage.apply(tx, [marker('started', 1), marker('ended', 2), marker('started', 3)]));

  const [end] = await graph.transact((tx) => tx.earliestMarkers('run', [{ subject: 'run', tag: BigInt(tag) }]));
  assert.equal(end?.kind, 'run');
});
