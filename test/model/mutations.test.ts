import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkCases } from './simulation/check-cases.ts';
import { mutants } from './simulation/mutants.ts';

/** Enough for the guard that is missed the least often, several times over. */
const cases = 1_000;
/** A fixed one: a guard that is missed seldom must not make the suite fail by chance. */
const seed = 359_632;

for (const [guard, mutant] of Object.entries(mutants)) {
  test(`loaders without ${guard} are noticed`, async () => {
    const { report } = await checkCases({ cases, seed, mutant, shrink: false });
    assert.ok(report !== undefined, `${cases} cases went well`);
  });
}
