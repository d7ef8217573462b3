import { type Estate, EstateError, type EstateOrganization, organizationOf } from './estate.ts';

/**
 * AWS Organizations: every member may describe its organization, and only the management account and delegated
 * administrators may list anything (https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListRoots.html).
 */
export function answerOrganizations(
  estate: Estate,
  accountId: string,
  operation: string,
  input: Readonly<Record<string, unknown>>,
): object {
  const organization = organizationOf(estate, accountId);
  if (organization === undefined) throw new EstateError('AWSOrganizationsNotInUseException');
  const { id, managementAccountId, delegatedAdministrators, rootId, units, accounts } = organization;
  if (operation === 'DescribeOrganization') {
    return {
      Organization: {
        Id: id,
        Arn: `arn:aws:organizations::${managementAccountId}:organization/${id}`,
        FeatureSet: 'ALL',
        MasterAccountId: managementAccountId,
      },
    };
  }
  if (accountId !== managementAccountId && !delegatedAdministrators.includes(accountId)) {
    throw new EstateError('AccessDeniedException', 400, "You don't have permissions to access this resource.");
  }
  const pageOf = (name: string, items: readonly object[]): object => {
    const start = Number(input['NextToken'] ?? 0);
    const end = start + (estate.pageSize ?? 2);
    return { [name]: items.slice(start, end), ...(end < items.length ? { NextToken: String(end) } : {}) };
  };
  const parentId = String(input['ParentId']);
  switch (operation) {
    case 'ListRoots':
      return { Roots: [{ Id: rootId, Name: 'Root', Arn: arnOf(organization, 'root', rootId) }] };
    case 'ListOrganizationalUnitsForParent':
      return pageOf(
        'OrganizationalUnits',
        units
          .filter((unit) => unit.parentId === parentId)
          .map((unit) => ({ Id: unit.id, Name: unit.name, Arn: arnOf(organization, 'ou', unit.id) })),
      );
    case 'ListAccountsForParent':
    case 'ListAccounts':
      return pageOf(
        'Accounts',
        accounts
          .filter((account) => operation === 'ListAccounts' || account.parentId === parentId)
          .map(({ id: Id, name: Name, state = 'ACTIVE' }) => ({
            Id,
            Name,
            Arn: arnOf(organization, 'account', Id),
            Email: `${Id}@example.com`,
            ...(state === null ? {} : { State: state, Status: state === 'PENDING_CLOSURE' ? 'ACTIVE' : state }),
          })),
      );
    default:
      throw new EstateError('UnknownOperationException');
  }
}

function arnOf({ id, managementAccountId }: EstateOrganization, kind: string, part: string): string {
  return `arn:aws:organizations::${managementAccountId}:${kind}/${id}/${part}`;
}
