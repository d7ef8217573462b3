import type { Volume } from '@aws-sdk/client-ec2';
import { volumeSnapshots } from '../../shared-reads/volume-snapshots.ts';
import type { CollectedRecord, Sync, SyncContext } from '../../sync.ts';
import { readAhead } from '../read-ahead.ts';
import { required } from '../required.ts';
import { ec2Arn } from './arn.ts';

/** EBS volumes, attached or not. */
export const ec2Volume: Sync = {
  id: 'ec2:volumes',
  scope: 'regional',
  records: ['cartography.aws.ec2.Volume'],
  actions: ['ec2:DescribeVolumes'],
  finds: [volumeSnapshots],
  async *collect(context) {
    const { EC2Client, paginateDescribeVolumes } = await import('@aws-sdk/client-ec2');
    const pages = paginateDescribeVolumes(
      { client: context.client(EC2Client), pageSize: 500 },
      {},
      { abortSignal: context.signal },
    );
    const snapshotIds = new Set<string>();
    for await (const { Volumes = [] } of readAhead(pages)) {
      for (const { SnapshotId } of Volumes) if (SnapshotId) snapshotIds.add(SnapshotId);
      yield Volumes.map((volume) => volumeRecord(context, volume));
    }
    context.found(volumeSnapshots, snapshotIds);
  },
};

function volumeRecord(context: SyncContext, volume: Volume): CollectedRecord {
  const VolumeId = required(volume.VolumeId, 'DescribeVolumes Volumes.VolumeId');
  const attached = (volume.Attachments ?? []).filter(({ State }) => State === 'attached');
  return {
    type: 'cartography.aws.ec2.Volume',
    value: {
      VolumeId,
      Arn: ec2Arn(context, 'volume', VolumeId),
      AvailabilityZone: volume.AvailabilityZone ?? null,
      CreateTime: volume.CreateTime?.getTime() ?? null,
      Encrypted: volume.Encrypted ?? null,
      Size: volume.Size ?? null,
      State: volume.State ?? null,
      OutpostArn: volume.OutpostArn ?? null,
      SnapshotId: volume.SnapshotId ?? null,
      Iops: volume.Iops ?? null,
      FastRestored: volume.FastRestored ?? null,
      MultiAttachEnabled: volume.MultiAttachEnabled ?? null,
      VolumeType: volume.VolumeType ?? null,
      KmsKeyId: volume.KmsKeyId ?? null,
      SourceSnapshotId: volume.SnapshotId || null,
      InstanceIds: [...new Set(attached.flatMap(({ InstanceId }) => InstanceId ?? []))],
    },
  };
}
