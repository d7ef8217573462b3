import { createHash } from 'node:crypto';
import type { GetBucketAclCommandOutput, Grant, Owner } from '@aws-sdk/client-s3';
import { GetBucketAclCommand } from '@aws-sdk/client-s3';
import type { CollectedRecord } from '../../sync.ts';
import type { BucketDetail } from './bucket-detail.ts';

export const ACL = 'cartography.aws.s3.Acl';

export const aclDetail: BucketDetail<GetBucketAclCommandOutput> = {
  operation: 'GetBucketAcl',
  type: 'cartography.aws.s3.BucketAcl',
  others: [ACL],
  read: (client, Bucket, abortSignal) => client.send(new GetBucketAclCommand({ Bucket }), { abortSignal }),
  *records(Name, answer, { accountId }) {
    const acls = (answer?.Grants ?? []).flatMap((grant) => aclValue(accountId, answer?.Owner ?? {}, grant) ?? []);
    yield* acls.map((value): CollectedRecord => ({ type: ACL, value }));
    yield { type: this.type, value: { Name, AclIds: [...new Set(acls.map(({ Id }) => Id))] } };
  },
};

/** Undefined for the grantee types that S3 takes but never returns (AmazonCustomerByEmail). */
function aclValue(accountId: string, owner: Owner, { Grantee: grantee, Permission }: Grant) {
  const type = grantee?.Type;
  if (type !== 'CanonicalUser' && type !== 'Group') return undefined;
  const isUser = type === 'CanonicalUser';
  const value = {
    OwnerDisplayName: owner.DisplayName ?? null,
    OwnerId: owner.ID ?? null,
    GranteeType: type,
    GranteeDisplayName: (isUser ? grantee?.DisplayName : null) ?? null,
    GranteeId: (isUser ? grantee?.ID : null) ?? null,
    GranteeURI: (isUser ? null : grantee?.URI) ?? null,
    Permission: Permission ?? null,
  };
  return { Id: aclId(accountId, value), ...value };
}

/** The reference's id: SHA-256 over the account and the values in this order, where a missing one reads None. */
function aclId(accountId: string, value: Record<string, string | null>): string {
  const text = [accountId, ...Object.values(value).map((one) => one ?? 'None')].join(':');
  return createHash('sha256').update(text).digest('hex');
}
