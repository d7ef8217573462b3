import type { Listener } from '@aws-sdk/client-elastic-load-balancing-v2';
import { ElasticLoadBalancingV2Client, paginateDescribeListeners } from '@aws-sdk/client-elastic-load-balancing-v2';
import { allItems } from '../../aws/all-items.ts';
import type { LoadBalancersV2, NamedLoadBalancer, UsedTargetGroup } from '../../shared-reads/load-balancers-v2.ts';
import type { CollectedRecord, SyncContext } from '../../sync.ts';
import { mapConcurrently } from '../map-concurrently.ts';
import { dateText } from '../python-text.ts';
import { readDetail } from '../read-detail.ts';
import { required } from '../required.ts';
import type { Target } from './load-balancer-targets.ts';
import { targetsOf } from './load-balancer-targets.ts';

const LISTENER = 'cartography.aws.ec2.LoadBalancerV2Listener';
const TARGETS = 'cartography.aws.ec2.LoadBalancerV2Targets';
const TARGET_GROUP = 'cartography.aws.ec2.TargetGroup';

/** DescribeListeners takes one load balancer. */
const LOAD_BALANCERS_AT_ONCE = 10;

export async function* collectLoadBalancersV2(
  context: SyncContext,
  { loadBalancers, targetGroups }: LoadBalancersV2,
): AsyncGenerator<CollectedRecord> {
  const client = context.client(ElasticLoadBalancingV2Client);
  const targets = targetsOf(context, TARGETS, targetGroups, ['instance', 'lambda', 'alb']);
  const read = async (balancer: NamedLoadBalancer): Promise<CollectedRecord[]> => {
    const listeners = await readListeners(context, client, balancer);
    if (listeners === 'gone') return [];
    const found = [...(targets.get(balancer.DNSName)?.values() ?? [])];
    const exposed = found.length === 0 ? [] : [targetsRecord(balancer.DNSName, found)];
    return [balancerRecord(balancer), ...listeners, ...exposed];
  };
  for await (const records of mapConcurrently(loadBalancers, LOAD_BALANCERS_AT_ONCE, read)) yield* records;

  if (targetGroups.kind === 'unread') context.withhold(TARGET_GROUP, targetGroups.reason);
  if (targetGroups.kind === 'read') yield* targetGroups.value.map(targetGroupRecord);
}

function balancerRecord(balancer: NamedLoadBalancer): CollectedRecord {
  return {
    type: 'cartography.aws.ec2.LoadBalancerV2',
    value: {
      DNSName: balancer.DNSName,
      LowerCaseDNSName: balancer.DNSName.toLowerCase(),
      LoadBalancerArn: balancer.LoadBalancerArn,
      LoadBalancerName: balancer.LoadBalancerName ?? null,
      CanonicalHostedZoneId: balancer.CanonicalHostedZoneId ?? null,
      Type: balancer.Type ?? null,
      Scheme: balancer.Scheme ?? null,
      CreatedTime: balancer.CreatedTime === undefined ? null : dateText(balancer.CreatedTime),
      SecurityGroupIds: [...new Set(balancer.SecurityGroups ?? [])],
      SubnetIds: [...new Set((balancer.AvailabilityZones ?? []).flatMap(({ SubnetId }) => SubnetId ?? []))],
    },
  };
}

async function readListeners(
  context: SyncContext,
  client: ElasticLoadBalancingV2Client,
  { LoadBalancerArn, DNSName }: NamedLoadBalancer,
): Promise<CollectedRecord[] | 'gone'> {
  const read = () => {
    const options = { abortSignal: context.signal };
    const pages = paginateDescribeListeners({ client, pageSize: 400 }, { LoadBalancerArn }, options);
    return allItems(pages, ({ Listeners }) => Listeners?.map((listener) => listenerRecord(DNSName, listener)));
  };
  const listeners = await readDetail(context, 'DescribeListeners', read, { gone: 'LoadBalancerNotFoundException' });
  if (listeners.kind === 'gone') return 'gone';
  if (listeners.kind === 'unread') context.withhold(LISTENER, listeners.reason);
  return listeners.kind === 'read' ? listeners.value : [];
}

function listenerRecord(dnsName: string, listener: Listener): CollectedRecord {
  const mutual = listener.MutualAuthentication;
  return {
    type: LISTENER,
    value: {
      ListenerArn: required(listener.ListenerArn, 'DescribeListeners Listeners.ListenerArn'),
      LoadBalancerId: dnsName,
      Port: listener.Port ?? null,
      Protocol: listener.Protocol ?? null,
      SslPolicy: listener.SslPolicy ?? null,
      TargetGroupArn: listener.DefaultActions?.find((action) => action.TargetGroupArn)?.TargetGroupArn ?? null,
      MutualAuthenticationMode: mutual?.Mode ?? null,
      TrustStoreArn: mutual?.TrustStoreArn ?? null,
      IgnoreClientCertificateExpiry: mutual?.IgnoreClientCertificateExpiry ?? null,
      TrustStoreAssociationStatus: mutual?.TrustStoreAssociationStatus ?? null,
      AdvertiseTrustStoreCaNames: mutual?.AdvertiseTrustStoreCaNames ?? null,
    },
  };
}

function targetGroupRecord({ arn, group, loadBalancerIds }: UsedTargetGroup): CollectedRecord {
  return {
    type: TARGET_GROUP,
    value: {
      TargetGroupArn: arn,
      TargetGroupName: group.TargetGroupName ?? null,
      TargetType: group.TargetType ?? null,
      Protocol: group.Protocol ?? null,
      Port: group.Port ?? null,
      VpcId: group.VpcId ?? null,
      LoadBalancerIds: [...loadBalancerIds],
    },
  };
}

function targetsRecord(dnsName: string, targets: readonly Target[]): CollectedRecord {
  const ofType = (type: string) =>
    targets
      .filter(({ group }) => group.TargetType === type)
      .map(({ id, group, groupArn }) => ({
        TargetId: type === 'lambda' ? withoutQualifier(id) : id,
        Port: group.Port ?? null,
        Protocol: group.Protocol ?? null,
        TargetGroupArn: groupArn,
      }));
  return {
    type: TARGETS,
    value: {
      DNSName: dnsName,
      InstanceTargets: ofType('instance'),
      LambdaTargets: ofType('lambda'),
      LoadBalancerTargets: ofType('alb'),
      SubResourceLabel: 'AWSAccount',
    },
  };
}

/** arn:aws:lambda:<region>:<account>:function:<name>, of an ARN that may go on with a version or an alias. */
function withoutQualifier(arn: string): string {
  return arn.split(':').slice(0, 7).join(':');
}
