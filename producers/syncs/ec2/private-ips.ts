import { EC2Client, paginateDescribeNetworkInterfaces } from '@aws-sdk/client-ec2';
import type { SyncContext } from '../../sync.ts';
import { idFilters } from './id-filters.ts';

/** Ids of the private addresses' nodes (`<NetworkInterfaceId>:<address>`) by `<VpcId>/<address>`, for those that an interface has. */
export async function privateIpsOf(
  context: SyncContext,
  wanted: readonly { vpcId: string; address: string }[],
): Promise<ReadonlyMap<string, string>> {
  const client = context.client(EC2Client);
  const found = new Map<string, string>();
  for (const [vpcId, some] of Map.groupBy(wanted, (one) => one.vpcId)) {
    const addresses = [...new Set(some.map(({ address }) => address))];
    for (const filter of idFilters('addresses.private-ip-address', addresses)) {
      const Filters = [{ Name: 'vpc-id', Values: [vpcId] }, filter];
      const pages = paginateDescribeNetworkInterfaces(
        { client, pageSize: 1000 },
        { Filters },
        { abortSignal: context.signal },
      );
      for await (const { NetworkInterfaces = [] } of pages) {
        for (const { NetworkInterfaceId, PrivateIpAddresses = [] } of NetworkInterfaces) {
          for (const { PrivateIpAddress } of PrivateIpAddresses) {
            found.set(`${vpcId}/${PrivateIpAddress}`, `${NetworkInterfaceId}:${PrivateIpAddress}`);
          }
        }
      }
    }
  }
  return found;
}
