import { S3ServiceException } from '@aws-sdk/client-s3';
import type { Answer, Responses } from './collect.ts';

/** As the SDK throws it. */
export function s3Error(name: string, message = name): S3ServiceException {
  return new S3ServiceException({ name, message, $fault: 'client', $metadata: {} });
}

/** What S3 answers for a bucket where nobody has configured anything. */
const plain: Record<string, () => Answer> = {
  GetBucketAcl: () => ({ Owner: { ID: 'owner' }, Grants: [] }),
  GetBucketPolicy: () => s3Error('NoSuchBucketPolicy'),
  GetBucketEncryption: () => s3Error('ServerSideEncryptionConfigurationNotFoundError'),
  GetBucketVersioning: () => ({}),
  GetPublicAccessBlock: () => s3Error('NoSuchPublicAccessBlockConfiguration'),
  GetBucketOwnershipControls: () => s3Error('OwnershipControlsNotFoundError'),
  GetBucketLogging: () => ({}),
  GetBucketNotificationConfiguration: () => ({}),
};

/** Answers of S3 for these buckets, all in eu-west-1; `details` are answers by bucket and operation, other details are not configured. */
export function s3Responses(details: Record<string, Record<string, Answer>>, others: Responses = {}): Responses {
  const ofBucket = (operation: string) =>
    (({ Bucket }: { Bucket: string }) => details[Bucket]?.[operation] ?? plain[operation]!()) as never;
  const Buckets = Object.keys(details).map((Name) => ({ Name, BucketRegion: 'eu-west-1' }));
  return {
    ListBuckets: [{ Buckets }],
    ...Object.fromEntries(Object.keys(plain).map((operation) => [operation, ofBucket(operation)])),
    ...others,
  };
}
