import type { Bucket } from '@aws-sdk/client-s3';
import { paginateListBuckets, S3Client } from '@aws-sdk/client-s3';
import type { CollectedRecord, SyncContext } from '../../sync.ts';
import { mapConcurrently } from '../map-concurrently.ts';
import { dateText } from '../python-text.ts';
import { required } from '../required.ts';
import { ACL } from './acl.ts';
import { bucketDetails } from './bucket-details.ts';
import { bucketRegion } from './bucket-region.ts';
import { readBucketDetail } from './bucket-detail.ts';

/** Each with all its details at once. */
const BUCKETS_AT_ONCE = 10;
/** The most that S3 gives. Any size makes S3 tell the buckets' regions. */
const PAGE_SIZE = 10_000;

export async function* collectBuckets(context: SyncContext): AsyncGenerator<CollectedRecord> {
  // Buckets share the entries of their ACLs: mostly one, "the owner may do everything".
  const acls = new Set<unknown>();
  const pages = paginateListBuckets(
    { client: context.client(S3Client), pageSize: PAGE_SIZE },
    {},
    { abortSignal: context.signal },
  );
  for await (const { Buckets = [] } of pages) {
    for await (const records of mapConcurrently(Buckets, BUCKETS_AT_ONCE, (bucket) => readBucket(context, bucket))) {
      for (const record of records) {
        if (record.type === ACL && acls.size === acls.add(record.value['Id']).size) continue;
        yield record;
      }
    }
  }
}

/** The bucket's records; none if it was deleted after it was listed. */
async function readBucket(context: SyncContext, bucket: Bucket): Promise<CollectedRecord[]> {
  const name = required(bucket.Name, 'ListBuckets Buckets.Name');
  const region = bucket.BucketRegion
    ? { kind: 'known' as const, region: bucket.BucketRegion }
    : await bucketRegion(context, name);
  if (region.kind === 'gone') return [];

  const client = context.client(S3Client, region.region ?? context.region);
  const details = await Promise.all(bucketDetails.map((one) => readBucketDetail(context, client, name, one)));
  if (details.some((detail) => detail.kind === 'gone')) return [];

  const records: CollectedRecord[] = [bucketRecord(context, name, region.region, bucket.CreationDate)];
  for (const detail of details) {
    if (detail.kind === 'read') records.push(...detail.records);
    else if (detail.kind === 'unread') detail.withhold();
  }
  return records;
}

function bucketRecord(
  context: SyncContext,
  Name: string,
  region: string | null,
  created: Date | undefined,
): CollectedRecord {
  return {
    type: 'cartography.aws.s3.Bucket',
    value: {
      Name,
      Arn: `arn:${context.partition}:s3:::${Name}`,
      BucketRegion: region,
      CreationDate: created ? dateText(created) : null,
    },
  };
}
