import { EC2Client, paginateDescribeNetworkInterfaces } from '@aws-sdk/client-ec2';
import type { SyncContext } from '../../sync.ts';

/** The most values that one filter takes: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html */
const MOST_VALUES = 200;

/** Ids of the private addresses' nodes (`<NetworkInterfaceId>:<address>`) by `<VpcId>/<address>`, for those that an interface has. */
export async function privateIpsOf(
  context: SyncContext,
  wanted: readonly { vpcId: string; address: string }[],
): Promise<ReadonlyMap<string, string>> {
  const client = context.client(EC2Client);
  const found = new Map<string, string>();
  for (const [vpcId, some] of Map.groupBy(wanted, (one) => one.vpcId)) {
    const addresses = [...new Set(some.map(({ address }) => address))];
    for (let start = 0; start < addresses.length; start += MOST_VALUES) {
      const Filters = [
        { Name: 'vpc-id', Values: [vpcId] },
        { Name: 'addresses.private-ip-address', Values: addresses.slice(start, start + MOST_VALUES) },
      ];
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
