import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  CreateVirtualMFADeviceCommand,
  EnableMFADeviceCommand,
  IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import {
  PutBucketAclCommand,
  PutBucketEncryptionCommand,
  PutBucketOwnershipControlsCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import type { ClientConstructor, Sync } from '../../../producers/sync.ts';
import { iam } from '../../../producers/syncs/iam/iam.ts';
import { s3 } from '../../../producers/syncs/s3/s3.ts';
import { startAwsStandIn, type AwsStandIn } from '../../../stack/aws/stand-in.ts';
import { collectAll } from '../../support/collect.ts';

describe('the collectors of IAM and S3 against a server', () => {
  let aws: AwsStandIn;
  let accountId: string;
  const clients = new Map<string, object>();

  before(async () => {
    aws = await startAwsStandIn({ accounts: 2, instances: 0, only: ['iam', 's3'] });
    accountId = aws.summary.accountIds[0]!;
  });
  after(async () => {
    for (const client of clients.values()) (client as S3Client).destroy();
    await aws.stop();
  });

  const client = <C>(constructor: ClientConstructor<C>, region = 'us-east-1'): C => {
    const key = `${constructor.name} ${region}`;
    const made = clients.get(key) ?? (new constructor(memberOf(aws, accountId, region) as never) as object);
    clients.set(key, made);
    return made as C;
  };
  const collect = (sync: Sync) => collectAll(sync, { client, context: { accountId, region: 'us-east-1' } });

  test('all of IAM is there, and what principals name is there too', async () => {
    await client(IAMClient).send(
      new PutRolePolicyCommand({
        RoleName: 'role-1',
        PolicyName: 'größe',
        PolicyDocument: JSON.stringify({
          Version: '2012-10-17',
          Statement: { Effect: 'Allow', Action: 's3:*', Resource: 'arn:aws:s3:::a%20b/<&">*' },
        }),
      }),
    );
    const { VirtualMFADevice } = await client(IAMClient).send(
      new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: 'phone' }),
    );
    await client(IAMClient).send(
      new EnableMFADeviceCommand({
        UserName: 'user-0',
        SerialNumber: VirtualMFADevice?.SerialNumber,
        AuthenticationCode1: '123456',
        AuthenticationCode2: '234567',
      }),
    );

    const { of, withheld } = await collect(iam);

    const ids = (type: string, id: string) => of(`iam.${type}`).map((value) => value[id] as string);
    const users = of('iam.User');
    assert.deepEqual(withheld, []);
    assert.equal(users.length, 15);
    assert.equal(of('iam.Role').length, 21, 'twenty, and the one by which the organization gets in');
    assert.equal(of('iam.Group').length, 4);
    assert.equal(of('iam.UserLastAccessed').length, 15);
    assert.match(String(of('iam.RoleLastAccessed')[0]!['ServiceNamespace']), /^(ec2|s3|sqs|kms)$/);
    assert.equal(of('iam.AccountAccessKey').length, 8);
    assert.deepEqual(ids('AccessKeyLastUsed', 'AccessKeyId'), ids('AccountAccessKey', 'AccessKeyId'));
    assert.deepEqual(
      of('iam.MfaDevice').map(({ SerialNumber, UserName }) => [SerialNumber, UserName]),
      [[`arn:aws:iam::${accountId}:mfa/phone`, 'user-0']],
    );

    const policies = [...ids('ManagedPolicy', 'Arn'), ...ids('InlinePolicy', 'Id')];
    const named = [...users, ...of('iam.Role'), ...of('iam.Group')].flatMap(({ PolicyIds }) => PolicyIds as string[]);
    assert.deepEqual([...new Set(named)].sort(), policies.sort());
    assert.deepEqual([...new Set(ids('PolicyStatement', 'PolicyId'))].sort(), policies);
    assert.deepEqual(
      [...new Set(users.flatMap(({ GroupArns }) => GroupArns as string[]))].sort(),
      ids('Group', 'Arn').sort(),
    );
    const odd = of('iam.PolicyStatement').find(({ PolicyId }) => (PolicyId as string).endsWith('/größe'));
    assert.deepEqual(odd?.['Resource'], ['arn:aws:s3:::a%20b/<&">*']);
    assert.deepEqual(
      ids('TrustedAccount', 'TrustedAccountId').sort(),
      [aws.summary.accountIds[1], aws.summary.managementAccountId].sort(),
    );
    assert.equal(of('iam.AccountSummary')[0]?.['Users'], 15);
  });

  test('all buckets of all regions are there with their details', async () => {
    const bucket = `data-${accountId}-1`;
    const west = client(S3Client, 'eu-west-1');
    await west.send(new PutBucketAclCommand({ Bucket: bucket, ACL: 'public-read' }));
    await west.send(
      new PutBucketOwnershipControlsCommand({
        Bucket: bucket,
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerPreferred' }] },
      }),
    );
    const byDefault = { SSEAlgorithm: 'aws:kms' as const, KMSMasterKeyID: 'alias/app' };
    await west.send(
      new PutBucketEncryptionCommand({
        Bucket: bucket,
        ServerSideEncryptionConfiguration: { Rules: [{ ApplyServerSideEncryptionByDefault: byDefault }] },
      }),
    );

    const { of, withheld } = await collect(s3);

    const one = (type: string) => of(`s3.${type}`).find(({ Name }) => Name === bucket);
    assert.deepEqual(withheld, []);
    assert.equal(of('s3.Bucket').length, 10);
    assert.deepEqual(
      new Set(of('s3.Bucket').map(({ BucketRegion }) => BucketRegion)),
      new Set(['us-east-1', 'eu-west-1']),
    );
    assert.equal(one('Bucket')?.['BucketRegion'], 'eu-west-1');
    assert.equal(one('BucketOwnership')?.['ObjectOwnership'], 'BucketOwnerPreferred');
    assert.equal(one('BucketEncryption')?.['KMSMasterKeyID'], 'alias/app');
    assert.equal((one('BucketAcl')?.['AclIds'] as string[]).length, 2);
    assert.equal(of('s3.Acl').length, 2, 'the owner’s entry, which all buckets share, and that of all users');
    assert.equal(of('s3.PolicyStatement').length, 4);
    const open = of('s3.BucketPolicy').filter(({ AnonymousAccess }) => AnonymousAccess);
    assert.deepEqual(
      open.map(({ Name, AnonymousActions }) => [Name, AnonymousActions]),
      [0, 6].map((index) => [`data-${accountId}-${index}`, ['s3:GetObject']]),
    );
  });

  test('what the server denies is withheld, and the rest is collected', async () => {
    await aws.setFaults([
      { service: 's3', action: 'GetBucketPolicy', effect: 'deny', times: 1 },
      { service: 'iam', action: 'ListMFADevices', effect: 'deny' },
    ]);
    const [buckets, principals] = [await collect(s3), await collect(iam)];
    await aws.setFaults([]);

    const [bucket, statements, ...others] = buckets.withheld;
    assert.equal(bucket?.type, 'cartography.aws.s3.BucketPolicy');
    assert.match(bucket.reason, /^GetBucketPolicy: AccessDenied/);
    assert.equal(
      buckets.of('s3.BucketPolicy').some(({ Name }) => Name === bucket.nodeId),
      false,
    );
    assert.equal(statements?.type, 'cartography.aws.s3.PolicyStatement');
    assert.deepEqual(others, []);
    assert.equal(buckets.of('s3.BucketPolicy').length, 9);
    assert.equal(buckets.of('s3.Bucket').length, 10);

    assert.deepEqual(new Set(principals.withheld.map(({ type }) => type)), new Set(['cartography.aws.iam.MfaDevice']));
    assert.equal(principals.of('iam.AccountAccessKey').length, 8);
  });
});

/** What an SDK client needs to reach one member account. */
function memberOf(aws: AwsStandIn, accountId: string, region: string) {
  return {
    endpoint: aws.endpoint,
    region,
    forcePathStyle: true,
    maxAttempts: 1,
    credentials: fromTemporaryCredentials({
      masterCredentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'example' },
      params: { RoleArn: `arn:aws:iam::${accountId}:role/test`, RoleSessionName: 'test' },
      clientConfig: { endpoint: aws.endpoint, region },
    }),
  };
}
