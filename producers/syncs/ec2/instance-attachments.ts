import type { Instance } from '@aws-sdk/client-ec2';
import type { CollectedRecord, SyncContext } from '../../sync.ts';
import { required } from '../required.ts';
import { ec2Arn } from './arn.ts';

/** What is attached to an instance: network interfaces, their IPv6 addresses, and volumes. */
export function* describeAttachments(
  context: SyncContext,
  instanceId: string,
  instance: Instance,
): Iterable<CollectedRecord> {
  for (const networkInterface of instance.NetworkInterfaces ?? []) {
    const networkInterfaceId = required(
      networkInterface.NetworkInterfaceId,
      'DescribeInstances NetworkInterfaces.NetworkInterfaceId',
    );
    yield {
      type: 'cartography.aws.ec2.InstanceNetworkInterface',
      value: {
        NetworkInterfaceId: networkInterfaceId,
        Status: networkInterface.Status ?? null,
        MacAddress: networkInterface.MacAddress ?? null,
        Description: networkInterface.Description ?? null,
        PrivateDnsName: networkInterface.PrivateDnsName ?? null,
        PrivateIpAddress: networkInterface.PrivateIpAddress ?? null,
        InstanceId: instanceId,
        // The reference takes the instance's subnet, also for an interface that is in another one.
        SubnetId: instance.SubnetId || null,
        GroupIds: [...new Set((networkInterface.Groups ?? []).flatMap((group) => group.GroupId ?? []))],
      },
    };
    for (const { Ipv6Address, IsPrimaryIpv6 } of networkInterface.Ipv6Addresses ?? []) {
      if (!Ipv6Address) continue;
      yield {
        type: 'cartography.aws.ec2.Ipv6Address',
        value: { Ipv6Address, NetworkInterfaceId: networkInterfaceId, IsPrimaryIpv6: IsPrimaryIpv6 ?? false },
      };
    }
  }
  for (const { Ebs } of instance.BlockDeviceMappings ?? []) {
    if (!Ebs?.VolumeId) continue;
    yield {
      type: 'cartography.aws.ec2.InstanceVolume',
      value: {
        VolumeId: Ebs.VolumeId,
        Arn: ec2Arn(context, 'volume', Ebs.VolumeId),
        DeleteOnTermination: Ebs.DeleteOnTermination ?? null,
      },
    };
  }
}
