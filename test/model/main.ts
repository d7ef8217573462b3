/** `npm run test:model -- --cases N --seed N`: the law and the invariants, for that many simulated histories. */
import { parseArgs } from 'node:util';
import { checkCases } from './simulation/check-cases.ts';

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '2000' },
    /** Of a case that failed, as the report says. */
    path: { type: 'string' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});
const [cases, seed] = [Number(values.cases), Number(values.seed)];
console.log(`seed ${seed} (repeat with --seed ${seed})`);
const { seconds, report, counts } = await checkCases({
  cases,
  seed,
  ...(values.path === undefined ? {} : { path: values.path }),
});
if (report !== undefined) {
  console.error(report);
  process.exitCode = 1;
} else
  console.log(
    `${cases} cases in ${seconds.toFixed(1)} s (${(cases / seconds).toFixed(0)} a second): ${counts.steps} steps, ${counts.kills} kills, ${counts.rebalances} rebalances, ${counts.failures} failed statements; no differences`,
  );
