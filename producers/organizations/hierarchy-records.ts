import { record } from '../../schemas/record.ts';
import type { CollectedRecord } from '../sync.ts';
import { required } from '../syncs/required.ts';
import type { Hierarchy, Parent } from './read-hierarchy.ts';

/** Every record type of a hierarchy. */
export const hierarchyRecordTypes = [
  'cartography.aws.organizations.Organization',
  'cartography.aws.organizations.Root',
  'cartography.aws.organizations.OrganizationalUnit',
  'cartography.aws.organizations.Account',
  'cartography.aws.organizations.RootPrincipal',
] as const;

/** The records of an organization, without their envelope (organizationId, updateTag). */
export function* hierarchyRecords(hierarchy: Hierarchy): Generator<CollectedRecord> {
  const { organizationId, organization } = hierarchy;
  const scoped = (id: string): string => `${organizationId}/${id}`;
  const placed = (
    parent: Parent | undefined,
  ): { ParentRootId: string | null; ParentOrganizationalUnitId: string | null } => ({
    ParentRootId: parent?.kind === 'root' ? scoped(parent.id) : null,
    ParentOrganizationalUnitId: parent?.kind === 'unit' ? scoped(parent.id) : null,
  });

  yield record('cartography.aws.organizations.Organization', {
    Id: organizationId,
    Arn: organization.Arn ?? null,
    FeatureSet: organization.FeatureSet ?? null,
    MasterAccountArn: organization.MasterAccountArn ?? null,
    MasterAccountId: organization.MasterAccountId ?? null,
    MasterAccountEmail: organization.MasterAccountEmail ?? null,
  });
  for (const root of hierarchy.roots) {
    const rootId = required(root.Id, 'ListRoots Roots.Id');
    yield record('cartography.aws.organizations.Root', {
      Id: scoped(rootId),
      RootId: rootId,
      Arn: root.Arn ?? null,
      Name: root.Name ?? null,
    });
  }
  for (const { unit, rootId, parent } of hierarchy.units) {
    const unitId = required(unit.Id, 'ListOrganizationalUnitsForParent OrganizationalUnits.Id');
    yield record('cartography.aws.organizations.OrganizationalUnit', {
      Id: scoped(unitId),
      OrganizationalUnitId: unitId,
      Arn: unit.Arn ?? null,
      Name: unit.Name ?? null,
      RootId: scoped(rootId),
      ...placed(parent),
    });
  }
  for (const { account, parent } of hierarchy.accounts) {
    const accountId = required(account.Id, 'ListAccountsForParent Accounts.Id');
    const state = account.State ?? account.Status;
    const isActive = state === 'ACTIVE';
    yield record('cartography.aws.organizations.Account', {
      Id: accountId,
      Arn: account.Arn ?? null,
      Email: account.Email ?? null,
      Name: account.Name ?? null,
      State: state ?? null,
      Status: account.Status ?? null,
      JoinedMethod: account.JoinedMethod ?? null,
      JoinedTimestamp: account.JoinedTimestamp?.getTime() ?? null,
      ...placed(isActive ? parent : undefined),
    });
    // Always the partition aws, as in the reference.
    if (isActive)
      yield record('cartography.aws.organizations.RootPrincipal', {
        Arn: `arn:aws:iam::${accountId}:root`,
        AccountId: accountId,
      });
  }
}
