import type { SharedRead } from '../sync.ts';

/** Ids of the snapshots that the region's volumes were created from. Nothing else of the volumes is kept. */
export const volumeSnapshots: SharedRead<ReadonlySet<string>> = {
  id: 'ec2:volume-snapshots',
  scope: 'regional',
  actions: ['ec2:DescribeVolumes'],
  async read(context) {
    const { EC2Client, paginateDescribeVolumes } = await import('@aws-sdk/client-ec2');
    const pages = paginateDescribeVolumes(
      { client: context.client(EC2Client), pageSize: 500 },
      {},
      { abortSignal: context.signal },
    );
    const snapshotIds = new Set<string>();
    for await (const { Volumes = [] } of pages) {
      for (const { SnapshotId } of Volumes) if (SnapshotId) snapshotIds.add(SnapshotId);
    }
    return snapshotIds;
  },
};
