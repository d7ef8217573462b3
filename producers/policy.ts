import type { Sync } from './sync.ts';

/** An IAM policy document. */
export interface PolicyDocument {
  Version: '2012-10-17';
  Statement: { Sid: string; Effect: 'Allow'; Action: string[]; Resource: '*' }[];
}

/** What every run asks, whatever the syncs. */
const baseActions = [
  'ec2:DescribeRegions',
  'organizations:DescribeOrganization',
  'organizations:ListAccountsForParent',
  'organizations:ListOrganizationalUnitsForParent',
  'organizations:ListRoots',
  'sts:GetCallerIdentity',
];

/** The least that an identity must be allowed so that these syncs can be complete. */
export function leastPrivilegePolicy(syncs: readonly Pick<Sync, 'actions' | 'reads'>[]): PolicyDocument {
  const actions = new Set(baseActions);
  for (const sync of syncs) {
    for (const action of sync.actions) actions.add(action);
    for (const read of sync.reads ?? []) for (const action of read.actions) actions.add(action);
  }
  return {
    Version: '2012-10-17',
    Statement: [{ Sid: 'CartographyStreamRead', Effect: 'Allow', Action: [...actions].sort(), Resource: '*' }],
  };
}
