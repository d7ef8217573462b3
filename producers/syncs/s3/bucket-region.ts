import { HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import type { SyncContext } from '../../sync.ts';
import { reasonOf, throwIfScopeEnds } from '../read-detail.ts';

/** Null: S3 did not tell it. */
export type BucketRegion = { kind: 'known'; region: string | null } | { kind: 'gone' };

/**
 * Where a bucket is, for servers that leave that out of ListBuckets. S3 names the region also when it denies the call or
 * redirects it. https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html
 */
export async function bucketRegion(context: SyncContext, name: string): Promise<BucketRegion> {
  try {
    const command = new HeadBucketCommand({ Bucket: name });
    const answer = await context.client(S3Client).send(command, { abortSignal: context.signal });
    return { kind: 'known', region: answer.BucketRegion ?? null };
  } catch (error) {
    throwIfScopeEnds(context, error);
    const { headers, statusCode } =
      (error as { $response?: { headers?: Record<string, string>; statusCode?: number } }).$response ?? {};
    const region = headers?.['x-amz-bucket-region'];
    if (region) return { kind: 'known', region };
    if (statusCode === 404) return { kind: 'gone' };
    context.logger.warn({ bucket: name, reason: reasonOf('HeadBucket', error) }, 'the region of a bucket is unknown');
    return { kind: 'known', region: null };
  }
}
