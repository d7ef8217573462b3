import type { ListenerDescription } from '@aws-sdk/client-elastic-load-balancing';
import { type ClassicLoadBalancer, classicLoadBalancers } from '../../shared-reads/classic-load-balancers.ts';
import type { CollectedRecord, Sync } from '../../sync.ts';
import { dateText } from '../python-text.ts';
import { required } from '../required.ts';

/** Classic load balancers, their listeners, and the instances behind them. */
export const ec2LoadBalancer: Sync = {
  id: 'ec2:load_balancer',
  scope: 'regional',
  records: ['cartography.aws.ec2.LoadBalancer', 'cartography.aws.ec2.LoadBalancerListener'],
  actions: [],
  reads: [classicLoadBalancers],
  async *collect(context) {
    for (const balancer of await context.shared(classicLoadBalancers)) yield* balancerRecords(balancer);
  },
};

function* balancerRecords(balancer: ClassicLoadBalancer): Iterable<CollectedRecord> {
  const dnsName = balancer.DNSName;
  yield {
    type: 'cartography.aws.ec2.LoadBalancer',
    value: {
      DNSName: dnsName,
      LowerCaseDNSName: dnsName.toLowerCase(),
      LoadBalancerName: balancer.LoadBalancerName ?? null,
      CanonicalHostedZoneName: balancer.CanonicalHostedZoneName ?? null,
      CanonicalHostedZoneNameID: balancer.CanonicalHostedZoneNameID ?? null,
      Scheme: balancer.Scheme ?? null,
      CreatedTime: balancer.CreatedTime === undefined ? null : dateText(balancer.CreatedTime),
      SourceSecurityGroupName: balancer.SourceSecurityGroup?.GroupName ?? null,
      SecurityGroupIds: [...new Set(balancer.SecurityGroups ?? [])],
      InstanceIds: [...new Set((balancer.Instances ?? []).flatMap(({ InstanceId }) => InstanceId ?? []))],
    },
  };
  for (const description of balancer.ListenerDescriptions ?? []) yield listenerRecord(dnsName, description);
}

function listenerRecord(dnsName: string, { Listener, PolicyNames }: ListenerDescription): CollectedRecord {
  const place = 'DescribeLoadBalancers LoadBalancerDescriptions.ListenerDescriptions.Listener';
  const port = required(Listener?.LoadBalancerPort, `${place}.LoadBalancerPort`);
  const protocol = required(Listener?.Protocol, `${place}.Protocol`);
  return {
    type: 'cartography.aws.ec2.LoadBalancerListener',
    value: {
      Id: `${dnsName}${port}${protocol}`,
      LoadBalancerId: dnsName,
      LoadBalancerPort: port,
      Protocol: protocol,
      InstancePort: Listener?.InstancePort ?? null,
      InstanceProtocol: Listener?.InstanceProtocol ?? null,
      PolicyNames: PolicyNames ?? [],
    },
  };
}
