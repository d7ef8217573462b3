import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { IAMClient, ListUsersCommand } from '@aws-sdk/client-iam';
import { DescribeOrganizationCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';

import { UsageError } from '../../../../platform/errors.ts';
import { readStsEndpoint } from '../../../../producers/accounts/sts-endpoint.ts';
import type { StsEndpoint } from '../../../../producers/aws/sts-endpoint.ts';
import { createClientFactory } from '../../../../producers/aws/aws-clients.ts';
import { readAwsSettings } from '../../../../producers/aws/aws-settings.ts';
import { hintFor, outcomeOf } from '../../../../producers/outcomes.ts';

const clients = createClientFactory({ settings: readAwsSettings({}), environment: {} });
after(() => clients.close());

/** Where a call would go, and the region that it is signed for; it is stopped on its way out. */
async function target(
  service: 'sts' | 'iam' | 'organizations' | 's3',
  region: string,
  stsEndpoint?: StsEndpoint,
): Promise<string> {
  const credentials = () => Promise.resolve({ accessKeyId: 'key', secretAccessKey: 's' });
  const access = { credentials, profile: undefined, ...(stsEndpoint === undefined ? {} : { stsEndpoint }) };
  const [Client, Command] = {
    sts: [STSClient, GetCallerIdentityCommand] as const,
    iam: [IAMClient, ListUsersCommand] as const,
    organizations: [OrganizationsClient, DescribeOrganizationCommand] as const,
    s3: [S3Client, ListBucketsCommand] as const,
  }[service];
  const client = clients.create<STSClient>(Client as never, access, region);
  let found = '';
  client.middlewareStack.add(
    () => (args) => {
      const { hostname, headers } = args.request as { hostname: string; headers: Record<string, string> };
      found = `${hostname} ${/\/\d{8}\/([^/]+)\//.exec(headers['authorization'] ?? '')?.[1]}`;
      return Promise.reject(new Error('stopped'));
    },
    { step: 'finalizeRequest', priority: 'low' },
  );
  await assert.rejects(client.send(new (Command as typeof GetCallerIdentityCommand)({})), /stopped/);
  return found;
}

test('the variable comes before the profile, and regional is the default', () => {
  assert.equal(readStsEndpoint({}, undefined), 'regional');
  assert.equal(readStsEndpoint({}, { sts_regional_endpoints: 'legacy' }), 'legacy');
  const variable = { AWS_STS_REGIONAL_ENDPOINTS: 'regional' };
  assert.equal(readStsEndpoint(variable, { sts_regional_endpoints: 'legacy' }), 'regional');
});

for (const [name, environment, settings] of [
  ['AWS_STS_REGIONAL_ENDPOINTS', { AWS_STS_REGIONAL_ENDPOINTS: 'global' }, {}],
  ['sts_regional_endpoints', {}, { sts_regional_endpoints: 'global' }],
] as const) {
  test(`${name}=global is refused by name, value and what is allowed`, () => {
    assert.throws(
      () => readStsEndpoint(environment, settings),
      (error) =>
        error instanceof UsageError &&
        error.setting === name &&
        /is "global": it must be regional or legacy/.test(error.message),
    );
  });
}

for (const [service, region, endpoint, expected] of [
  ['sts', 'eu-west-1', undefined, 'sts.eu-west-1.amazonaws.com eu-west-1'],
  ['sts', 'eu-west-1', 'legacy', 'sts.amazonaws.com us-east-1'],
  ['sts', 'eu-south-1', 'legacy', 'sts.eu-south-1.amazonaws.com eu-south-1'],
  ['sts', 'cn-north-1', undefined, 'sts.cn-north-1.amazonaws.com.cn cn-north-1'],
  ['sts', 'cn-north-1', 'legacy', 'sts.cn-north-1.amazonaws.com.cn cn-north-1'],
  ['sts', 'us-gov-west-1', undefined, 'sts.us-gov-west-1.amazonaws.com us-gov-west-1'],
  ['organizations', 'us-east-1', undefined, 'organizations.us-east-1.amazonaws.com us-east-1'],
  ['organizations', 'cn-north-1', undefined, 'organizations.cn-northwest-1.amazonaws.com.cn cn-northwest-1'],
  ['organizations', 'us-gov-west-1', undefined, 'organizations.us-gov-west-1.amazonaws.com us-gov-west-1'],
  ['iam', 'cn-north-1', undefined, 'iam.cn-north-1.amazonaws.com.cn cn-north-1'],
  ['iam', 'us-gov-west-1', undefined, 'iam.us-gov.amazonaws.com us-gov-west-1'],
  ['s3', 'us-east-1', 'legacy', 's3.us-east-1.amazonaws.com us-east-1'],
] as const) {
  test(`${service} of ${region}${endpoint === undefined ? '' : `, ${endpoint}`}: ${expected}`, async () => {
    assert.equal(await target(service, region, endpoint), expected);
  });
}

test('a token that a region does not know carries the hint to use regional endpoints', () => {
  const error = Object.assign(new Error('The provided token is malformed or otherwise invalid.'), {
    name: 'InvalidToken',
    $metadata: { httpStatusCode: 400 },
  });
  const { outcome, reason } = outcomeOf(error);
  assert.equal(outcome, 'failed');
  assert.match(reason, /AWS_STS_REGIONAL_ENDPOINTS=regional/);
  assert.match(hintFor('InvalidToken') ?? '', /regional STS endpoints/);
});
