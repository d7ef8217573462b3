import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';

import { createClientFactory } from '../../../producers/aws/aws-clients.ts';
import { readAwsSettings } from '../../../producers/aws/aws-settings.ts';
import { faults, startFaultySts } from '../../support/faulty-sts.ts';
import { installBotocore, runBotocore } from '../../support/run-python.ts';

const modes = ['standard', 'adaptive', 'legacy'] as const;
const callers = modes.flatMap((mode) => faults.map((fault) => ({ mode, fault, name: `${mode}.${fault}` })));
const maxRetries = 2;
const readTimeoutSeconds = 1;
let sts: Awaited<ReturnType<typeof startFaultySts>>;
/** When each of our callers began, on the server's clock. */
const beganAtMs = new Map<string, number>();

before(async () => {
  sts = await startFaultySts();
  const python = await installBotocore();
  const items = callers.map(({ mode, name }) => ({
    mode,
    caller: `botocore.${name}`,
    url: sts.url,
    maxRetries,
    readTimeoutSeconds,
  }));
  await runBotocore(python, 'count_attempts.py', items);
  process.env['AWS_ENDPOINT_URL_STS'] = sts.url;
  // What must not count.
  process.env['AWS_MAX_ATTEMPTS'] = '9';
  process.env['AWS_RETRY_MODE'] = 'adaptive';
  await Promise.all(callers.map(callAsWeDo));
});
after(async () => {
  for (const name of ['AWS_ENDPOINT_URL_STS', 'AWS_MAX_ATTEMPTS', 'AWS_RETRY_MODE']) delete process.env[name];
  await sts[Symbol.asyncDispose]();
});

async function callAsWeDo({ mode, name }: (typeof callers)[number]): Promise<void> {
  const settings = readAwsSettings({
    CARTOGRAPHY_AWS_RETRY_MODE: mode,
    CARTOGRAPHY_AWS_MAX_ATTEMPTS: String(maxRetries),
    CARTOGRAPHY_AWS_READ_TIMEOUT: String(readTimeoutSeconds),
  });
  const clients = createClientFactory({ settings });
  const credentials = () => Promise.resolve({ accessKeyId: `node.${name}`, secretAccessKey: 's' });
  const client = clients.create(STSClient, { credentials, profile: undefined }, 'eu-west-1');
  beganAtMs.set(name, performance.now());
  await assert.rejects(client.send(new GetCallerIdentityCommand({})));
  clients.close();
}

for (const { mode, fault, name } of callers) {
  test(`${mode}: as many attempts as botocore's on ${fault}, and no longer waits`, () => {
    const ours = sts.attempts(`node.${name}`);
    assert.equal(ours.length, sts.attempts(`botocore.${name}`).length);
    const stalledMs = fault === 'stall' ? readTimeoutSeconds * 1_000 : 0;
    ours.slice(1).forEach((atMs, index) => {
      const waitedMs = atMs - ours[index]!;
      const limiterMs = mode === 'adaptive' ? 2_500 : 0;
      // Both modes of botocore wait less than 2^n seconds; the SDK's standard waits less.
      assert.ok(waitedMs <= 2 ** index * 1_000 + stalledMs + limiterMs + 500, `${waitedMs} ms before ${index + 2}`);
      // From the beginning: on a busy machine an attempt may be noticed late, and the next one seem early.
      const sinceBeginningMs = atMs - beganAtMs.get(name)!;
      assert.ok(sinceBeginningMs >= (index + 1) * stalledMs * 0.9, `${sinceBeginningMs} ms to ${index + 2}`);
    });
  });
}
