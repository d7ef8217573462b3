import type { Sync } from '../../sync.ts';

/** General purpose buckets: who may reach them, how they are protected, whom they notify. */
export const s3: Sync = {
  id: 's3',
  scope: 'global',
  records: [
    'cartography.aws.s3.Bucket',
    'cartography.aws.s3.BucketAcl',
    'cartography.aws.s3.Acl',
    'cartography.aws.s3.BucketPolicy',
    'cartography.aws.s3.PolicyStatement',
    'cartography.aws.s3.BucketEncryption',
    'cartography.aws.s3.BucketVersioning',
    'cartography.aws.s3.BucketPublicAccessBlock',
    'cartography.aws.s3.BucketOwnership',
    'cartography.aws.s3.BucketLogging',
    'cartography.aws.s3.BucketNotification',
  ],
  // Several differ from the operation: docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
  actions: [
    's3:ListAllMyBuckets',
    's3:ListBucket',
    's3:GetBucketAcl',
    's3:GetBucketPolicy',
    's3:GetEncryptionConfiguration',
    's3:GetBucketVersioning',
    's3:GetBucketPublicAccessBlock',
    's3:GetBucketOwnershipControls',
    's3:GetBucketLogging',
    's3:GetBucketNotification',
  ],
  async *collect(context) {
    // Here, not above, so that the SDK's client is loaded only when it is needed.
    const { collectBuckets } = await import('./collect-buckets.ts');
    yield* collectBuckets(context);
  },
};
