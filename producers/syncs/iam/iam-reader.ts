import type { EntityType, GetAccountAuthorizationDetailsCommandOutput, IAMClient } from '@aws-sdk/client-iam';
import { paginateGetAccountAuthorizationDetails } from '@aws-sdk/client-iam';
import type { SyncContext } from '../../sync.ts';

export interface Principal {
  /** Of the record that says which service it used last. */
  type: `cartography.aws.iam.${'User' | 'Group' | 'Role'}LastAccessed`;
  arn: string;
}

/** What the parts of the sync share. It grows with principals and policies, some thousands at most, not with pages. */
export interface IamReader {
  context: SyncContext;
  client: IAMClient;
  /** By name: users name their groups so. */
  groupArns: Map<string, string>;
  /** Users, groups and roles. */
  principals: Principal[];
  /** Of the managed policies only those that somebody has attached are of interest. */
  attachedPolicyArns: Set<string>;
}

/** AWS's own default; at most 1,000, but every item carries its policy documents. */
const PAGE_SIZE = 100;

/**
 * All principals or policies of a kind, with their documents, in a few calls instead of several for each.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html
 */
export function authorizationDetails(
  { context, client }: IamReader,
  ...kinds: EntityType[]
): AsyncIterable<GetAccountAuthorizationDetailsCommandOutput> {
  return paginateGetAccountAuthorizationDetails(
    { client, pageSize: PAGE_SIZE },
    { Filter: kinds },
    { abortSignal: context.signal },
  );
}
