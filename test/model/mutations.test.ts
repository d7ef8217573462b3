import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testSeed } from '../support/random.ts';
import { checkCases } from './simulation/check-cases.ts';
import { mutants } from './simulation/mutants.ts';

/** Enough for the guard that is missed the least often, several times over. */
const cases = 1_000;

for (const [guard, mutant] of Object.entries(mutants)) {
  test(`loaders without ${guard} are noticed (seed ${testSeed})`, async () => {
    const { report } = await checkCases({ cases, seed: testSeed, mutant, shrink: false });
    assert.ok(report !== undefined, `${cases} cases went well`);
  });
}
