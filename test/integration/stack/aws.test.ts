import assert from 'node:assert/strict';
import { access, rm } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import {
  DescribeInstancesCommand,
  DescribeInstanceTopologyCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  EC2Client,
  paginateDescribeInstances,
} from '@aws-sdk/client-ec2';
import { IAMClient, ListAccessKeysCommand, ListRolesCommand, ListUsersCommand } from '@aws-sdk/client-iam';
import { ListAccountsCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import { GetBucketPolicyCommand, ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import { InfrastructureError } from '../../../platform/errors.ts';
import { startAwsStandIn, type AwsStandIn } from '../../../stack/aws/stand-in.ts';

const OPTIONS = { accounts: 2, instances: 3, regions: ['us-east-1', 'eu-west-1'], seed: 7 };
const KEYS = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'example' };

/** What an SDK client needs to reach one member account. */
function memberOf(aws: AwsStandIn, accountId: string, region = 'us-east-1') {
  return {
    endpoint: aws.endpoint,
    region,
    maxAttempts: 1,
    credentials: fromTemporaryCredentials({
      masterCredentials: KEYS,
      params: { RoleArn: `arn:aws:iam::${accountId}:role/test`, RoleSessionName: 'test' },
      clientConfig: { endpoint: aws.endpoint, region },
    }),
  };
}

async function listIds(aws: AwsStandIn): Promise<string[]> {
  const ids: (string | undefined)[] = [aws.summary.organizationId, ...aws.summary.accountIds];
  for (const accountId of aws.summary.accountIds) {
    const iam = new IAMClient(memberOf(aws, accountId));
    ids.push(...((await iam.send(new ListRolesCommand())).Roles ?? []).map((role) => role.RoleId));
    for (const user of (await iam.send(new ListUsersCommand())).Users ?? []) {
      const keys = await iam.send(new ListAccessKeysCommand({ UserName: user.UserName }));
      ids.push(user.UserId, ...(keys.AccessKeyMetadata ?? []).map((key) => key.AccessKeyId));
    }
    for (const region of aws.summary.regions) {
      const client = new EC2Client(memberOf(aws, accountId, region));
      for await (const page of paginateDescribeInstances({ client }, {})) {
        for (const instance of page.Reservations?.flatMap((one) => one.Instances ?? []) ?? []) {
          ids.push(instance.InstanceId, instance.ImageId, instance.PrivateIpAddress, instance.KeyName);
          ids.push(...(instance.NetworkInterfaces ?? []).map((one) => one.NetworkInterfaceId));
          ids.push(...(instance.BlockDeviceMappings ?? []).map((one) => one.Ebs?.VolumeId));
        }
      }
      ids.push(...((await client.send(new DescribeSubnetsCommand())).Subnets ?? []).map((one) => one.SubnetId));
      const groups = (await client.send(new DescribeSecurityGroupsCommand())).SecurityGroups ?? [];
      ids.push(...groups.map((one) => one.GroupId));
    }
  }
  return ids.filter((id) => id !== undefined);
}

describe('the AWS stand-in', () => {
  let aws: AwsStandIn;
  before(async () => {
    aws = await startAwsStandIn(OPTIONS);
  });
  after(() => aws.stop());

  test('the same seed gives the same ids', async () => {
    const other = await startAwsStandIn(OPTIONS);
    const [first, second] = [await listIds(aws), await listIds(other)];
    await other.stop();
    assert(first.length > 200, `only ${first.length} ids`);
    assert.deepEqual(first, second);
  });

  test('each account has its own estate', async () => {
    const organization = new OrganizationsClient({ endpoint: aws.endpoint, region: 'us-east-1', credentials: KEYS });
    const { Accounts = [] } = await organization.send(new ListAccountsCommand());
    const listed = Accounts.map((account) => account.Id);
    assert.deepEqual(listed.sort(), [aws.summary.managementAccountId, ...aws.summary.accountIds].sort());
    const owners = await Promise.all(
      aws.summary.accountIds.map(async (accountId) => {
        const { Reservations = [] } = await new EC2Client(memberOf(aws, accountId)).send(
          new DescribeInstancesCommand(),
        );
        assert.equal(Reservations.flatMap((one) => one.Instances).length, OPTIONS.instances + 4);
        return Reservations[0]?.OwnerId;
      }),
    );
    assert.deepEqual(owners, aws.summary.accountIds);
  });

  test('rules make chosen calls fail in the words of their service, and only those', async () => {
    const [denied = '', other = ''] = aws.summary.accountIds;
    const name = (promise: Promise<unknown>) =>
      promise.then(
        () => 'fine',
        (error: Error) => error.name,
      );
    const instances = (account: string, region: string) =>
      name(new EC2Client(memberOf(aws, account, region)).send(new DescribeInstancesCommand()));
    await aws.setFaults([
      { account: denied, region: 'eu-west-1', service: 'ec2', action: 'DescribeInstances', effect: 'deny' },
      { service: 's3', action: 'GetBucketPolicy', effect: 'throttle', times: 1 },
      { service: 'iam', effect: 'error' },
      { account: other, region: 'us-east-1', action: 'DescribeInstances', effect: 'deny', code: 'OptInRequired' },
    ]);
    assert.equal(await instances(denied, 'eu-west-1'), 'UnauthorizedOperation');
    assert.equal(await instances(denied, 'us-east-1'), 'fine');
    assert.equal(await instances(other, 'eu-west-1'), 'fine');
    assert.equal(await instances(other, 'us-east-1'), 'OptInRequired');
    const s3 = new S3Client(memberOf(aws, other));
    const Bucket = `data-${other}-0`;
    assert.equal(await name(s3.send(new ListBucketsCommand())), 'fine');
    assert.equal(await name(s3.send(new GetBucketPolicyCommand({ Bucket }))), 'SlowDown');
    assert.equal(await name(s3.send(new GetBucketPolicyCommand({ Bucket }))), 'fine');
    assert.equal(await name(new IAMClient(memberOf(aws, other)).send(new ListUsersCommand())), 'InternalFailure');
    await aws.setFaults([]);
    assert.equal(await instances(denied, 'eu-west-1'), 'fine');
  });

  test('the calls that were made can be counted', async () => {
    const [accountId = ''] = aws.summary.accountIds;
    await aws.forgetCalls();
    const s3 = new S3Client(memberOf(aws, accountId));
    await s3.send(new ListBucketsCommand());
    await s3.send(new GetBucketPolicyCommand({ Bucket: `data-${accountId}-0` }));
    await s3.send(new GetBucketPolicyCommand({ Bucket: `data-${accountId}-0` }));
    const calls = (await aws.calls()).filter((call) => call.service === 's3');
    assert.deepEqual(calls, [
      { account: accountId, region: 'us-east-1', service: 's3', action: 'ListBuckets', count: 1 },
      { account: accountId, region: 'us-east-1', service: 's3', action: 'GetBucketPolicy', count: 2 },
    ]);
  });

  test('what the stand-in lacks is denied, as AWS would deny it', async () => {
    const client = new EC2Client(memberOf(aws, aws.summary.accountIds[0] ?? ''));
    await assert.rejects(client.send(new DescribeInstanceTopologyCommand()), { name: 'UnauthorizedOperation' });
  });

  test('what fails within the stand-in may be tried again, until it goes on failing', async () => {
    const client = new EC2Client(memberOf(aws, aws.summary.accountIds[0] ?? ''));
    // moto trips over a token that it has not given.
    const fail = () => client.send(new DescribeInstancesCommand({ NextToken: 'unknown' }));
    for (const name of ['InternalError', 'InternalError', 'UnauthorizedOperation'])
      await assert.rejects(fail, { name });
  });
});

test('an unknown step is refused with the list of steps, and the log is kept', async () => {
  const error = await startAwsStandIn({ only: ['nothing'] }).catch((reason: unknown) => reason);
  assert(error instanceof InfrastructureError);
  assert.match(error.message, /unknown steps nothing; there are iam, s3,/);
  const logFile = String(error.details['logFile']);
  await access(logFile);
  await rm(path.dirname(path.dirname(logFile)), { recursive: true });
});
