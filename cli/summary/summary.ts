import type { GraphTotals } from '../../consumers/graph-totals.ts';
import type { AccountSummary, HierarchySummary, RunSummary } from '../../producers/summarize.ts';
import { findGaps, type Findings } from '../exit-code.ts';

/** The result of a command that ran the collectors; what `--json` prints. */
export interface Summary {
  status: 'complete' | 'partial';
  /** What is missing, a line each. */
  gaps: string[];
  updateTag: number;
  /** By id. */
  accounts: AccountSummary[];
  profileProblems: RunSummary['problems'];
  organizations: HierarchySummary[];
  scopesByOutcome: RunSummary['scopesByOutcome'];
  recordsByType: Record<string, number>;
  /** Complete scopes of which the graph lacks records. */
  incompleteScopes: string[];
  /** Of a shard: those that have not ended. The run ends with the last one; undefined where no others collect. */
  waitingForShards?: number[];
  /** Undefined when nothing was loaded. */
  graph?: GraphTotals;
  seconds: { collect: number; total: number };
}

export interface SummaryParts extends Findings {
  totals?: GraphTotals;
  /** Of the whole command. */
  seconds: number;
}

export function makeSummary(parts: SummaryParts): Summary {
  const { run, incompleteScopes = [], totals, seconds } = parts;
  const gaps = findGaps(parts);
  return {
    status: gaps.length === 0 ? 'complete' : 'partial',
    gaps,
    updateTag: run.updateTag,
    accounts: run.accounts.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    profileProblems: run.problems,
    organizations: run.hierarchies,
    scopesByOutcome: run.scopesByOutcome,
    recordsByType: run.recordsByType,
    incompleteScopes: [...incompleteScopes],
    ...(run.waitingForShards === undefined ? {} : { waitingForShards: run.waitingForShards }),
    ...(totals === undefined ? {} : { graph: totals }),
    seconds: { collect: round(run.seconds), total: round(seconds) },
  };
}

function round(seconds: number): number {
  return Math.round(seconds * 1_000) / 1_000;
}
