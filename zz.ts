import { checkCases } from './test/model/simulation/check-cases.ts';
import { mutants } from './test/model/simulation/mutants.ts';
for (const name of ['the look at what a zombie did between two transactions', 'the replacement of pending references'])
  for (const seed of [31, 77]) {
    const { report, seconds } = await checkCases({ cases: 4000, seed, mutant: mutants[name]!, shrink: false });
    console.log(name, seed, seconds.toFixed(0), report?.slice(0, 100));
  }
