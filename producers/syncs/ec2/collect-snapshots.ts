import type { DescribeSnapshotsRequest, Snapshot } from '@aws-sdk/client-ec2';
import { DescribeSnapshotAttributeCommand, EC2Client, paginateDescribeSnapshots } from '@aws-sdk/client-ec2';
import { volumeSnapshots } from '../../shared-reads/volume-snapshots.ts';
import type { CollectedRecord, SyncContext } from '../../sync.ts';
import { mapConcurrently } from '../map-concurrently.ts';
import { readAhead } from '../read-ahead.ts';
import { readDetail } from '../read-detail.ts';
import { required } from '../required.ts';
import { idFilters } from './id-filters.ts';

const SNAPSHOT = 'cartography.aws.ec2.Snapshot';
const PERMISSION = 'cartography.aws.ec2.SnapshotPermission';

const PERMISSIONS_AT_ONCE = 10;

/**
 * Which snapshots are public is asked for in two steps: DescribeSnapshots lists those that are, in a few pages, and only these
 * cost a call of DescribeSnapshotAttribute each, which decides.
 */
export async function* collectSnapshots(context: SyncContext): AsyncGenerator<CollectedRecord[]> {
  const listedAsPublic = new Set<string>();
  for await (const page of pagesOf(context, { OwnerIds: ['self'], RestorableByUserIds: ['all'] })) {
    for (const snapshot of page) listedAsPublic.add(idOf(snapshot));
  }

  const own = new Set<string>();
  const describe = (snapshot: Snapshot) => describeOwn(context, snapshot, listedAsPublic);
  for await (const page of pagesOf(context, { OwnerIds: ['self'] })) {
    for (const snapshot of page) own.add(idOf(snapshot));
    yield* mapConcurrently(page, PERMISSIONS_AT_ONCE, describe);
  }

  const used = await readDetail(context, 'DescribeVolumes', () => context.shared(volumeSnapshots));
  if (used.kind === 'unread') context.withhold(SNAPSHOT, used.reason);
  if (used.kind !== 'read') return;
  const others = [...used.value].filter((id) => !own.has(id));
  for (const filter of idFilters('snapshot-id', others)) {
    for await (const page of pagesOf(context, { Filters: [filter] })) yield page.map(snapshotRecord);
  }
}

/** None if it was deleted after it was listed. */
async function describeOwn(
  context: SyncContext,
  snapshot: Snapshot,
  listedAsPublic: ReadonlySet<string>,
): Promise<CollectedRecord[]> {
  const record = snapshotRecord(snapshot);
  // Only the owner may ask for a snapshot's permissions.
  if (snapshot.OwnerId !== undefined && snapshot.OwnerId !== context.accountId) return [record];

  const id = idOf(snapshot);
  const permission = (Public: boolean) => ({ type: PERMISSION, value: { SnapshotId: id, Public } });
  if (!listedAsPublic.has(id)) return [record, permission(false)];

  const command = new DescribeSnapshotAttributeCommand({ SnapshotId: id, Attribute: 'createVolumePermission' });
  const read = () => context.client(EC2Client).send(command, { abortSignal: context.signal });
  const attribute = await readDetail(context, 'DescribeSnapshotAttribute', read, { gone: 'InvalidSnapshot.NotFound' });
  if (attribute.kind === 'gone') return [];
  if (attribute.kind === 'unread') context.withhold(PERMISSION, attribute.reason, id);
  if (attribute.kind !== 'read') return [record];
  const permissions = attribute.value.CreateVolumePermissions ?? [];
  return [record, permission(permissions.some(({ Group }) => Group === 'all'))];
}

async function* pagesOf(context: SyncContext, request: DescribeSnapshotsRequest): AsyncGenerator<Snapshot[]> {
  const pages = paginateDescribeSnapshots({ client: context.client(EC2Client), pageSize: 1000 }, request, {
    abortSignal: context.signal,
  });
  for await (const { Snapshots = [] } of readAhead(pages)) yield Snapshots;
}

function idOf(snapshot: Snapshot): string {
  return required(snapshot.SnapshotId, 'DescribeSnapshots Snapshots.SnapshotId');
}

function snapshotRecord(snapshot: Snapshot): CollectedRecord {
  return {
    type: SNAPSHOT,
    value: {
      SnapshotId: idOf(snapshot),
      Description: snapshot.Description ?? null,
      OwnerId: snapshot.OwnerId ?? null,
      Encrypted: snapshot.Encrypted ?? null,
      Progress: snapshot.Progress ?? null,
      StartTime: snapshot.StartTime?.getTime() ?? null,
      State: snapshot.State ?? null,
      StateMessage: snapshot.StateMessage ?? null,
      VolumeId: snapshot.VolumeId ?? null,
      VolumeSize: snapshot.VolumeSize ?? null,
      OutpostArn: snapshot.OutpostArn ?? null,
      DataEncryptionKeyId: snapshot.DataEncryptionKeyId ?? null,
      KmsKeyId: snapshot.KmsKeyId ?? null,
    },
  };
}
