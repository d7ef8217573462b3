import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { pino } from 'pino';

import { CredentialsError } from '../../../../platform/errors.ts';
import { discoverAccounts } from '../../../../producers/accounts/discover-accounts.ts';
import { listProfiles } from '../../../../producers/accounts/profiles.ts';
import type { ClientFactory } from '../../../../producers/aws/aws-clients.ts';
import { awsError, fakeClients } from '../../../support/fake-aws.ts';

const config = `
[default]
region = us-west-2
aws_access_key_id = KEY0
aws_secret_access_key = s

[profile zulu]
region = eu-central-1
aws_access_key_id = KEY1
aws_secret_access_key = s

[sso-session corporate]
sso_region = us-east-1

[services local]
ec2 =
  endpoint_url = http://127.0.0.1:1

[profile alpha]
sts_regional_endpoints = legacy
aws_access_key_id = KEY2
aws_secret_access_key = s

[profile broken]
region = eu-west-1

[profile refused]
aws_access_key_id = KEY-REFUSED
aws_secret_access_key = s

[profile zulu-too]
aws_access_key_id = KEY1
aws_secret_access_key = s
`;
const credentials = `
[only-credentials]
aws_access_key_id = KEY3
aws_secret_access_key = s

[alpha]
aws_session_token = t
`;
const accountOfKey: Record<string, string> = {
  KEY0: '000000000000',
  KEY1: '111111111111',
  KEY2: '222222222222',
  KEY3: '333333333333',
  CHINA: '888888888888',
  GOVERNMENT: '999999999999',
};

const partitionOfKey: Record<string, string> = { CHINA: 'aws-cn', GOVERNMENT: 'aws-us-gov' };

let folder = '';
let files: Record<string, string> = {};
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'profiles-'));
  files = {
    AWS_CONFIG_FILE: join(folder, 'config'),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials'),
    AWS_EC2_METADATA_DISABLED: 'true',
  };
  await writeFile(files['AWS_CONFIG_FILE'] as string, config);
  await writeFile(files['AWS_SHARED_CREDENTIALS_FILE'] as string, credentials);
});
after(() => rm(folder, { recursive: true }));

/** STS that knows accounts by access key. */
function fakeSts() {
  const fake = fakeClients(async (_, access) => {
    const { accessKeyId } = await access.credentials();
    const Account = accountOfKey[accessKeyId];
    if (Account === undefined)
      return awsError('InvalidClientTokenId', 'The security token included in the request is invalid.');
    return { Account, Arn: `arn:${partitionOfKey[accessKeyId] ?? 'aws'}:iam::${Account}:user/x` };
  });
  const clients = { ...fake.clients, innerClientConfiguration: {}, close: () => {} } as unknown as ClientFactory;
  return { clients, calls: fake.calls };
}

function discover(environment: Record<string, string>, options: { syncAllProfiles?: boolean; profile?: string } = {}) {
  const { clients, calls } = fakeSts();
  const warnings: string[] = [];
  const logger = pino({ level: 'warn' }, { write: (line: string) => void warnings.push(line) });
  const found = discoverAccounts({ clients, logger, environment: { ...files, ...environment }, ...options });
  return { found, calls, warnings };
}

test('profiles are listed in the files order, the configuration file first, without other sections', async () => {
  assert.deepEqual(
    (await listProfiles(files)).map(({ name }) => name),
    ['default', 'zulu', 'alpha', 'broken', 'refused', 'zulu-too', 'only-credentials'],
  );
});

test('all profiles: default is left out, failing ones are reported, and two of one account are one', async () => {
  const { found, warnings } = discover({}, { syncAllProfiles: true });
  const { accounts, problems } = await found;
  assert.deepEqual(
    accounts.map(({ name, id }) => [name, id]),
    [
      ['zulu', '111111111111'],
      ['alpha', '222222222222'],
      ['only-credentials', '333333333333'],
    ],
  );
  assert.deepEqual(
    problems.map(({ profile }) => profile),
    ['broken', 'refused'],
  );
  assert.ok(
    warnings.some((line) => line.includes('zulu') && line.includes('zulu-too') && line.includes('111111111111')),
  );
});

test('each account of all profiles carries its profile, its region and its credentials', async () => {
  const { accounts } = await discover({}, { syncAllProfiles: true }).found;
  const [zulu, alpha] = accounts;
  assert.equal(zulu?.profile, 'zulu');
  assert.equal(zulu?.defaultRegion, 'eu-central-1');
  assert.equal(zulu?.homeRegion, 'us-east-1');
  // Its token stands in the other file, which botocore does not join to the keys.
  assert.deepEqual(await alpha?.credentials(), { accessKeyId: 'KEY2', secretAccessKey: 's' });
});

test('keys in the environment come before AWS_PROFILE, and the name is the profile', async () => {
  const environment = { AWS_PROFILE: 'alpha', AWS_ACCESS_KEY_ID: 'KEY3', AWS_SECRET_ACCESS_KEY: 's' };
  const { accounts } = await discover(environment).found;
  assert.deepEqual(
    accounts.map(({ name, id }) => [name, id]),
    [['alpha', '333333333333']],
  );
});

test('an explicit profile comes before keys in the environment', async () => {
  const environment = { AWS_ACCESS_KEY_ID: 'KEY3', AWS_SECRET_ACCESS_KEY: 's' };
  const { accounts } = await discover(environment, { profile: 'zulu' }).found;
  assert.equal(accounts[0]?.id, '111111111111');
});

test('without keys AWS_PROFILE counts, and AWS_DEFAULT_PROFILE before it', async () => {
  assert.equal((await discover({ AWS_PROFILE: 'alpha' }).found).accounts[0]?.id, '222222222222');
  const both = { AWS_PROFILE: 'alpha', AWS_DEFAULT_PROFILE: 'zulu' };
  assert.equal((await discover(both).found).accounts[0]?.id, '111111111111');
});

test('without anything the default profile and its region are taken, under the name default', async () => {
  const { found, calls } = discover({});
  const [account] = (await found).accounts;
  assert.deepEqual([account?.name, account?.id, account?.defaultRegion], ['default', '000000000000', 'us-west-2']);
  assert.equal(account?.profile, undefined);
  assert.equal(calls[0]?.region, 'us-west-2');
});

for (const [key, region, partition, homeRegion] of [
  ['CHINA', 'cn-northwest-1', 'aws-cn', 'cn-north-1'],
  ['GOVERNMENT', 'us-gov-east-1', 'aws-us-gov', 'us-gov-west-1'],
  ['KEY1', 'eu-west-1', 'aws', 'us-east-1'],
] as const) {
  test(`the partition follows from the identity, and the home region from the partition: ${partition}`, async () => {
    const environment = { AWS_ACCESS_KEY_ID: key, AWS_SECRET_ACCESS_KEY: 's', AWS_DEFAULT_REGION: region };
    const [account] = (await discover(environment).found).accounts;
    assert.deepEqual([account?.partition, account?.homeRegion], [partition, homeRegion]);
  });
}

test("each account has its profile's STS endpoint, unless the variable says otherwise", async () => {
  const endpointsOf = async (environment: Record<string, string>) =>
    (await discover(environment, { syncAllProfiles: true }).found).accounts.map(({ stsEndpoint }) => stsEndpoint);
  assert.deepEqual(await endpointsOf({}), ['regional', 'legacy', 'regional']);
  const regional = { AWS_STS_REGIONAL_ENDPOINTS: 'regional' };
  assert.deepEqual(await endpointsOf(regional), ['regional', 'regional', 'regional']);
});

test('a wrong AWS_STS_REGIONAL_ENDPOINTS ends the run, not each profile', async () => {
  const { found } = discover({ AWS_STS_REGIONAL_ENDPOINTS: 'both' }, { syncAllProfiles: true });
  await assert.rejects(found, { name: 'UsageError', setting: 'AWS_STS_REGIONAL_ENDPOINTS' });
});

test('half a pair of keys is refused by the name of the other half', async () => {
  await assert.rejects(discover({ AWS_ACCESS_KEY_ID: 'KEY3' }).found, { setting: 'AWS_SECRET_ACCESS_KEY' });
});

test('credentials that AWS refuses are an error that names the profile, the code and a remedy', async () => {
  const { found } = discover({}, { profile: 'refused' });
  await assert.rejects(found, (error) => {
    assert.ok(error instanceof CredentialsError);
    assert.match(error.message, /"refused" cannot be verified.*InvalidClientTokenId.*Check the access key/);
    return true;
  });
});

test('a profile that does not exist is an error that names it, keys in the environment or not', async () => {
  await assert.rejects(discover({}, { profile: 'nowhere' }).found, /"nowhere"/);
  await assert.rejects(discover({ AWS_PROFILE: 'nowhere' }).found, { setting: 'AWS_PROFILE' });
  const keys = { AWS_PROFILE: 'nowhere', AWS_ACCESS_KEY_ID: 'KEY3', AWS_SECRET_ACCESS_KEY: 's' };
  await assert.rejects(discover(keys).found, { setting: 'AWS_PROFILE' });
});

test('when no profile gives an account the error says so', async () => {
  const empty = { AWS_CONFIG_FILE: join(folder, 'none'), AWS_SHARED_CREDENTIALS_FILE: join(folder, 'none') };
  await assert.rejects(discover(empty, { syncAllProfiles: true }).found, {
    name: 'CredentialsError',
    setting: '--aws-sync-all-profiles',
  });
});
