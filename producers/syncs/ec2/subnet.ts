import type { Subnet } from '@aws-sdk/client-ec2';
import type { CollectedRecord, Sync } from '../../sync.ts';
import { required } from '../required.ts';

/** Subnets: the account's own and those shared with it. */
export const ec2Subnet: Sync = {
  id: 'ec2:subnet',
  scope: 'regional',
  records: ['cartography.aws.ec2.Subnet'],
  actions: ['ec2:DescribeSubnets'],
  async *collect(context) {
    const { EC2Client, paginateDescribeSubnets } = await import('@aws-sdk/client-ec2');
    const pages = paginateDescribeSubnets(
      { client: context.client(EC2Client), pageSize: 1000 },
      {},
      { abortSignal: context.signal },
    );
    for await (const page of pages) for (const subnet of page.Subnets ?? []) yield subnetRecord(subnet);
  },
};

function subnetRecord(subnet: Subnet): CollectedRecord {
  return {
    type: 'cartography.aws.ec2.Subnet',
    value: {
      SubnetId: required(subnet.SubnetId, 'DescribeSubnets Subnets.SubnetId'),
      SubnetArn: subnet.SubnetArn ?? null,
      CidrBlock: subnet.CidrBlock ?? null,
      AvailableIpAddressCount: subnet.AvailableIpAddressCount ?? null,
      DefaultForAz: subnet.DefaultForAz ?? null,
      MapCustomerOwnedIpOnLaunch: subnet.MapCustomerOwnedIpOnLaunch ?? null,
      State: subnet.State ?? null,
      AssignIpv6AddressOnCreation: subnet.AssignIpv6AddressOnCreation ?? null,
      MapPublicIpOnLaunch: subnet.MapPublicIpOnLaunch ?? null,
      AvailabilityZone: subnet.AvailabilityZone ?? null,
      AvailabilityZoneId: subnet.AvailabilityZoneId ?? null,
      VpcId: subnet.VpcId ?? null,
    },
  };
}
