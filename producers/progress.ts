import type { HierarchyOutcome } from './marker-writer.ts';
import type { Outcome } from './outcomes.ts';

/** What happens in a run, for whoever watches it. */
export type Progress =
  | { kind: 'run-started'; accounts: { id: string; name: string }[]; problems: { profile: string; reason: string }[] }
  | {
      kind: 'hierarchy-ended';
      organizationId: string | null;
      accountId: string;
      outcome: HierarchyOutcome;
      reason?: string;
      records: number;
    }
  | { kind: 'account-started'; accountId: string; name: string; scopesTotal: number }
  | {
      kind: 'scope-ended';
      accountId: string;
      scope: string;
      sync: string;
      region: string;
      outcome: Outcome;
      reason?: string;
      records: number;
      /** Of the account, with this one. */
      scopesDone: number;
      scopesTotal: number;
    }
  | { kind: 'account-ended'; accountId: string; name: string; records: number; problem?: string };
