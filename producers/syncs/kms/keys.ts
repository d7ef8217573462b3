import type { KeyListEntry, KeyMetadata } from '@aws-sdk/client-kms';
import { DescribeKeyCommand, GetKeyPolicyCommand, KMSClient, paginateListKeys } from '@aws-sdk/client-kms';
import type { CollectedRecord, SyncContext } from '../../sync.ts';
import { anonymousAccess } from '../internet-access.ts';
import { mapConcurrently } from '../map-concurrently.ts';
import { readPolicyDocument } from '../policy-document.ts';
import { readDetail } from '../read-detail.ts';
import { required } from '../required.ts';
import { epochSeconds } from '../epoch-seconds.ts';
import { readGrants } from './grants.ts';
import { keyNodeId } from './key-node-id.ts';
import type { ListedKey } from './listed-key.ts';
import { gone } from './listed-key.ts';

const KEY = 'cartography.aws.kms.Key';
const POLICY = 'cartography.aws.kms.KeyPolicy';

/** Each with three calls, one after another. */
const KEYS_AT_ONCE = 10;

/** Keys, what their policies allow to anyone, and their grants. */
export async function* collectKeys(context: SyncContext): AsyncGenerator<CollectedRecord> {
  const client = context.client(KMSClient);
  const pages = paginateListKeys({ client, pageSize: 1000 }, {}, { abortSignal: context.signal });
  for await (const { Keys = [] } of pages) {
    for await (const records of mapConcurrently(Keys, KEYS_AT_ONCE, (key) => readKey(context, client, key))) {
      yield* records;
    }
  }
}

/** The key's records; none if it was deleted after it was listed. */
async function readKey(context: SyncContext, client: KMSClient, entry: KeyListEntry): Promise<CollectedRecord[]> {
  const keyId = required(entry.KeyId, 'ListKeys Keys.KeyId');
  const arn = required(entry.KeyArn, 'ListKeys Keys.KeyArn');
  const key: ListedKey = { id: keyNodeId(keyId, arn), keyId, arn };

  const command = new DescribeKeyCommand({ KeyId: arn });
  const read = () => client.send(command, { abortSignal: context.signal });
  const metadata = await readDetail(context, 'DescribeKey', read, { gone });
  if (metadata.kind === 'gone') return [];
  if (metadata.kind === 'unread') context.withhold(KEY, metadata.reason, key.id);
  return [
    ...(metadata.kind === 'read' ? [keyRecord(key, metadata.value.KeyMetadata)] : []),
    ...(await readPolicy(context, client, key)),
    ...(await readGrants(context, client, key)),
  ];
}

function keyRecord({ id, keyId, arn }: ListedKey, metadata: Partial<KeyMetadata> = {}): CollectedRecord {
  return {
    type: KEY,
    value: {
      Id: id,
      Arn: arn,
      KeyId: keyId,
      Description: metadata.Description ?? null,
      Enabled: metadata.Enabled ?? null,
      KeyState: metadata.KeyState ?? null,
      KeyUsage: metadata.KeyUsage ?? null,
      KeyManager: metadata.KeyManager ?? null,
      Origin: metadata.Origin ?? null,
      CreationDate: epochSeconds(metadata.CreationDate),
      DeletionDate: epochSeconds(metadata.DeletionDate),
      ValidTo: epochSeconds(metadata.ValidTo),
      CustomKeyStoreId: metadata.CustomKeyStoreId ?? null,
      CloudHsmClusterId: metadata.CloudHsmClusterId ?? null,
      ExpirationModel: metadata.ExpirationModel ?? null,
      CustomerMasterKeySpec: metadata.CustomerMasterKeySpec ?? null,
      EncryptionAlgorithms: metadata.EncryptionAlgorithms ?? null,
      SigningAlgorithms: metadata.SigningAlgorithms ?? null,
    },
  };
}

async function readPolicy(context: SyncContext, client: KMSClient, { id, arn }: ListedKey): Promise<CollectedRecord[]> {
  const command = new GetKeyPolicyCommand({ KeyId: arn, PolicyName: 'default' });
  const read = () => client.send(command, { abortSignal: context.signal });
  const policy = await readDetail(context, 'GetKeyPolicy', read, { gone });
  if (policy.kind === 'unread') context.withhold(POLICY, policy.reason, id);
  if (policy.kind !== 'read') return [];
  const document = readPolicyDocument(policy.value.Policy ?? '{}');
  if (document === undefined) {
    context.withhold(POLICY, `the policy of key ${arn} is no policy`, id);
    return [];
  }
  return [{ type: POLICY, value: { Id: id, ...anonymousAccess(document) } }];
}
