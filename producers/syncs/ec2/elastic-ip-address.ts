import type { Address } from '@aws-sdk/client-ec2';
import type { CollectedRecord, Sync } from '../../sync.ts';
import { required } from '../required.ts';

/** Elastic IP addresses, associated or not. AWS answers all of them at once. */
export const elasticIpAddress: Sync = {
  id: 'elastic_ip_addresses',
  scope: 'regional',
  records: ['cartography.aws.ec2.ElasticIpAddress'],
  actions: ['ec2:DescribeAddresses'],
  async *collect(context) {
    const { DescribeAddressesCommand, EC2Client } = await import('@aws-sdk/client-ec2');
    const { Addresses = [] } = await context
      .client(EC2Client)
      .send(new DescribeAddressesCommand({}), { abortSignal: context.signal });
    for (const address of Addresses) yield addressRecord(address);
  },
};

function addressRecord(address: Address): CollectedRecord {
  return {
    type: 'cartography.aws.ec2.ElasticIpAddress',
    value: {
      Id: address.PublicIp || required(address.AllocationId, 'DescribeAddresses Addresses.AllocationId'),
      PublicIp: address.PublicIp ?? null,
      InstanceId: address.InstanceId ?? null,
      AllocationId: address.AllocationId ?? null,
      AssociationId: address.AssociationId ?? null,
      Domain: address.Domain ?? null,
      NetworkInterfaceId: address.NetworkInterfaceId ?? null,
      NetworkInterfaceOwnerId: address.NetworkInterfaceOwnerId ?? null,
      PrivateIpAddress: address.PrivateIpAddress ?? null,
      PublicIpv4Pool: address.PublicIpv4Pool ?? null,
      NetworkBorderGroup: address.NetworkBorderGroup ?? null,
      CustomerOwnedIp: address.CustomerOwnedIp ?? null,
      CustomerOwnedIpv4Pool: address.CustomerOwnedIpv4Pool ?? null,
      CarrierIp: address.CarrierIp ?? null,
      AssociatedInstanceId: address.InstanceId || null,
    },
  };
}
