import { loadBalancersV2 } from '../../shared-reads/load-balancers-v2.ts';
import type { CollectedRecord, Sync } from '../../sync.ts';
import { readDetail } from '../read-detail.ts';
import type { Target } from './load-balancer-targets.ts';
import { targetsOf } from './load-balancer-targets.ts';

const TYPE = 'cartography.aws.ec2.LoadBalancerV2IpTargets';

/** The addresses that application and network load balancers lead to. */
export const ec2LoadBalancerV2Expose: Sync = {
  id: 'ec2:load_balancer_v2:expose',
  scope: 'regional',
  records: [TYPE],
  actions: ['ec2:DescribeNetworkInterfaces'],
  reads: [loadBalancersV2],
  async *collect(context) {
    const { targetGroups } = await context.shared(loadBalancersV2);
    const found = targetsOf(context, TYPE, targetGroups, ['ip']);
    const all = [...found.values()].flatMap((targets) => [...targets.values()]);
    if (all.length === 0) return;
    const { privateIpsOf } = await import('./private-ips.ts');
    const read = () => privateIpsOf(context, all.flatMap(addressOf));
    const privateIps = await readDetail(context, 'DescribeNetworkInterfaces', read);
    if (privateIps.kind === 'unread') context.withhold(TYPE, privateIps.reason);
    if (privateIps.kind !== 'read') return;
    for (const [dnsName, targets] of found) yield* targetsRecord(dnsName, targets.values(), privateIps.value);
  },
};

/** In its VPC: other VPCs may use the same address. IPv6 addresses have no node. */
function addressOf({ id, group }: Target): { vpcId: string; address: string }[] {
  return group.VpcId === undefined || id.includes(':') ? [] : [{ vpcId: group.VpcId, address: id }];
}

function* targetsRecord(
  dnsName: string,
  targets: Iterable<Target>,
  privateIps: ReadonlyMap<string, string>,
): Iterable<CollectedRecord> {
  const exposed = [...targets].flatMap(({ id, group, groupArn }) => {
    const PrivateIpId = privateIps.get(`${group.VpcId}/${id}`);
    if (PrivateIpId === undefined) return [];
    return [{ PrivateIpId, Port: group.Port ?? null, Protocol: group.Protocol ?? null, TargetGroupArn: groupArn }];
  });
  if (exposed.length === 0) return;
  yield { type: TYPE, value: { DNSName: dnsName, IpTargets: exposed, SubResourceLabel: 'AWSAccount' } };
}
