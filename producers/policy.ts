import type { Sync } from './sync.ts';

/** An IAM policy document: of an identity, or of a role's trust (with principals and without resources). */
export interface PolicyDocument {
  Version: '2012-10-17';
  Statement: PolicyStatement[];
}

export interface PolicyStatement {
  Sid: string;
  Effect: 'Allow';
  Principal?: Record<string, string>;
  Action: string[];
  Resource?: string;
  Condition?: Record<string, Record<string, string>>;
}

/** What the organization's hierarchy is read with. */
export const organizationsActions: readonly string[] = [
  'organizations:DescribeOrganization',
  'organizations:ListAccountsForParent',
  'organizations:ListOrganizationalUnitsForParent',
  'organizations:ListRoots',
];

/** What every run asks, whatever the syncs. */
const baseActions = ['ec2:DescribeRegions', ...organizationsActions, 'sts:GetCallerIdentity'];

/** The IAM actions that these syncs and their shared reads need, sorted; without what every run asks. */
export function actionsOf(syncs: readonly Pick<Sync, 'actions' | 'reads'>[]): string[] {
  const actions = syncs.flatMap((sync) => [...sync.actions, ...(sync.reads ?? []).flatMap((read) => read.actions)]);
  return [...new Set(actions)].sort();
}

/** The least that an identity must be allowed so that these syncs can be complete. */
export function leastPrivilegePolicy(syncs: readonly Pick<Sync, 'actions' | 'reads'>[]): PolicyDocument {
  const actions = new Set([...baseActions, ...actionsOf(syncs)]);
  return {
    Version: '2012-10-17',
    Statement: [{ Sid: 'CartographyStreamRead', Effect: 'Allow', Action: [...actions].sort(), Resource: '*' }],
  };
}
