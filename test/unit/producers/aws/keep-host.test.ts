import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GetPublicAccessBlockCommand, S3ControlClient } from '@aws-sdk/client-s3-control';
import { keepHost } from '../../../../producers/aws/keep-host.ts';

/** The host that S3 Control calls. */
async function hostFor(endpoint: string | undefined, region = 'eu-west-1'): Promise<string | undefined> {
  let hostname: string | undefined;
  const client = new S3ControlClient({
    region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
    ...(endpoint === undefined ? {} : { endpoint }),
    requestHandler: {
      handle(request: { hostname: string }) {
        ({ hostname } = request);
        return Promise.reject(new Error('sent'));
      },
    } as never,
  });
  keepHost(client);
  await assert.rejects(client.send(new GetPublicAccessBlockCommand({ AccountId: '111122223333' })), /^Error: sent$/);
  return hostname;
}

test('an endpoint that is an IP address or a bare name keeps its host', async () => {
  assert.equal(await hostFor('http://127.0.0.1:5000'), '127.0.0.1');
  assert.equal(await hostFor('http://localhost:5000'), 'localhost');
  assert.equal(await hostFor('http://aws:5000'), 'aws');
});

test('AWS’s own endpoints, and configured ones with a domain, have the account in front', async () => {
  assert.equal(await hostFor(undefined), '111122223333.s3-control.eu-west-1.amazonaws.com');
  assert.equal(await hostFor(undefined, 'cn-north-1'), '111122223333.s3-control.cn-north-1.amazonaws.com.cn');
  assert.equal(
    await hostFor('https://control.vpce-1.s3.eu-west-1.vpce.amazonaws.com'),
    '111122223333.control.vpce-1.s3.eu-west-1.vpce.amazonaws.com',
  );
});

test('a client that resolves no endpoints is left as it is', () => {
  assert.doesNotThrow(() => keepHost({}));
});
