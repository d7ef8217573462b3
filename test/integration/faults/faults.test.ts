import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Fault, faults, rebalance } from '../../faults/faults.ts';
import { Rounds } from '../../faults/rounds.ts';
import { startWorld, type World } from '../../faults/world.ts';
import { randomFrom, testSeed } from '../../support/random.ts';

/* Its own servers, behind proxies: a few of the faults that `npm run soak` draws from all of them. */

let world: World;
let rounds: Rounds;
before(async () => {
  world = await startWorld();
  rounds = new Rounds(world, randomFrom(testSeed), { instances: [5, 20] });
  // Constraints and plans are made once: what follows is about faults.
  const { differences } = await rounds.play([]);
  assert.deepEqual(differences, []);
});
after(() => world.close());

const together: readonly (readonly string[])[] = [
  ['the way to kafka is cut in the middle of an answer', 'the way to registry is shut', 'the way to neo4j is cut'],
  ['the way to kafka is half-open', 'the way to neo4j is half-open'],
  ['the way to kafka is a black hole', 'a collector is killed', 'the way to neo4j is a black hole'],
  ['a collector is stopped', 'a loader is stopped for longer than its session', 'a loader is killed'],
  ['neo4j has no memory left for transactions', 'registry is killed'],
  ['the disk of kafka is full'],
];

for (const names of together) {
  const chosen = faults.filter(({ name }) => names.includes(name));
  const skip = chosen.length < names.length && process.platform !== 'linux';
  test(`the graph is the same when ${names.join(', and ')} (seed ${testSeed})`, { skip }, async () => {
    assert.equal(chosen.length, names.length);
    const { injected, differences } = await rounds.play(chosen);
    assert.deepEqual(differences, []);
    assert.ok(injected.length > 0, 'the run was loaded before anything went wrong');
  });
}

test(`the graph is the same after 100 rebalances of the loaders' groups (seed ${testSeed})`, async () => {
  let rebalances = 0;
  const restless: Fault = {
    name: 'the groups rebalance for as long as it takes',
    lastsMs: [0, 0],
    begin: async (one) => {
      rebalances += await rebalance(one);
      return undefined;
    },
  };
  while (rebalances < 100) {
    const { differences } = await rounds.play(Array.from({ length: 13 }, () => restless));
    assert.deepEqual(differences, []);
  }
});
