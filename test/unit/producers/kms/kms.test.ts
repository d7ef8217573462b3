import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kms } from '../../../../producers/syncs/kms/kms.ts';
import { awsError } from '../../../support/fake-aws.ts';
import type { Responses } from '../../../support/collect.ts';
import { collectAll } from '../../../support/collect.ts';

const UUID = '1234abcd-12ab-34cd-56ef-1234567890ab';
const arnOf = (keyId: string, region = 'eu-west-1') => `arn:aws:kms:${region}:111122223333:key/${keyId}`;
const listed = (...keyIds: string[]) => ({ Keys: keyIds.map((KeyId) => ({ KeyId, KeyArn: arnOf(KeyId) })) });
const created = new Date('2024-01-31T09:30:00.750Z');
const createdSeconds = Date.parse('2024-01-31T09:30:00Z') / 1000;

/** A region with one key, whose details are empty unless given. */
const responses = (given: Responses = {}): Responses => ({
  ListKeys: [listed(UUID)],
  DescribeKey: () => ({ KeyMetadata: { KeyId: UUID } }),
  GetKeyPolicy: () => ({ Policy: '{"Version":"2012-10-17","Statement":[]}' }),
  ListGrants: () => ({ Grants: [], Truncated: false }),
  ListAliases: () => ({ Aliases: [], Truncated: false }),
  ...given,
});

test('a key yields its metadata, with dates in whole seconds', async () => {
  const KeyMetadata = {
    AWSAccountId: '111122223333',
    KeyId: UUID,
    Arn: arnOf(UUID),
    CreationDate: created,
    Enabled: false,
    Description: 'Schlüssel',
    KeyUsage: 'SIGN_VERIFY',
    KeyState: 'PendingDeletion',
    DeletionDate: new Date('2024-03-01T00:00:00Z'),
    Origin: 'EXTERNAL',
    ValidTo: new Date('2025-01-01T00:00:00Z'),
    ExpirationModel: 'KEY_MATERIAL_EXPIRES',
    KeyManager: 'CUSTOMER',
    CustomerMasterKeySpec: 'RSA_2048',
    KeySpec: 'RSA_2048',
    SigningAlgorithms: ['RSASSA_PSS_SHA_256'],
    MultiRegion: false,
  };
  const { of } = await collectAll(kms, { responses: responses({ DescribeKey: [{ KeyMetadata }] }) });

  assert.deepEqual(of('kms.Key'), [
    {
      Id: UUID,
      Arn: arnOf(UUID),
      KeyId: UUID,
      Description: 'Schlüssel',
      Enabled: false,
      KeyState: 'PendingDeletion',
      KeyUsage: 'SIGN_VERIFY',
      KeyManager: 'CUSTOMER',
      Origin: 'EXTERNAL',
      CreationDate: createdSeconds,
      DeletionDate: Date.parse('2024-03-01T00:00:00Z') / 1000,
      ValidTo: Date.parse('2025-01-01T00:00:00Z') / 1000,
      CustomKeyStoreId: null,
      CloudHsmClusterId: null,
      ExpirationModel: 'KEY_MATERIAL_EXPIRES',
      CustomerMasterKeySpec: 'RSA_2048',
      EncryptionAlgorithms: null,
      SigningAlgorithms: ['RSASSA_PSS_SHA_256'],
    },
  ]);
});

test('all pages of keys, grants and aliases are read', async () => {
  const { of } = await collectAll(kms, {
    responses: responses({
      ListKeys: [{ ...listed('k1'), NextMarker: 'more', Truncated: true }, listed('k2')],
      ListGrants: (({ KeyId, Marker }: { KeyId: string; Marker?: string }) =>
        Marker === undefined
          ? { Grants: [{ GrantId: `${KeyId}-1` }], NextMarker: 'more', Truncated: true }
          : { Grants: [{ GrantId: `${KeyId}-2` }], Truncated: false }) as never,
      ListAliases: [
        {
          Aliases: [{ AliasArn: 'arn:aws:kms:eu-west-1:111122223333:alias/a', TargetKeyId: 'k1' }],
          NextMarker: 'more',
          Truncated: true,
        },
        { Aliases: [{ AliasArn: 'arn:aws:kms:eu-west-1:111122223333:alias/b', TargetKeyId: 'k2' }] },
      ],
    }),
  });

  assert.deepEqual(
    of('kms.Key').map((key) => key['Id']),
    ['k1', 'k2'],
  );
  assert.deepEqual(
    of('kms.Grant').map(({ GrantId, KeyNodeId }) => [GrantId, KeyNodeId]),
    ['k1', 'k2'].flatMap((id) => [
      [`${arnOf(id)}-1`, id],
      [`${arnOf(id)}-2`, id],
    ]),
  );
  assert.deepEqual(
    of('kms.Alias').map(({ KeyNodeId }) => KeyNodeId),
    ['k1', 'k2'],
  );
});

test('a multi-Region key is known by its ARN, and so by its aliases and grants, in each region and partition', async () => {
  const keyId = 'mrk-1234abcd12ab34cd56ef1234567890ab';
  const arn = `arn:aws-cn:kms:cn-north-1:111122223333:key/${keyId}`;
  const AliasArn = 'arn:aws-cn:kms:cn-north-1:111122223333:alias/team/büro';
  const { of } = await collectAll(kms, {
    context: { region: 'cn-north-1', partition: 'aws-cn' },
    responses: responses({
      ListKeys: [{ Keys: [{ KeyId: keyId, KeyArn: arn }] }],
      DescribeKey: [{ KeyMetadata: { KeyId: keyId, MultiRegion: true } }],
      ListGrants: [{ Grants: [{ GrantId: 'g', KeyId: arn, Operations: ['Decrypt'], CreationDate: created }] }],
      ListAliases: [
        { Aliases: [{ AliasName: 'alias/team/büro', AliasArn, TargetKeyId: keyId, CreationDate: created }] },
      ],
    }),
  });

  assert.deepEqual(
    of('kms.Key').map(({ Id, KeyId, Arn }) => ({ Id, KeyId, Arn })),
    [{ Id: arn, KeyId: keyId, Arn: arn }],
  );
  assert.deepEqual(
    of('kms.KeyPolicy').map(({ Id }) => Id),
    [arn],
  );
  assert.deepEqual(of('kms.Grant'), [
    {
      GrantId: 'g',
      Name: null,
      GranteePrincipal: null,
      CreationDate: createdSeconds,
      KeyId: arn,
      KeyNodeId: arn,
      IssuingAccount: null,
      Operations: ['Decrypt'],
    },
  ]);
  assert.deepEqual(of('kms.Alias'), [
    {
      AliasArn,
      AliasName: 'alias/team/büro',
      TargetKeyId: keyId,
      KeyNodeId: arn,
      CreationDate: createdSeconds,
      LastUpdatedDate: null,
    },
  ]);
});

test('an alias that AWS reserves for a key to come is left out', async () => {
  const AliasArn = 'arn:aws:kms:eu-west-1:111122223333:alias/aws/dynamodb';
  const { of } = await collectAll(kms, {
    responses: responses({ ListAliases: [{ Aliases: [{ AliasName: 'alias/aws/dynamodb', AliasArn }] }] }),
  });

  assert.deepEqual(of('kms.Alias'), []);
});

test('a policy that anyone may use is anonymous access; one that only callers of one account may use is not', async () => {
  const statement = { Effect: 'Allow', Principal: { AWS: '*' }, Action: ['kms:Encrypt', 'kms:Decrypt'], Resource: '*' };
  const narrowed = { ...statement, Condition: { StringEquals: { 'kms:CallerAccount': '111122223333' } } };
  const policies = new Map([
    [arnOf('open'), JSON.stringify({ Statement: [statement, narrowed] })],
    [arnOf('narrow'), JSON.stringify({ Statement: narrowed })],
  ]);
  const { of } = await collectAll(kms, {
    responses: responses({
      ListKeys: [listed('open', 'narrow')],
      GetKeyPolicy: (({ KeyId }: { KeyId: string }) => ({
        Policy: policies.get(KeyId),
        PolicyName: 'default',
      })) as never,
    }),
  });

  assert.deepEqual(of('kms.KeyPolicy'), [
    { Id: 'open', AnonymousAccess: true, AnonymousActions: ['kms:Decrypt', 'kms:Encrypt'] },
    { Id: 'narrow', AnonymousAccess: false, AnonymousActions: [] },
  ]);
});

test('what may not be read is withheld: the key and its policy by id, grants and aliases as a whole', async () => {
  const denied = () => awsError('AccessDeniedException', 'not authorized');
  const { records, withheld } = await collectAll(kms, {
    responses: responses({ DescribeKey: denied, GetKeyPolicy: denied, ListGrants: denied, ListAliases: denied }),
  });

  assert.deepEqual(records, []);
  assert.deepEqual(
    withheld.map(({ type, nodeId }) => [type, nodeId]),
    [
      ['cartography.aws.kms.Key', UUID],
      ['cartography.aws.kms.KeyPolicy', UUID],
      ['cartography.aws.kms.Grant', undefined],
      ['cartography.aws.kms.Alias', undefined],
    ],
  );
});

test('a policy that is no policy is withheld', async () => {
  const { of, withheld } = await collectAll(kms, { responses: responses({ GetKeyPolicy: [{ Policy: '[]' }] }) });

  assert.equal(of('kms.Key').length, 1);
  assert.deepEqual(withheld, [
    { type: 'cartography.aws.kms.KeyPolicy', reason: `the policy of key ${arnOf(UUID)} is no policy`, nodeId: UUID },
  ]);
});

test('a key that was deleted after it was listed is left out and nothing is withheld', async () => {
  const { records, withheld } = await collectAll(kms, {
    responses: responses({ DescribeKey: [awsError('NotFoundException')] }),
  });

  assert.deepEqual(records, []);
  assert.deepEqual(withheld, []);
});

test('when the keys may not be listed, the scope ends with that', async () => {
  const collected = collectAll(kms, { responses: { ListKeys: [awsError('AccessDeniedException')] } });

  await assert.rejects(collected, { name: 'AccessDeniedException' });
});
