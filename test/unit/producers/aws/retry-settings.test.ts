import assert from 'node:assert/strict';
import { test } from 'node:test';

import { EC2Client } from '@aws-sdk/client-ec2';
import { STSClient } from '@aws-sdk/client-sts';

import type { Access } from '../../../../producers/aws/aws-clients.ts';
import { createClientFactory } from '../../../../producers/aws/aws-clients.ts';
import { readAwsSettings } from '../../../../producers/aws/aws-settings.ts';

function accountOf(name: string): Access {
  return { credentials: () => Promise.resolve({ accessKeyId: name, secretAccessKey: 's' }), profile: undefined };
}

function factoryOf(mode: string) {
  const clients = createClientFactory({ settings: readAwsSettings({ CARTOGRAPHY_AWS_RETRY_MODE: mode }) });
  const [one, other] = [accountOf('one'), accountOf('other')];
  return {
    strategy: (Client: typeof STSClient | typeof EC2Client, account: 'one' | 'other', region: string) =>
      clients.create<STSClient | EC2Client>(Client, account === 'one' ? one : other, region).config.retryStrategy(),
    [Symbol.dispose]: () => clients.close(),
  };
}

test('adaptive: clients of one account, region and service share what was learnt, others do not', async () => {
  using factory = factoryOf('adaptive');
  const first = await factory.strategy(EC2Client, 'one', 'eu-west-1');
  assert.equal(await factory.strategy(EC2Client, 'one', 'eu-west-1'), first);
  assert.notEqual(await factory.strategy(EC2Client, 'one', 'eu-west-2'), first);
  assert.notEqual(await factory.strategy(EC2Client, 'other', 'eu-west-1'), first);
  assert.notEqual(await factory.strategy(STSClient, 'one', 'eu-west-1'), first);
});

test('standard: each client has a quota of its own', async () => {
  using factory = factoryOf('standard');
  const first = await factory.strategy(EC2Client, 'one', 'eu-west-1');
  assert.notEqual(await factory.strategy(EC2Client, 'one', 'eu-west-1'), first);
});
