import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { syncs } from '../../../producers/syncs.ts';
import type { ModelGraph } from '../../model/law.ts';
import { type Lab, startLab } from '../../support/pipeline.ts';
import { differences } from '../../support/read-graph.ts';
import { shuffle, testSeed } from '../../support/random.ts';

const byId = syncs.toSorted((a, b) => (a.id < b.id ? -1 : 1));
const orders = { sorted: byId, reversed: byId.toReversed(), [`shuffled with seed ${testSeed}`]: shuffle(byId) };

let lab: Lab;
before(async () => {
  lab = await startLab({ accounts: 2, instances: 3, regions: ['us-east-1', 'eu-west-1'], seed: 6, scale: 0.3 });
});
after(() => lab.close());

let first: ModelGraph | undefined;
for (const [name, order] of Object.entries(orders)) {
  test(`syncs one after the other, ${name}, give the same graph in one run: ${order.map(({ id }) => id).join(',')}`, async () => {
    await using pipeline = await lab.open({ partitions: 2 });
    await pipeline.load({ limits: { rows: 50, bytes: 1_000_000 } });
    const oneByOne = { accountsAtOnce: 1, scopesAtOnce: 1 };
    await pipeline.runOnce({ tag: 1_000, syncs: order, requestedSyncs: order.map(({ id }) => id), ...oneByOne });
    const found = await pipeline.graphOf();
    assert.ok(found.edges.size > found.nodes.size);
    first ??= found;
    assert.deepEqual(differences(first, found), []);
    assert.deepEqual(differences(await pipeline.law(), found), []);
  });
}
