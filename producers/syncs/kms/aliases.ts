import type { AliasListEntry } from '@aws-sdk/client-kms';
import { KMSClient, paginateListAliases } from '@aws-sdk/client-kms';
import type { CollectedRecord, SyncContext } from '../../sync.ts';
import { reasonOf, throwIfScopeEnds } from '../read-detail.ts';
import { required } from '../required.ts';
import { epochSeconds } from '../epoch-seconds.ts';
import { keyNodeId } from './key-node-id.ts';

const TYPE = 'cartography.aws.kms.Alias';

/** The region's aliases. AWS reserves some for keys that it makes at their first use: those are left out until then. */
export async function* collectAliases(context: SyncContext): AsyncGenerator<CollectedRecord> {
  try {
    const pages = paginateListAliases(
      { client: context.client(KMSClient), pageSize: 100 },
      {},
      { abortSignal: context.signal },
    );
    for await (const page of pages) {
      for (const alias of page.Aliases ?? []) if (alias.TargetKeyId) yield aliasRecord(alias, alias.TargetKeyId);
    }
  } catch (error) {
    throwIfScopeEnds(context, error);
    context.withhold(TYPE, reasonOf('ListAliases', error));
  }
}

function aliasRecord(alias: AliasListEntry, TargetKeyId: string): CollectedRecord {
  const AliasArn = required(alias.AliasArn, 'ListAliases Aliases.AliasArn');
  const keyArn = AliasArn.replace(/:alias\/.*$/, `:key/${TargetKeyId}`);
  return {
    type: TYPE,
    value: {
      AliasArn,
      AliasName: alias.AliasName ?? null,
      TargetKeyId,
      KeyNodeId: keyNodeId(TargetKeyId, keyArn),
      CreationDate: epochSeconds(alias.CreationDate),
      LastUpdatedDate: epochSeconds(alias.LastUpdatedDate),
    },
  };
}
