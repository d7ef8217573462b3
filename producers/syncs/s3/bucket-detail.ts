import type { S3Client } from '@aws-sdk/client-s3';
import type { CollectedRecord, SyncContext } from '../../sync.ts';
import { readDetail } from '../read-detail.ts';

/** One call for each bucket and what becomes of its answer. */
export interface BucketDetail<Output> {
  /** For reasons, e.g. `GetBucketPolicy`. */
  operation: string;
  /** The record type of which every bucket has one: its property group. */
  type: string;
  /** Further record types, whose ids only the answer tells. */
  others?: readonly string[];
  /** The error by which S3 says that nothing is configured. */
  absent?: string;
  read: (client: S3Client, Bucket: string, abortSignal: AbortSignal) => Promise<Output>;
  /** @param answer undefined if nothing is configured */
  records: (bucket: string, answer: Output | undefined, context: SyncContext) => Iterable<CollectedRecord>;
}

export type BucketDetailOutcome =
  | { kind: 'read'; records: CollectedRecord[] }
  | { kind: 'gone' }
  /** `withhold` keeps what the graph has: called once it is clear that the bucket is still there. */
  | { kind: 'unread'; withhold: () => void };

export async function readBucketDetail(
  context: SyncContext,
  client: S3Client,
  bucket: string,
  detail: BucketDetail<unknown>,
): Promise<BucketDetailOutcome> {
  const { operation, type, others = [], absent } = detail;
  const errors = { gone: 'NoSuchBucket', ...(absent === undefined ? {} : { absent }) };
  const answer = await readDetail(context, operation, () => detail.read(client, bucket, context.signal), errors);
  switch (answer.kind) {
    case 'read':
      return { kind: 'read', records: [...detail.records(bucket, answer.value, context)] };
    case 'absent':
      return { kind: 'read', records: [...detail.records(bucket, undefined, context)] };
    case 'gone':
      return answer;
    case 'unread': {
      const { reason } = answer;
      return {
        kind: 'unread',
        withhold: () => {
          context.withhold(type, reason, bucket);
          for (const other of others) context.withhold(other, reason);
        },
      };
    }
  }
}
