import type { Sync } from '../../sync.ts';
import { volumeSnapshots } from '../../shared-reads/volume-snapshots.ts';

/** EBS snapshots: the account's own, and others that its volumes were created from. */
export const ec2Snapshot: Sync = {
  id: 'ec2:snapshots',
  scope: 'regional',
  records: ['cartography.aws.ec2.Snapshot', 'cartography.aws.ec2.SnapshotPermission'],
  actions: ['ec2:DescribeSnapshots', 'ec2:DescribeSnapshotAttribute'],
  reads: [volumeSnapshots],
  async *collect(context) {
    // Here, not above, so that the SDK's client is loaded only when it is needed.
    const { collectSnapshots } = await import('./collect-snapshots.ts');
    yield* collectSnapshots(context);
  },
};
