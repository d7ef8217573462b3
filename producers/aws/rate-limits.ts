import type { RateLimit } from './token-bucket.ts';

export interface ServiceLimits extends RateLimit {
  /** Whether each operation has its own bucket, as in EC2; else all share one. */
  perOperation?: boolean;
  /** Operations with a bucket of their own. */
  operations?: Readonly<Record<string, RateLimit>>;
}

/**
 * How fast one account's service is asked in one region, by the SDK's service id. AWS's limits are shared with everything
 * else that runs in the account, so these stay at or below half of them where AWS publishes any.
 */
export const defaultRateLimits: Readonly<Record<string, ServiceLimits>> = {
  // 100 at once, then 20 a second, for each Describe operation:
  // https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html
  EC2: { ratePerSecond: 10, burst: 50, perOperation: true },
  // Not published; reads are throttled from some tens a second on:
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
  IAM: { ratePerSecond: 15, burst: 30 },
  // Thousands a second for objects; nothing is published for the configuration of buckets:
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance.html
  S3: { ratePerSecond: 100, burst: 100 },
  // Of the calls that are made, ListGrants has the least, 100 a second:
  // https://docs.aws.amazon.com/kms/latest/developerguide/throttling.html
  KMS: { ratePerSecond: 50, burst: 50, perOperation: true },
  // A few a second, by operation: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html
  Organizations: {
    ratePerSecond: 2,
    burst: 2,
    perOperation: true,
    operations: { ListRoots: { ratePerSecond: 1, burst: 1 } },
  },
  // 600 a second, by account and region: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
  STS: { ratePerSecond: 50, burst: 50 },
};

/** For services that the table does not name. */
export const fallbackRateLimit: ServiceLimits = { ratePerSecond: 10, burst: 20 };
