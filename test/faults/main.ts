/** `npm run soak -- --seconds N --seed N`: faults at random while changing estates are collected and loaded. */
import { parseArgs } from 'node:util';
import { randomFrom } from '../support/random.ts';
import { clusterFaults, type Fault, faults } from './faults.ts';
import { Rounds } from './rounds.ts';
import { startWorld } from './world.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '120' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    /** With more than one, their faults and no others. */
    brokers: { type: 'string', default: '1' },
    /** Only faults whose name contains this. */
    only: { type: 'string', default: '' },
  },
});
const [seconds, seed] = [Number(values.seconds), Number(values.seed)];
const brokers = Number(values.brokers);
const chosen = (brokers === 1 ? faults : clusterFaults).filter(({ name }) => name.includes(values.only));
if (!(seconds > 0) || !Number.isSafeInteger(seed) || chosen.length === 0) {
  console.error('--seconds and --seed take whole numbers; --only takes a part of a name:');
  for (const { name } of faults) console.error(`  ${name}`);
  process.exit(2);
}
const since = performance.now();
const say = (line: string): void => console.error(`${((performance.now() - since) / 1_000).toFixed(1)} s: ${line}`);
say(`seed ${seed} (repeat with --seed ${seed})`);
const random = randomFrom(seed);
const pick = (): Fault => chosen[Math.floor(random() * chosen.length)]!;

const world = await startWorld({ brokers });
const total = { rounds: 0, injected: 0, records: 0, differences: 0 };
const kinds = new Set<string>();
try {
  const rounds = new Rounds(world, random, { tell: (line) => say(`  ${line}`) });
  // Constraints and plans are made once: what follows is about faults.
  await rounds.play([]);
  const until = performance.now() + seconds * 1_000;
  while (performance.now() < until && total.differences === 0) {
    const planned = Array.from({ length: 1 + Math.floor(random() * 4) }, pick);
    const { injected, records, differences } = await rounds.play(planned);
    total.rounds++;
    total.injected += injected.length;
    total.records += records;
    total.differences += differences.length;
    for (const name of injected) kinds.add(name);
    say(
      `round ${total.rounds}: ${records} records, ${differences.length} differences; ${injected.join('; ') || 'undisturbed'}`,
    );
    for (const line of differences.slice(0, 50)) say(`  ${line}`);
  }
} finally {
  await world.close();
}
console.log(
  `${total.injected} faults injected (${kinds.size} kinds), ${total.rounds} runs, ${total.records} records, ${total.differences} differences (seed ${seed})`,
);
process.exit(total.differences === 0 ? 0 : 1);
