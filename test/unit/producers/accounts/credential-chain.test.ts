import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, afterEach, before, test } from 'node:test';

import { pino } from 'pino';

import { CredentialsError } from '../../../../platform/errors.ts';
import { discoverAccounts } from '../../../../producers/accounts/discover-accounts.ts';
import { profileCredentials } from '../../../../producers/accounts/credentials.ts';
import { createClientFactory } from '../../../../producers/aws/aws-clients.ts';
import { readAwsSettings } from '../../../../producers/aws/aws-settings.ts';
import { credentialCases } from '../../../support/credential-cases.ts';
import { startCredentialLab } from '../../../support/credential-lab.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

const variables = { ...process.env };
let lab: Awaited<ReturnType<typeof startCredentialLab>>;
before(async () => {
  lab = await startCredentialLab();
});
afterEach(() => replaceEnvironment(variables));
after(() => lab[Symbol.asyncDispose]());

/** The SDK reads endpoints and HOME from the process itself. */
function replaceEnvironment(values: Readonly<Record<string, string | undefined>>): void {
  for (const name of Object.keys(process.env)) if (/^(AWS_|HOME$)/.test(name)) delete process.env[name];
  Object.assign(process.env, values);
}

async function findCredentials(index: number): Promise<{ key: string } | { error: string; message: string }> {
  const { environment, profile } = lab.cases[index]!;
  replaceEnvironment(environment);
  const clients = createClientFactory({ settings: readAwsSettings({}) });
  try {
    const { accounts } = await discoverAccounts({
      clients,
      logger: pino({ level: 'silent' }),
      environment,
      ...(profile === undefined ? {} : { profile }),
    });
    return { key: (await accounts[0]!.credentials()).accessKeyId };
  } catch (error) {
    assert.ok(error instanceof CredentialsError, String(error));
    return { error: (error.details['fault'] as string | undefined) ?? 'ClientError', message: error.message };
  } finally {
    clients.close();
  }
}

credentialCases.forEach(({ name, expected }, index) => {
  test(`${name}: ${JSON.stringify(Object.values(expected)[0])}`, async () => {
    const found = await findCredentials(index);
    assert.deepEqual('error' in found ? { error: found.error } : found, expected, JSON.stringify(found));
  });
});

for (const [name, pattern] of [
  ['sources in a circle', /cycle-a -> cycle-b -> cycle-a/],
  ['both source_profile and credential_source', /"both-sources" has both source_profile and credential_source/],
  ['a source that does not exist', /"missing-source" has source_profile "nowhere"/],
] as const) {
  test(`the error for ${name} names what to change`, async () => {
    const found = await findCredentials(credentialCases.findIndex((one) => one.name === name));
    assert.match('message' in found ? found.message : '', pattern);
  });
}

test('mfa_serial is sent with the code that is asked for; with nobody to ask it is an error', async () => {
  const { environment } = lab.cases[0]!;
  replaceEnvironment(environment);
  const clients = createClientFactory({ settings: readAwsSettings({}) });
  const mfaCode = (serial: string) => Promise.resolve(`code of ${serial}`);
  const asked = await profileCredentials('mfa', 'eu-west-1', { environment, clients, mfaCode })();
  assert.equal(asked.accessKeyId, 'arn:aws:iam::111122223333:role/mfa|CONFIG|mfa=device/code of device');
  await assert.rejects(profileCredentials('mfa', 'eu-west-1', { environment, clients })(), /"mfa" has mfa_serial/);
  clients.close();
});

// Not in the common table: botocore has it only with a package of native code.
test('a login session of `aws login`, before credential_process; without its file an error that says what to do', async () => {
  await using folder = await tempFolder();
  const session = 'arn:aws:iam::111122223333:user/someone';
  const config = path.join(folder.path, 'config');
  const profile = (name: string, value: string) =>
    `[profile ${name}]\nlogin_session = ${value}\ncredential_process = false\n`;
  await writeFile(config, profile('login', session) + profile('logged-out', 'arn:aws:iam::111122223333:user/nobody'));
  const accessToken = {
    accessKeyId: 'LOGIN',
    secretAccessKey: 's',
    sessionToken: 't',
    expiresAt: '2099-01-01T00:00:00Z',
  };
  const token = {
    accessToken: { ...accessToken, accountId: '111122223333' },
    clientId: 'c',
    refreshToken: 'r',
    dpopKey: 'k',
  };
  const file = `${createHash('sha256').update(session).digest('hex')}.json`;
  await writeFile(path.join(folder.path, file), JSON.stringify(token));
  const environment = { AWS_CONFIG_FILE: config, AWS_SHARED_CREDENTIALS_FILE: '/dev/null' };
  replaceEnvironment({ ...environment, AWS_LOGIN_CACHE_DIRECTORY: folder.path });
  const clients = createClientFactory({ settings: readAwsSettings({}) });
  const found = await profileCredentials('login', 'eu-west-1', { environment, clients })();
  assert.deepEqual([found.accessKeyId, found.expiration], ['LOGIN', new Date(accessToken.expiresAt)]);
  await assert.rejects(profileCredentials('logged-out', 'eu-west-1', { environment, clients })(), {
    name: 'CredentialsError',
    message: /"logged-out" gives no credentials.*`aws login`/,
  });
  clients.close();
});
