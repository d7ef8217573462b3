import type { AccountCheck } from '../../producers/doctor/check-account.ts';
import type { ConfigurationCheck } from '../../producers/doctor/check-configuration.ts';

/** `partial`: a run would lack something of this profile; `failed`: all of it. */
export interface Diagnosis {
  profile: string;
  accountId: string | null;
  status: 'ok' | 'partial' | 'failed';
  /** What was found, in short. */
  findings: string[];
  /** What to do about it; empty when nothing is wrong. */
  advice: string[];
}

/** @param wantsOrganization whether --aws-organization-account-ids asks for hierarchies, so that one that nobody may read is a fault */
export function diagnose(check: ConfigurationCheck, wantsOrganization: boolean): Diagnosis[] {
  const enumerated = new Set(
    check.accounts.filter(({ organization }) => organization.outcome === 'complete').map(organizationIdOf),
  );
  return [
    ...check.accounts.map((account) => diagnoseAccount(account, enumerated, wantsOrganization)),
    ...check.problems.map(({ profile, reason }): Diagnosis => {
      return {
        profile,
        accountId: null,
        status: 'failed',
        findings: [reason],
        advice: ['correct or remove the profile'],
      };
    }),
  ];
}

function diagnoseAccount(
  account: AccountCheck,
  enumerated: ReadonlySet<string | undefined>,
  wantsOrganization: boolean,
): Diagnosis {
  const advice: string[] = [];
  let isPartial = false;
  const { organization, regions, actions } = account;
  if (regions !== undefined && 'problem' in regions) {
    isPartial = true;
    advice.push('allow ec2:DescribeRegions, or name regions with --aws-regions');
  }
  if ('denied' in actions && actions.denied.length > 0) {
    isPartial = true;
    advice.push('attach SecurityAudit, or the policy of `cartography iam --least-privilege`');
  }
  if (organization.outcome === 'incomplete') {
    isPartial = true;
    advice.push('try again; the hierarchy would be left as it is');
  }
  if (organization.outcome === 'access_denied' && !enumerated.has(organizationIdOf(account))) {
    isPartial ||= wantsOrganization;
    advice.push(
      'for the hierarchy, add a profile of the management account or of a delegated administrator that may list it',
    );
  }
  return {
    profile: account.profile,
    accountId: account.accountId,
    status: isPartial ? 'partial' : 'ok',
    findings: [
      account.arn.split(':').slice(5).join(':'),
      describeOrganization(organization),
      ...(regions === undefined
        ? []
        : ['problem' in regions ? `regions: ${regions.problem}` : `${regions.count} regions`]),
      describeActions(actions),
    ],
    advice,
  };
}

function organizationIdOf({ organization }: AccountCheck): string | undefined {
  return organization.organizationId;
}

function describeOrganization({ outcome, organizationId = '', reason = '' }: AccountCheck['organization']): string {
  switch (outcome) {
    case 'complete':
      return `may enumerate ${organizationId}`;
    case 'access_denied':
      return organizationId === '' ? 'may not describe its organization' : `may not enumerate ${organizationId}`;
    case 'incomplete':
      return `organization: ${reason}`;
    case 'not_in_org':
      return 'in no organization';
    case 'not_asked':
      return 'organization not asked';
  }
}

function describeActions(actions: AccountCheck['actions']): string {
  if ('unchecked' in actions) return `actions not checked (${actions.unchecked})`;
  const count = actions.allowed.length + actions.denied.length;
  if (actions.denied.length === 0) return `all ${count} actions allowed`;
  return `${actions.denied.length} of ${count} actions denied: ${actions.denied.join(', ')}`;
}
