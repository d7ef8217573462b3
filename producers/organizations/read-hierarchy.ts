import type {
  Account,
  Organization,
  OrganizationalUnit,
  OrganizationsClient,
  Root,
} from '@aws-sdk/client-organizations';

import { allItems } from '../aws/all-items.ts';
import { required } from '../syncs/required.ts';

/** A parent within the organization: `r-...` or `ou-...`. */
export interface Parent {
  kind: 'root' | 'unit';
  id: string;
}

export interface Hierarchy {
  organizationId: string;
  organization: Organization;
  roots: readonly Root[];
  /** Breadth first by root. */
  units: readonly { unit: OrganizationalUnit; rootId: string; parent: Parent }[];
  accounts: readonly { account: Account; parent: Parent }[];
}

/**
 * Enumerates an organization, breadth first, into memory: an organization has at most some 10,000 accounts, and nothing
 * may be written of one that cannot be read to its end.
 * @throws what the SDK throws; RecordError for an item without an id, or an account with neither State nor Status.
 */
export async function readHierarchy(
  client: OrganizationsClient,
  organization: Organization,
  signal: AbortSignal,
): Promise<Hierarchy> {
  const { paginateListAccountsForParent, paginateListOrganizationalUnitsForParent, paginateListRoots } =
    await import('@aws-sdk/client-organizations');
  const paging = { client };
  const units: Hierarchy['units'][number][] = [];
  const accounts = new Map<string, Hierarchy['accounts'][number]>();

  const roots = await allItems(paginateListRoots(paging, {}), ({ Roots }) => Roots);
  for (const root of roots) {
    const rootId = required(root.Id, 'ListRoots Roots.Id');
    const queue: Parent[] = [{ kind: 'root', id: rootId }];
    for (const parent of queue) {
      signal.throwIfAborted();
      for await (const page of paginateListOrganizationalUnitsForParent(paging, { ParentId: parent.id })) {
        for (const unit of page.OrganizationalUnits ?? []) {
          units.push({ unit, rootId, parent });
          const id = required(unit.Id, 'ListOrganizationalUnitsForParent OrganizationalUnits.Id');
          queue.push({ kind: 'unit', id });
        }
      }
      for await (const page of paginateListAccountsForParent(paging, { ParentId: parent.id })) {
        for (const account of page.Accounts ?? []) {
          required(account.State ?? account.Status, 'ListAccountsForParent Accounts.State and Accounts.Status');
          // One that is moved meanwhile may be met twice; it has one place, the last one seen.
          accounts.set(required(account.Id, 'ListAccountsForParent Accounts.Id'), { account, parent });
        }
      }
    }
  }
  return {
    organizationId: required(organization.Id, 'DescribeOrganization Organization.Id'),
    organization,
    roots,
    units,
    accounts: [...accounts.values()],
  };
}
