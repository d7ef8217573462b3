import assert from 'node:assert/strict';
import { test } from 'node:test';

import { DescribeRegionsCommand, DescribeVpcsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';

import type { LimitedClient } from '../../../../producers/aws/limit-rate.ts';
import { limitRate } from '../../../../producers/aws/limit-rate.ts';

/** A client whose every request fails at once, and a clock that stands still. */
function failingClient(Client: typeof STSClient | typeof EC2Client) {
  const sleeps: number[] = [];
  let requests = 0;
  const requestHandler = {
    handle: async () => {
      requests++;
      throw Object.assign(new Error('connection reset'), { code: 'ECONNRESET' });
    },
  };
  const configuration = {
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    requestHandler,
  };
  const client = new Client({ ...configuration, maxAttempts: 3 });
  const clock = { nowMs: () => 0, sleep: async (milliseconds: number) => void sleeps.push(milliseconds) };
  return { client, clock, sleeps, count: () => requests };
}

test('every attempt of a call takes a token, retries too', async () => {
  const { client, clock, sleeps, count } = failingClient(STSClient);
  limitRate(client as unknown as LimitedClient, { limits: { STS: { ratePerSecond: 1000, burst: 1 } }, clock });
  await assert.rejects((client as STSClient).send(new GetCallerIdentityCommand({})));
  assert.equal(count(), 3);
  assert.deepEqual(sleeps, [1, 2]);
});

test('operations share a bucket unless the service counts them one by one', async () => {
  for (const [perOperation, expected] of [
    [false, [1, 2, 3, 4, 5]],
    [true, [1, 2, 1, 2]],
  ] as const) {
    const { client, clock, sleeps } = failingClient(EC2Client);
    limitRate(client as unknown as LimitedClient, {
      limits: { EC2: { ratePerSecond: 1000, burst: 1, perOperation } },
      clock,
    });
    await assert.rejects((client as EC2Client).send(new DescribeVpcsCommand({})));
    await assert.rejects((client as EC2Client).send(new DescribeRegionsCommand({})));
    assert.deepEqual(sleeps, expected);
  }
});
