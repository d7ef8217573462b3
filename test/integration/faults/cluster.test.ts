import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { clusterFaults } from '../../faults/faults.ts';
import { Rounds } from '../../faults/rounds.ts';
import { startWorld, type World } from '../../faults/world.ts';
import { randomFrom, testSeed } from '../../support/random.ts';

let world: World;
before(async () => {
  world = await startWorld({ brokers: 3 });
});
after(() => world.close());

test(`the graph is the same when a cluster of three brokers loses one, whichever (seed ${testSeed})`, async () => {
  const rounds = new Rounds(world, randomFrom(testSeed), { instances: [5, 20] });
  const lost = clusterFaults.find(({ name }) => name === 'one of the brokers is killed')!;
  await rounds.play([]);
  const { injected, differences } = await rounds.play([lost, lost]);
  assert.deepEqual(differences, []);
  assert.ok(injected.length > 0, 'the run was loaded before a broker was lost');
});
