import type { PageState } from '../../cli/monitor/page-state.ts';

const now = Date.UTC(2026, 10, 25, 9);
const tag = 1_795_597_200;
/** A name as somebody could give it in AWS. */
export const hostileName = `</script><img src=x onerror="document.title='owned'"><b>Prod & "co"</b>`;

export const exampleAccounts = ['111111111111', '222222222222', '333333333333', '444444444444'] as const;

/** An organization of two units with three accounts, and one account outside of it; behind by one links gate. */
export function examplePageState(): PageState {
  const [management, prod, sandbox, outside] = exampleAccounts;
  const asOf = (minutes: number): string => new Date(now - minutes * 60_000).toISOString();
  const account = (id: string, name: string | null, outcomes: Record<string, number>, minutes: number | null) => ({
    id,
    name,
    updateTag: tag,
    outcomes,
    ageSeconds: 120,
    asOf: minutes === null ? null : asOf(minutes),
  });
  return {
    command: 'load',
    version: '0.1.0',
    at: now,
    collecting: null,
    problem: null,
    graph: {
      caughtUp: false,
      runs: [
        {
          updateTag: tag,
          state: 'loading',
          ageSeconds: 130,
          accounts: { planned: 4, ended: 4 },
          outcomes: { complete: 271, denied: 3, failed: 1, unsupported: 12 },
          waitingScopes: 2,
          incompleteScopes: 1,
        },
        {
          updateTag: tag - 86_400,
          state: 'unfinished',
          ageSeconds: 86_530,
          accounts: { planned: 4, ended: 2 },
          outcomes: {},
          waitingScopes: 0,
          incompleteScopes: 0,
        },
      ],
      stages: [
        { stage: 'nodes', lag: 0, partitions: [], waitsFor: [] },
        {
          stage: 'links',
          lag: 4_210,
          partitions: [],
          waitsFor: [
            {
              subject: prod,
              updateTag: tag,
              partition: 'cartography.aws.assets/3',
              offset: 120,
              marker: { kind: 'account', subject: prod, updateTag: tag },
              until: null,
            },
          ],
        },
        { stage: 'cross-links', lag: 4_210, partitions: [], waitsFor: [] },
        {
          stage: 'cleanup',
          lag: 0,
          partitions: [],
          waitsFor: [
            {
              subject: `${management}/eu-west-1/ec2:instance`,
              updateTag: tag,
              partition: null,
              offset: null,
              marker: null,
              until: { stage: 'links', partition: 'cartography.aws.assets/3', offset: 9_120, now: 4_910 },
            },
          ],
        },
        {
          stage: 'analysis',
          lag: 0,
          partitions: [],
          waitsFor: [{ subject: management, updateTag: tag, partition: null, offset: null, marker: null, until: null }],
        },
      ],
      lag: { nodes: 0, links: 4_210, 'cross-links': 4_210, cleanup: 0, analysis: 0 },
      scopesWaiting: 2,
      analysesWaiting: 1,
      incompleteScopes: [`${management}/eu-west-1/ec2:vpc`],
      deadLetters: { 'cartography.aws.assets.dlq': 2, 'cartography.aws.hierarchy.dlq': 0 },
      scopesByOutcome: { complete: 271, denied: 3, failed: 1, unsupported: 12 },
      accounts: [
        account(management, 'management', { complete: 70, unsupported: 4 }, 4),
        account(prod, hostileName, { complete: 68, denied: 3, unsupported: 3 }, 26 * 60),
        account(sandbox, 'sandbox', { complete: 70, failed: 1, unsupported: 3 }, 5),
        account(outside, 'no organization', { complete: 63, unsupported: 2 }, null),
      ],
      organizations: [
        { kind: 'organization', id: 'o-exampleorgid', name: null, parent: null },
        { kind: 'root', id: 'o-exampleorgid/r-f6g7', name: 'Root', parent: 'o-exampleorgid' },
        { kind: 'account', id: management, name: 'management', parent: 'o-exampleorgid/r-f6g7' },
        { kind: 'unit', id: 'o-exampleorgid/ou-1', name: 'Workloads', parent: 'o-exampleorgid/r-f6g7' },
        { kind: 'account', id: prod, name: hostileName, parent: 'o-exampleorgid/ou-1' },
        { kind: 'unit', id: 'o-exampleorgid/ou-2', name: 'Sandbox', parent: 'o-exampleorgid/r-f6g7' },
        { kind: 'account', id: sandbox, name: 'sandbox', parent: 'o-exampleorgid/ou-2' },
        { kind: 'account', id: '555555555555', name: 'never read', parent: 'o-exampleorgid/ou-2' },
      ],
      openScopes: [
        {
          scope: `${prod}/global/iam`,
          outcome: 'denied',
          reason: 'AccessDenied: User is not authorized to perform iam:ListUsers <i>on this</i>',
          updateTag: tag,
          ageSeconds: 121,
          asOf: null,
        },
        {
          scope: `${sandbox}/us-east-1/ec2:instance`,
          outcome: 'failed',
          reason: 'InternalError: please try again',
          updateTag: tag,
          ageSeconds: 150,
          asOf: asOf(1_500),
        },
      ],
    },
  };
}
