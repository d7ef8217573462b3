import type { Reservation } from '@aws-sdk/client-ec2';
import type { CollectedRecord, Sync } from '../../sync.ts';
import { instanceImages } from '../../shared-reads/instance-images.ts';
import { instanceProfiles } from '../../shared-reads/instance-profiles.ts';
import { readAhead } from '../read-ahead.ts';
import { required } from '../required.ts';
import { describeAttachments } from './instance-attachments.ts';
import { describeInstance } from './instance-record.ts';
import { roleResolver } from './instance-roles.ts';
import { stubCollector } from './instance-stubs.ts';

/** Instances and what hangs on them: interfaces, volumes, addresses; stubs of their subnets, groups and key pairs. */
export const ec2Instance: Sync = {
  id: 'ec2:instance',
  scope: 'regional',
  records: [
    'cartography.aws.ec2.Reservation',
    'cartography.aws.ec2.Instance',
    'cartography.aws.ec2.InstanceRole',
    'cartography.aws.ec2.InstanceSubnet',
    'cartography.aws.ec2.InstanceSecurityGroup',
    'cartography.aws.ec2.InstanceKeyPair',
    'cartography.aws.ec2.InstanceNetworkInterface',
    'cartography.aws.ec2.InstanceVolume',
    'cartography.aws.ec2.Ipv6Address',
  ],
  actions: ['ec2:DescribeInstances'],
  reads: [instanceProfiles],
  finds: [instanceImages],
  async *collect(context) {
    const { EC2Client, paginateDescribeInstances } = await import('@aws-sdk/client-ec2');
    const pages = paginateDescribeInstances(
      { client: context.client(EC2Client), pageSize: 1000 },
      {},
      { abortSignal: context.signal },
    );
    const collectStubs = stubCollector(context);
    const resolveRoles = roleResolver(context);
    const imageIds = new Set<string>();
    for await (const page of readAhead(pages)) {
      for (const reservation of page.Reservations ?? []) {
        const record = reservationRecord(reservation);
        const records: CollectedRecord[] = [record];
        for (const instance of reservation.Instances ?? []) {
          const id = required(instance.InstanceId, 'DescribeInstances Instances.InstanceId');
          if (instance.ImageId) imageIds.add(instance.ImageId);
          records.push(
            describeInstance(context, id, record.value.ReservationId, instance),
            ...collectStubs(instance),
            ...describeAttachments(context, id, instance),
            ...(await resolveRoles(id, instance)),
          );
        }
        yield records;
      }
    }
    context.found(instanceImages, imageIds);
  },
};

function reservationRecord(reservation: Reservation): CollectedRecord & { value: { ReservationId: string } } {
  return {
    type: 'cartography.aws.ec2.Reservation',
    value: {
      ReservationId: required(reservation.ReservationId, 'DescribeInstances Reservations.ReservationId'),
      OwnerId: reservation.OwnerId ?? null,
      RequesterId: reservation.RequesterId ?? null,
    },
  };
}
