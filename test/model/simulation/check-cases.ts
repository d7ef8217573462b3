import fc from 'fast-check';
import type { Mutant } from './mutant.ts';
import { arbitraryPlan, type Outcome, simulate } from './simulate.ts';

export interface CheckedCases {
  seconds: number;
  counts: Omit<Outcome, 'problems'>;
  /** The smallest case that was found to fail, and what is wrong with it. */
  report: string | undefined;
}

/** Simulates cases until one fails. */
export async function checkCases(options: {
  cases: number;
  seed: number;
  mutant?: Mutant;
  /** Repeats one case of an earlier report. */
  path?: string;
  /** Whether to look for a smaller case that fails. Default true. */
  shrink?: boolean;
}): Promise<CheckedCases> {
  const { cases, seed, mutant = {}, path, shrink = true } = options;
  const since = performance.now();
  const counts = { steps: 0, kills: 0, rebalances: 0, failures: 0 };
  const details = await fc.check(
    fc.asyncProperty(arbitraryPlan(mutant.syncs), async (plan) => {
      const { problems, ...more } = await simulate(plan, mutant);
      for (const name of ['steps', 'kills', 'rebalances', 'failures'] as const) counts[name] += more[name];
      if (problems.length > 0) throw new Error(problems.join('\n'));
    }),
    { seed, numRuns: cases, endOnFailure: !shrink || path !== undefined, ...(path === undefined ? {} : { path }) },
  );
  return {
    seconds: (performance.now() - since) / 1_000,
    counts,
    report: details.failed ? `${fc.defaultReportMessage(details)}\n\n${String(details.errorInstance)}` : undefined,
  };
}
