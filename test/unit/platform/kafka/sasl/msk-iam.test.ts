import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { test } from 'node:test';
import { InfrastructureError } from '../../../../../platform/errors.ts';
import { mskIamToken, mskRegionOf } from '../../../../../platform/kafka/sasl/msk-iam.ts';

const credentials = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'hidden-6', sessionToken: 'session/token+=' };
const now = () => new Date('2026-01-02T03:04:05Z');

async function tokenUrl(): Promise<URL> {
  const { value } = await mskIamToken({ region: 'eu-west-1', credentials: () => Promise.resolve(credentials), now })();
  assert.match(value, /^[A-Za-z0-9_-]+$/);
  return new URL(Buffer.from(value, 'base64url').toString());
}

test("a token is the URL of a signed call of MSK's connect, in base64url, good for a quarter of an hour", async () => {
  const url = await tokenUrl();
  assert.equal(url.origin, 'https://kafka.eu-west-1.amazonaws.com');
  assert.deepEqual(Object.fromEntries([...url.searchParams].filter(([name]) => name !== 'X-Amz-Signature')), {
    Action: 'kafka-cluster:Connect',
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': 'AKIAEXAMPLE/20260102/eu-west-1/kafka-cluster/aws4_request',
    'X-Amz-Date': '20260102T030405Z',
    'X-Amz-Expires': '900',
    'X-Amz-SignedHeaders': 'host',
    'X-Amz-Security-Token': 'session/token+=',
    'User-Agent': 'cartography-stream',
  });
});

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html, for this one request. */
test('the signature is the one of Signature Version 4 over all but the user agent', async () => {
  const url = await tokenUrl();
  const signature = url.searchParams.get('X-Amz-Signature');
  const query = [...url.searchParams]
    .filter(([name]) => !['X-Amz-Signature', 'User-Agent'].includes(name))
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .sort()
    .join('&');
  const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
  const request = ['GET', '/', query, `host:${url.host}\n`, 'host', sha256('')].join('\n');
  const scope = '20260102/eu-west-1/kafka-cluster/aws4_request';
  const text = ['AWS4-HMAC-SHA256', '20260102T030405Z', scope, sha256(request)].join('\n');
  const key = ['20260102', 'eu-west-1', 'kafka-cluster', 'aws4_request'].reduce<Buffer>(
    (secret, part) => createHmac('sha256', secret).update(part).digest(),
    Buffer.from(`AWS4${credentials.secretAccessKey}`),
  );
  assert.equal(signature, createHmac('sha256', key).update(text).digest('hex'));
});

test('without credentials it says which to set', async () => {
  const token = mskIamToken({ region: 'eu-west-1', credentials: () => Promise.reject(new Error('none found')) });
  await assert.rejects(
    token(),
    (error) => error instanceof InfrastructureError && /none found. Set AWS_PROFILE/.test(error.message),
  );
});

test("the region is in a broker's name", () => {
  assert.equal(mskRegionOf('b-1.log.abc123.c2.kafka.eu-west-1.amazonaws.com:9098'), 'eu-west-1');
  assert.equal(mskRegionOf('boot-x.c1.kafka-serverless.us-east-2.amazonaws.com:9098'), 'us-east-2');
  assert.equal(mskRegionOf('kafka:9092'), undefined);
});
