import type { NetworkInterface } from '@aws-sdk/client-ec2';
import type { CollectedRecord, SyncContext } from '../../sync.ts';
import { isNew } from '../is-new.ts';
import { loadBalancerArn } from './interface-load-balancer.ts';

/**
 * A network interface, its private addresses, and those of its subnet and security groups that are met for the first time.
 * @param stubs ids of the subnets and security groups that have their record already
 */
export function* describeInterface(
  context: SyncContext,
  id: string,
  networkInterface: NetworkInterface,
  stubs: Set<string>,
): Iterable<CollectedRecord> {
  const subnetId = networkInterface.SubnetId || null;
  const groupIds = new Set((networkInterface.Groups ?? []).flatMap(({ GroupId }) => GroupId ?? []));
  yield {
    type: 'cartography.aws.ec2.NetworkInterface',
    value: {
      NetworkInterfaceId: id,
      Description: networkInterface.Description ?? null,
      MacAddress: networkInterface.MacAddress ?? null,
      PrivateDnsName: networkInterface.PrivateDnsName ?? null,
      PrivateIpAddress: networkInterface.PrivateIpAddress ?? null,
      Status: networkInterface.Status ?? null,
      InterfaceType: networkInterface.InterfaceType ?? null,
      PublicIp: networkInterface.Association?.PublicIp ?? null,
      RequesterId: networkInterface.RequesterId ?? null,
      RequesterManaged: networkInterface.RequesterManaged ?? null,
      SourceDestCheck: networkInterface.SourceDestCheck ?? null,
      SubnetId: subnetId,
      AttachTime: networkInterface.Attachment?.AttachTime?.getTime() ?? null,
      DeviceIndex: networkInterface.Attachment?.DeviceIndex ?? null,
      InstanceId: networkInterface.Attachment?.InstanceId || null,
      GroupIds: [...groupIds],
      LoadBalancerArn: loadBalancerArn(context, networkInterface),
    },
  };
  yield* privateIps(id, networkInterface);
  if (subnetId !== null && isNew(stubs, subnetId)) {
    yield { type: 'cartography.aws.ec2.NetworkInterfaceSubnet', value: { SubnetId: subnetId } };
  }
  for (const GroupId of groupIds) {
    if (isNew(stubs, GroupId)) yield { type: 'cartography.aws.ec2.NetworkInterfaceSecurityGroup', value: { GroupId } };
  }
}

function* privateIps(id: string, { PrivateIpAddresses = [] }: NetworkInterface): Iterable<CollectedRecord> {
  for (const { PrivateIpAddress, Primary, Association } of PrivateIpAddresses) {
    if (!PrivateIpAddress) continue;
    yield {
      type: 'cartography.aws.ec2.PrivateIp',
      value: {
        Id: `${id}:${PrivateIpAddress}`,
        NetworkInterfaceId: id,
        Primary: Primary ?? null,
        PrivateIpAddress,
        PublicIp: Association?.PublicIp ?? null,
        IpOwnerId: Association?.IpOwnerId ?? null,
      },
    };
  }
}
