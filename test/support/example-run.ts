import type { HierarchyOutcome } from '../../producers/marker-writer.ts';
import type { Outcome } from '../../producers/outcomes.ts';
import type { RunSummary } from '../../producers/summarize.ts';

/** The summary of a run of one account with so many scopes by outcome, each but the complete ones with its reason. */
export function exampleRun(
  counts: Partial<Record<Outcome, number>>,
  hierarchy: HierarchyOutcome = 'complete',
): RunSummary {
  const scopesByOutcome = { complete: 0, denied: 0, unsupported: 0, failed: 0, skipped: 0, ...counts };
  const notable = (Object.entries(scopesByOutcome) as [Outcome, number][])
    .filter(([outcome]) => outcome !== 'complete')
    .flatMap(([outcome, count]) =>
      Array.from({ length: count }, (_, index) => ({
        scope: `111122223333/eu-west-${index + 1}/ec2:vpc`,
        outcome,
        reason: `why it is ${outcome}`,
      })),
    );
  return {
    updateTag: 1_767_225_600,
    accounts: [{ id: '111122223333', name: 'production', scopesByOutcome, records: 1_234, notable }],
    problems: [],
    hierarchies: [{ organizationId: 'o-example', accountId: '111122223333', outcome: hierarchy, records: 12 }],
    scopesByOutcome,
    recordsByType: { 'cartography.aws.Account': 1, 'cartography.aws.ec2.Vpc': 1_233 },
    aborted: false,
    seconds: 12.3456,
  };
}
