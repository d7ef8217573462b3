import assert from 'node:assert/strict';
import { test } from 'node:test';
import { s3 } from '../../../../producers/syncs/s3/s3.ts';
import type { Answer } from '../../../support/collect.ts';
import { collectAll } from '../../../support/collect.ts';
import { s3Responses } from '../../../support/s3-buckets.ts';

/** The one record of this type for a bucket with this answer. */
async function recordFor(type: string, operation: string, answer: Answer) {
  const { of } = await collectAll(s3, { responses: s3Responses({ b: { [operation]: answer } }) });
  return of(type)[0];
}

test('default encryption with a key of KMS', async () => {
  const key = 'arn:aws:kms:eu-west-1:444455556666:key/1';
  const rule = {
    ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: key },
    BucketKeyEnabled: true,
  };

  assert.deepEqual(
    await recordFor('s3.BucketEncryption', 'GetBucketEncryption', {
      ServerSideEncryptionConfiguration: { Rules: [rule] },
    }),
    { Name: 'b', DefaultEncryption: true, SSEAlgorithm: 'aws:kms', KMSMasterKeyID: key, BucketKeyEnabled: true },
  );
});

test('an encryption rule without an algorithm, and no rule at all, are no encryption', async () => {
  const none = {
    Name: 'b',
    DefaultEncryption: false,
    SSEAlgorithm: null,
    KMSMasterKeyID: null,
    BucketKeyEnabled: null,
  };

  for (const Rules of [[], [{ BucketKeyEnabled: true }]]) {
    const answer = { ServerSideEncryptionConfiguration: { Rules } };
    assert.deepEqual(await recordFor('s3.BucketEncryption', 'GetBucketEncryption', answer), none);
  }
});

test('versioning, ownership, public access block and access log take what S3 says', async () => {
  assert.deepEqual(
    await recordFor('s3.BucketVersioning', 'GetBucketVersioning', { Status: 'Suspended', MFADelete: 'Disabled' }),
    { Name: 'b', Status: 'Suspended', MFADelete: 'Disabled' },
  );
  assert.deepEqual(
    await recordFor('s3.BucketOwnership', 'GetBucketOwnershipControls', {
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
    }),
    { Name: 'b', ObjectOwnership: 'BucketOwnerEnforced' },
  );
  assert.deepEqual(
    await recordFor('s3.BucketPublicAccessBlock', 'GetPublicAccessBlock', {
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, IgnorePublicAcls: false },
    }),
    {
      Name: 'b',
      BlockPublicAcls: true,
      IgnorePublicAcls: false,
      BlockPublicPolicy: null,
      RestrictPublicBuckets: null,
    },
  );
  assert.deepEqual(
    await recordFor('s3.BucketLogging', 'GetBucketLogging', {
      LoggingEnabled: { TargetBucket: 'logs', TargetPrefix: '' },
    }),
    { Name: 'b', LoggingEnabled: true, TargetBucket: 'logs' },
  );
});

test('a topic that several events go to is named once', async () => {
  const topic = 'arn:aws:sns:eu-west-1:444455556666:uploads';
  const other = 'arn:aws:sns:eu-west-1:111122223333:deletions';
  const record = await recordFor('s3.BucketNotification', 'GetBucketNotificationConfiguration', {
    TopicConfigurations: [
      { TopicArn: topic, Events: ['s3:ObjectCreated:*'] },
      { TopicArn: other, Events: ['s3:ObjectRemoved:*'] },
      { TopicArn: topic, Events: ['s3:ObjectRestore:*'] },
    ],
    QueueConfigurations: [{ QueueArn: 'arn:aws:sqs:eu-west-1:111122223333:q', Events: ['s3:ObjectCreated:*'] }],
  });

  assert.deepEqual(record, { Name: 'b', TopicArns: [topic, other], SubResourceLabel: 'AWSS3Bucket' });
});
