import type { Organization } from '@aws-sdk/client-organizations';
import pLimit from 'p-limit';

import type { Account } from '../accounts/discover-accounts.ts';
import type { RunContext } from '../run-context.ts';
import { settleAll } from '../settle-all.ts';
import { required } from '../syncs/required.ts';
import type { HierarchyFailure } from './organization-error.ts';
import { hierarchyFailureOf } from './organization-error.ts';

/** Accounts of one organization: the management account first, the others in their order. */
export interface OrganizationGroup {
  organizationId: string;
  accounts: readonly Account[];
}

export interface Probes {
  groups: readonly OrganizationGroup[];
  failures: readonly (HierarchyFailure & { account: Account })[];
}

const probesAtOnce = 8;

export async function describeOrganization(
  account: Account,
  run: Pick<RunContext, 'clients'>,
): Promise<Organization & { Id: string }> {
  const { DescribeOrganizationCommand, OrganizationsClient } = await import('@aws-sdk/client-organizations');
  const client = run.clients.create(OrganizationsClient, account, account.homeRegion);
  const organization = required(
    (await client.send(new DescribeOrganizationCommand({}))).Organization,
    'DescribeOrganization Organization',
  );
  return { ...organization, Id: required(organization.Id, 'DescribeOrganization Organization.Id') };
}

/** Asks each account for its organization. An account's error is its own. */
export async function probeOrganizations(
  candidates: readonly Account[],
  run: Pick<RunContext, 'clients' | 'signal'>,
): Promise<Probes> {
  const limit = pLimit(probesAtOnce);
  const probes = await settleAll(
    candidates.map((account) =>
      limit(async () => {
        run.signal.throwIfAborted();
        try {
          return { account, organization: await describeOrganization(account, run) };
        } catch (error) {
          run.signal.throwIfAborted();
          return { account, failure: hierarchyFailureOf(error) };
        }
      }),
    ),
  );
  const groups = new Map<string, { account: Account; isManagement: boolean }[]>();
  const failures: Probes['failures'][number][] = [];
  for (const { account, organization, failure } of probes) {
    if (organization === undefined) failures.push({ account, ...failure });
    else {
      const group = groups.get(organization.Id) ?? [];
      groups.set(organization.Id, group);
      group.push({ account, isManagement: organization.MasterAccountId === account.id });
    }
  }
  return {
    groups: [...groups].map(([organizationId, members]) => ({
      organizationId,
      accounts: members
        .toSorted((a, b) => Number(b.isManagement) - Number(a.isManagement))
        .map(({ account }) => account),
    })),
    failures,
  };
}
