import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';

import { pino } from 'pino';

import { CredentialsError } from '../../../../platform/errors.ts';
import { discoverAccounts } from '../../../../producers/accounts/discover-accounts.ts';
import { profileCredentials } from '../../../../producers/accounts/credentials.ts';
import { createClientFactory } from '../../../../producers/aws/aws-clients.ts';
import { readAwsSettings } from '../../../../producers/aws/aws-settings.ts';
import { credentialCases } from '../../../support/credential-cases.ts';
import { startCredentialLab } from '../../../support/credential-lab.ts';

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
