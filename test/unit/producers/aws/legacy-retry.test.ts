import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { RetryErrorInfo } from '@smithy/types';

import { legacyRetryStrategy } from '../../../../producers/aws/legacy-retry.ts';

function failure(name: string, status?: number, code?: string): RetryErrorInfo {
  const metadata = status === undefined ? {} : { $metadata: { httpStatusCode: status } };
  return {
    errorType: 'TRANSIENT',
    error: Object.assign(new Error(name), { name, ...metadata, ...(code === undefined ? {} : { code }) }),
  } as RetryErrorInfo;
}

async function delaysOf(service: string, info: RetryErrorInfo, maxAttempts = 6): Promise<number[]> {
  const strategy = legacyRetryStrategy(maxAttempts, service, () => 1);
  const delays: number[] = [];
  let token = await strategy.acquireInitialRetryToken('');
  try {
    for (;;) {
      token = await strategy.refreshRetryTokenForRetry(token, info);
      delays.push(token.getRetryDelay());
    }
  } catch {
    return delays;
  }
}

test('the waits double from one second on, without a ceiling', async () => {
  const waits = await delaysOf('EC2', failure('Throttling', 400), 7);
  assert.deepEqual(waits, [1_000, 2_000, 4_000, 8_000, 16_000, 32_000]);
});

test('a hint of when to come back is not heeded', async () => {
  const info = { ...failure('Throttling', 400), retryAfterHint: new Date(Date.now() + 60_000) };
  assert.deepEqual(await delaysOf('EC2', info, 2), [1_000]);
});

test('there is no quota over the calls', async () => {
  const strategy = legacyRetryStrategy(2, 'EC2', () => 0);
  for (let call = 0; call < 1_000; call++) {
    const token = await strategy.acquireInitialRetryToken('');
    await strategy.refreshRetryTokenForRetry(token, failure('InternalError', 500));
  }
});

for (const [service, name, status, code, isRetried] of [
  ['EC2', 'InternalError', 500, undefined, true],
  ['EC2', 'RequestLimitExceeded', 503, undefined, true],
  ['EC2', 'RequestLimitExceeded', 400, undefined, false],
  ['EC2', 'NotImplemented', 501, undefined, false],
  ['EC2', 'UnauthorizedOperation', 403, undefined, false],
  ['Organizations', 'TooManyRequestsException', 400, undefined, true],
  ['EC2', 'TooManyRequestsException', 400, undefined, false],
  ['S3', 'RequestTimeout', 400, undefined, true],
  ['STS', 'RequestTimeout', 400, undefined, false],
  ['EC2', 'TimeoutError', undefined, undefined, true],
  ['EC2', 'Error', undefined, 'ECONNRESET', true],
  ['EC2', 'Error', undefined, 'ENOTFOUND', true],
  ['EC2', 'AbortError', undefined, undefined, false],
  ['EC2', 'CredentialsProviderError', undefined, undefined, false],
] as const) {
  test(`${service} ${code ?? name}${status === undefined ? '' : ` with status ${status}`} is ${isRetried ? '' : 'not '}retried`, async () => {
    assert.equal((await delaysOf(service, failure(name, status, code), 2)).length, isRetried ? 1 : 0);
  });
}
