import type { GrantListEntry, KMSClient } from '@aws-sdk/client-kms';
import { paginateListGrants } from '@aws-sdk/client-kms';
import { allItems } from '../../aws/all-items.ts';
import type { CollectedRecord, SyncContext } from '../../sync.ts';
import { readDetail } from '../read-detail.ts';
import { required } from '../required.ts';
import { epochSeconds } from '../epoch-seconds.ts';
import type { ListedKey } from './listed-key.ts';
import { gone } from './listed-key.ts';

const TYPE = 'cartography.aws.kms.Grant';

export async function readGrants(context: SyncContext, client: KMSClient, key: ListedKey): Promise<CollectedRecord[]> {
  const read = () => {
    const pages = paginateListGrants({ client, pageSize: 100 }, { KeyId: key.arn }, { abortSignal: context.signal });
    return allItems(pages, ({ Grants }) => Grants);
  };
  const grants = await readDetail(context, 'ListGrants', read, { gone });
  // Which grants the key has is not known, so none may go.
  if (grants.kind === 'unread') context.withhold(TYPE, grants.reason);
  return grants.kind === 'read' ? grants.value.map((grant) => grantRecord(key, grant)) : [];
}

function grantRecord({ id }: ListedKey, grant: GrantListEntry): CollectedRecord {
  return {
    type: TYPE,
    value: {
      GrantId: required(grant.GrantId, 'ListGrants Grants.GrantId'),
      Name: grant.Name ?? null,
      GranteePrincipal: grant.GranteePrincipal ?? null,
      CreationDate: epochSeconds(grant.CreationDate),
      KeyId: grant.KeyId ?? null,
      KeyNodeId: id,
      IssuingAccount: grant.IssuingAccount ?? null,
      Operations: grant.Operations ?? [],
    },
  };
}
