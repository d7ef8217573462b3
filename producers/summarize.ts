import type { AccountProblem } from './accounts/discover-accounts.ts';
import type { AccountResult } from './collect-account.ts';
import type { HierarchyOutcome } from './marker-writer.ts';
import type { HierarchyResult } from './organizations/collect-organizations.ts';
import type { Outcome } from './outcomes.ts';
import { outcomes } from './outcomes.ts';

export interface ScopeSummary {
  scope: string;
  outcome: Outcome;
  reason?: string;
}

export interface AccountSummary {
  id: string;
  name: string;
  scopesByOutcome: Record<Outcome, number>;
  records: number;
  /** Scopes that are not complete, or complete with a reason why some records are withheld. */
  notable: ScopeSummary[];
  /** Why scopes are missing. */
  problem?: string;
}

export interface HierarchySummary {
  organizationId: string | null;
  /** As in HierarchyResult. */
  accountId: string;
  outcome: HierarchyOutcome;
  reason?: string;
  records: number;
}

export interface RunSummary {
  updateTag: number;
  /** In the order in which they ended. */
  accounts: AccountSummary[];
  /** Profiles that gave no account. */
  problems: AccountProblem[];
  hierarchies: HierarchySummary[];
  scopesByOutcome: Record<Outcome, number>;
  /** Distinct records by record type, over all scopes. */
  recordsByType: Record<string, number>;
  /** Whether the run was ended early; its markers are missing then. */
  aborted: boolean;
  /** For a shard of a run: those that have not ended; the run ends with the last one. */
  waitingForShards?: number[];
  seconds: number;
}

export interface SummaryParts {
  updateTag: number;
  accounts: readonly AccountResult[];
  hierarchies: readonly HierarchyResult[];
  problems: readonly AccountProblem[];
  aborted: boolean;
  waitingForShards?: number[];
  seconds: number;
}

export function summarize({ accounts, hierarchies, problems, ...parts }: SummaryParts): RunSummary {
  const recordsByType = new Map<string, number>();
  const count = (records: ReadonlyMap<string, number>): number => {
    let sum = 0;
    for (const [type, number] of records) {
      sum += number;
      if (number > 0) recordsByType.set(type, (recordsByType.get(type) ?? 0) + number);
    }
    return sum;
  };
  return {
    ...parts,
    accounts: accounts.map((result) => ({
      ...result.account,
      scopesByOutcome: countOutcomes([result]),
      records: result.scopes.reduce((sum, { records }) => sum + count(records), 0),
      notable: result.scopes
        .filter(({ outcome, reason }) => outcome !== 'complete' || reason !== undefined)
        .map(({ scope, outcome, reason }) => ({ scope, outcome, ...(reason === undefined ? {} : { reason }) })),
      ...(result.problem === undefined ? {} : { problem: result.problem }),
    })),
    problems: [...problems],
    hierarchies: hierarchies.map(({ organizationId, accountId, outcome, reason, records }) => ({
      organizationId,
      accountId,
      outcome,
      ...(reason === undefined ? {} : { reason }),
      records: count(records),
    })),
    scopesByOutcome: countOutcomes(accounts),
    recordsByType: Object.fromEntries([...recordsByType].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/** Number of scopes by outcome; every outcome is there. */
export function countOutcomes(accounts: readonly Pick<AccountResult, 'scopes'>[]): Record<Outcome, number> {
  const counts = Object.fromEntries(outcomes.map((outcome) => [outcome, 0])) as Record<Outcome, number>;
  for (const { scopes } of accounts) for (const { outcome } of scopes) counts[outcome]++;
  return counts;
}
