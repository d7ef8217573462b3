import type { NetworkInterface } from '@aws-sdk/client-ec2';
import { type ClassicLoadBalancer, classicLoadBalancers } from '../../shared-reads/classic-load-balancers.ts';
import type { CollectedRecord, Sync, SyncContext } from '../../sync.ts';
import { readAhead } from '../read-ahead.ts';
import { type Detail, readDetail } from '../read-detail.ts';
import { required } from '../required.ts';
import { classicLoadBalancerName } from './interface-load-balancer.ts';
import { describeInterface } from './network-interface-records.ts';

const LOAD_BALANCER = 'cartography.aws.ec2.NetworkInterfaceLoadBalancer';

/** Network interfaces and their private addresses; stubs of their subnets and security groups. */
export const ec2NetworkInterface: Sync = {
  id: 'ec2:network_interface',
  scope: 'regional',
  records: [
    'cartography.aws.ec2.NetworkInterface',
    LOAD_BALANCER,
    'cartography.aws.ec2.NetworkInterfaceSecurityGroup',
    'cartography.aws.ec2.NetworkInterfaceSubnet',
    'cartography.aws.ec2.PrivateIp',
  ],
  actions: ['ec2:DescribeNetworkInterfaces'],
  reads: [classicLoadBalancers],
  async *collect(context) {
    const { EC2Client, paginateDescribeNetworkInterfaces } = await import('@aws-sdk/client-ec2');
    const pages = paginateDescribeNetworkInterfaces(
      { client: context.client(EC2Client), pageSize: 1000 },
      {},
      { abortSignal: context.signal },
    );
    const stubs = new Set<string>();
    const resolveClassic = classicResolver(context);
    for await (const { NetworkInterfaces = [] } of readAhead(pages)) {
      for (const networkInterface of NetworkInterfaces) {
        const id = required(
          networkInterface.NetworkInterfaceId,
          'DescribeNetworkInterfaces NetworkInterfaces.NetworkInterfaceId',
        );
        yield [
          ...describeInterface(context, id, networkInterface, stubs),
          ...(await resolveClassic(id, networkInterface)),
        ];
      }
    }
  },
};

/** Of a classic load balancer the description has only the name, so these are read as well, once one is needed. */
function classicResolver(
  context: SyncContext,
): (id: string, networkInterface: NetworkInterface) => Promise<CollectedRecord[]> {
  let reading: Promise<Detail<ReadonlyMap<string, string>>> | undefined;
  const read = () =>
    readDetail(context, 'DescribeLoadBalancers', async () => dnsNamesOf(await context.shared(classicLoadBalancers)));

  return async (id, networkInterface) => {
    const name = classicLoadBalancerName(context, networkInterface);
    if (name === undefined) return [];
    const dnsNames = await (reading ??= read());
    if (dnsNames.kind === 'unread') context.withhold(LOAD_BALANCER, dnsNames.reason, id);
    const dnsName = dnsNames.kind === 'read' ? dnsNames.value.get(name) : undefined;
    return dnsName === undefined ? [] : [{ type: LOAD_BALANCER, value: { NetworkInterfaceId: id, DNSName: dnsName } }];
  };
}

/** By name, which is unique in an account and region. */
function dnsNamesOf(balancers: readonly ClassicLoadBalancer[]): ReadonlyMap<string, string> {
  return new Map(
    balancers.map(({ LoadBalancerName, DNSName }) => [
      required(LoadBalancerName, 'DescribeLoadBalancers LoadBalancerDescriptions.LoadBalancerName'),
      DNSName,
    ]),
  );
}
