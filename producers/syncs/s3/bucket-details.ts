import { aclDetail } from './acl.ts';
import type { BucketDetail } from './bucket-detail.ts';
import { encryptionDetail, ownershipDetail, publicAccessBlockDetail, versioningDetail } from './bucket-protection.ts';
import { loggingDetail, notificationDetail } from './bucket-reporting.ts';
import { policyDetail } from './policy.ts';

/** All that is read of each bucket. */
export const bucketDetails = [
  aclDetail,
  policyDetail,
  encryptionDetail,
  versioningDetail,
  publicAccessBlockDetail,
  ownershipDetail,
  loggingDetail,
  notificationDetail,
] as BucketDetail<unknown>[];
