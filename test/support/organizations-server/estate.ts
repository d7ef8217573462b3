/** What the server knows; a test may change it between calls. */
export interface Estate {
  organizations: EstateOrganization[];
  /** Items of a page of AWS Organizations. Default 2; AWS has 20. */
  pageSize?: number;
  /** Actions (`organizations:ListRoots`) that an account's identities are denied, by account. */
  denied: Record<string, readonly string[]>;
}

export interface EstateOrganization {
  id: string;
  managementAccountId: string;
  delegatedAdministrators: string[];
  rootId: string;
  /** `parentId` is the root or another unit. */
  units: { id: string; name: string; parentId: string }[];
  accounts: EstateAccount[];
}

export interface EstateAccount {
  id: string;
  name: string;
  parentId: string;
  /** Default ACTIVE; null: AWS says nothing. */
  state?: 'ACTIVE' | 'SUSPENDED' | 'PENDING_CLOSURE' | null;
}

/** A call as the server saw it. */
export interface EstateCall {
  accountId: string;
  /** The IAM action, e.g. `organizations:ListRoots`. */
  action: string;
  region: string;
  input: Readonly<Record<string, unknown>>;
  /** `performance.now()`. */
  atMs: number;
}

/** An error in the words of its service. */
export class EstateError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, status = 400, message = `${code} happened`) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

export function organizationOf(estate: Estate, accountId: string): EstateOrganization | undefined {
  return estate.organizations.find(({ accounts }) => accounts.some(({ id }) => id === accountId));
}
