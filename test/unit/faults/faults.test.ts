import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faults, notInjected } from '../../faults/faults.ts';
import { Worker } from '../../faults/worker.ts';
import type { World } from '../../faults/world.ts';

const ofCollectors = faults.filter(({ name }) => name.startsWith('a collector '));

test('what would befall a collector that has ended is not counted as injected', async () => {
  assert.ok(ofCollectors.length >= 2);
  // Ends at once, with 0: it has nothing to do.
  const ended = new Worker('random.ts', {});
  await ended.done;
  for (const collector of [undefined, ended]) {
    for (const { name, begin } of ofCollectors)
      assert.equal(await begin({ collector, loaders: [] } as unknown as World, () => 0), notInjected, name);
  }
});
