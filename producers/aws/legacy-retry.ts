import type { RetryErrorInfo, RetryStrategyV2, RetryToken } from '@smithy/types';

import { errorCodeOf } from './error-code.ts';

/**
 * botocore's `legacy` mode, which the AWS SDK for JavaScript does not have: no quota of retries over the calls, waits of
 * random() * 2^n seconds without a ceiling (n = retries so far), no heed to Retry-After, and a short list of retried errors.
 * @param service the SDK's client class without `Client`, e.g. `Organizations`
 */
export function legacyRetryStrategy(
  maxAttempts: number,
  service: string,
  random: () => number = Math.random,
): RetryStrategyV2 {
  const codes = new Set([...retriedCodes, ...(retriedCodesOfService[service] ?? [])]);
  return {
    acquireInitialRetryToken: () => Promise.resolve(tokenOf(0, 0)),
    refreshRetryTokenForRetry(token, info) {
      const attempts = token.getRetryCount() + 1;
      if (attempts < maxAttempts && isRetried(info, codes)) {
        return Promise.resolve(tokenOf(attempts, random() * 2 ** (attempts - 1) * 1_000));
      }
      return Promise.reject(new Error('no further attempt'));
    },
    recordSuccess() {},
  };
}

/** Whatever the error's code. */
const retriedStatuses = new Set([429, 500, 502, 503, 504, 509]);

/** Status and code. */
const retriedCodes: readonly string[] = [
  '400 ProvisionedThroughputExceededException',
  '400 RequestThrottledException',
  '400 ThrottledException',
  '400 Throttling',
  '400 ThrottlingException',
];

const retriedCodesOfService: Readonly<Record<string, readonly string[]>> = {
  DynamoDB: ['400 TransactionInProgressException', '409 ReplicatedWriteConflictException'],
  Glacier: ['408 RequestTimeoutException'],
  Kinesis: ['400 LimitExceededException'],
  Organizations: ['400 TooManyRequestsException'],
  Route53: ['400 PriorRequestNotComplete'],
  S3: ['400 BadDigest', '400 RequestTimeout'],
  SQS: ['403 RequestThrottled'],
  STS: ['400 IDPCommunicationError'],
};

function isRetried({ error }: RetryErrorInfo, codes: ReadonlySet<string>): boolean {
  if (error === undefined || error.name === 'AbortError') return false;
  const status = error.$metadata?.httpStatusCode;
  const code = errorCodeOf(error) ?? error.name;
  if (status === undefined) return error.name === 'TimeoutError' || /^E[A-Z_]{2,}$/.test(code);
  return retriedStatuses.has(status) || codes.has(`${status} ${code}`);
}

function tokenOf(retries: number, delayMs: number): RetryToken {
  return { getRetryCount: () => retries, getRetryDelay: () => delayMs };
}
