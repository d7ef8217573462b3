import { parseArgs } from 'node:util';

import { loadCatalogue } from '../schemas/catalogue.ts';
import { readBaseline, release, writeBaseline } from './compatibility/baseline.ts';
import { findIncompatibilities } from './compatibility/find-incompatibilities.ts';

/*
 * Checks that the schemas may follow the released ones; with --accept (`npm run baseline`) they then count as released.
 * Exit code 1: they may not, and nothing was accepted.
 */
const { values } = parseArgs({ options: { accept: { type: 'boolean', default: false } } });
const baseline = await readBaseline();
const current = loadCatalogue().avroByName();
const problems = findIncompatibilities(baseline, current);
for (const problem of problems) console.error(problem);
if (problems.length > 0) {
  process.exitCode = 1;
} else if (values.accept) {
  await writeBaseline(release(baseline, current));
  console.error(`${current.size} schemas are the baseline`);
}
