import type { Account } from '../accounts/discover-accounts.ts';
import { readIdentity } from '../accounts/identity.ts';
import { cacheClients, type ClientFactory } from '../aws/aws-clients.ts';
import { describeError } from '../aws/describe-error.ts';
import type { HierarchyOutcome } from '../marker-writer.ts';
import { hierarchyFailureOf } from '../organizations/organization-error.ts';
import { describeOrganization } from '../organizations/probe-organizations.ts';
import { listRegions } from '../regions.ts';
import { type ActionCheck, simulateActions } from './simulate-actions.ts';

/** What an account's credentials can do. */
export interface AccountCheck {
  profile: string;
  accountId: string;
  /** As whom AWS is called. */
  arn: string;
  organization: OrganizationCheck;
  /** Undefined: not asked, because --aws-regions names them. */
  regions: { count: number } | { problem: string } | undefined;
  actions: ActionCheck;
}

/** `complete`: it may enumerate. `not_asked`: a run would not ask it either. */
export interface OrganizationCheck {
  organizationId?: string;
  outcome: HierarchyOutcome | 'not_asked';
  reason?: string;
}

export interface CheckPlan {
  clients: ClientFactory;
  asksOrganization: boolean;
  asksRegions: boolean;
  /** IAM actions that the run needs of this account. */
  actions: readonly string[];
}

/** Asks, and changes nothing. Only a fault of the credentials throws. */
export async function checkAccount(account: Account, plan: CheckPlan): Promise<AccountCheck> {
  const { clients } = plan;
  const client = cacheClients(clients, account);
  const { IAMClient } = await import('@aws-sdk/client-iam');
  const { arn } = await readIdentity(clients, account, account.defaultRegion, `profile "${account.name}"`);
  const [organization, regions, actions] = await Promise.all([
    plan.asksOrganization ? checkOrganization(account, clients) : ({ outcome: 'not_asked' } as const),
    plan.asksRegions
      ? listRegions(client, account.defaultRegion).then(
          (found) => ({ count: found.length }),
          (error: unknown) => ({ problem: describeError(error) }),
        )
      : undefined,
    simulateActions(client(IAMClient, account.homeRegion), arn, plan.actions),
  ]);
  return { profile: account.name, accountId: account.id, arn, organization, regions, actions };
}

async function checkOrganization(account: Account, clients: ClientFactory): Promise<OrganizationCheck> {
  let organizationId: string | undefined;
  try {
    organizationId = (await describeOrganization(account, { clients })).Id;
    const { ListRootsCommand, OrganizationsClient } = await import('@aws-sdk/client-organizations');
    await clients.create(OrganizationsClient, account, account.homeRegion).send(new ListRootsCommand({}));
    return { organizationId, outcome: 'complete' };
  } catch (error) {
    return { ...(organizationId === undefined ? {} : { organizationId }), ...hierarchyFailureOf(error) };
  }
}
