import type {
  ElasticLoadBalancingV2Client,
  LoadBalancer,
  TargetGroup,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { SharedRead, SyncContext } from '../sync.ts';
import { mapConcurrently } from '../syncs/map-concurrently.ts';
import type { Detail } from '../syncs/read-detail.ts';
import { readDetail } from '../syncs/read-detail.ts';
import { required } from '../syncs/required.ts';

/** DescribeTargetHealth takes one group. */
const GROUPS_AT_ONCE = 10;

export type NamedLoadBalancer = LoadBalancer & { DNSName: string; LoadBalancerArn: string };

/** A target group that is in use. */
export interface UsedTargetGroup {
  arn: string;
  group: TargetGroup;
  /** DNS names. */
  loadBalancerIds: readonly string[];
  /** Instance ids, addresses or ARNs, as the group's TargetType says. */
  targetIds: Detail<readonly string[]>;
}

export interface LoadBalancersV2 {
  /** Without Gateway Load Balancers, which have no DNS name. */
  loadBalancers: readonly NamedLoadBalancer[];
  targetGroups: Detail<readonly UsedTargetGroup[]>;
}

/** Application and network load balancers and their target groups with targets. */
export const loadBalancersV2: SharedRead<LoadBalancersV2> = {
  id: 'elasticloadbalancing:load-balancers-v2',
  scope: 'regional',
  actions: [
    'elasticloadbalancing:DescribeLoadBalancers',
    'elasticloadbalancing:DescribeTargetGroups',
    'elasticloadbalancing:DescribeTargetHealth',
  ],
  async read(context) {
    const { ElasticLoadBalancingV2Client, paginateDescribeLoadBalancers } =
      await import('@aws-sdk/client-elastic-load-balancing-v2');
    const client = context.client(ElasticLoadBalancingV2Client);
    const loadBalancers: NamedLoadBalancer[] = [];
    const options = { abortSignal: context.signal };
    for await (const page of paginateDescribeLoadBalancers({ client, pageSize: 400 }, {}, options)) {
      for (const balancer of page.LoadBalancers ?? []) {
        const { DNSName } = balancer;
        const LoadBalancerArn = required(
          balancer.LoadBalancerArn,
          'DescribeLoadBalancers LoadBalancers.LoadBalancerArn',
        );
        if (DNSName) loadBalancers.push({ ...balancer, DNSName, LoadBalancerArn });
      }
    }
    const read = () => readTargetGroups(context, client, loadBalancers);
    const targetGroups: LoadBalancersV2['targetGroups'] =
      loadBalancers.length === 0
        ? { kind: 'read', value: [] }
        : await readDetail(context, 'DescribeTargetGroups', read);
    return { loadBalancers, targetGroups };
  },
};

async function readTargetGroups(
  context: SyncContext,
  client: ElasticLoadBalancingV2Client,
  loadBalancers: readonly NamedLoadBalancer[],
): Promise<UsedTargetGroup[]> {
  const { DescribeTargetHealthCommand, paginateDescribeTargetGroups } =
    await import('@aws-sdk/client-elastic-load-balancing-v2');
  const idByArn = new Map(loadBalancers.map(({ LoadBalancerArn, DNSName }) => [LoadBalancerArn, DNSName]));
  const options = { abortSignal: context.signal };

  const readTargets = async (group: TargetGroup): Promise<UsedTargetGroup> => {
    const arn = required(group.TargetGroupArn, 'DescribeTargetGroups TargetGroups.TargetGroupArn');
    const command = new DescribeTargetHealthCommand({ TargetGroupArn: arn });
    const read = async () => {
      const { TargetHealthDescriptions = [] } = await client.send(command, options);
      return [...new Set(TargetHealthDescriptions.flatMap(({ Target }) => Target?.Id ?? []))];
    };
    const targetIds = await readDetail(context, 'DescribeTargetHealth', read, { gone: 'TargetGroupNotFoundException' });
    const loadBalancerIds = (group.LoadBalancerArns ?? []).flatMap((one) => idByArn.get(one) ?? []);
    return { arn, group, loadBalancerIds, targetIds };
  };

  const found: UsedTargetGroup[] = [];
  for await (const page of paginateDescribeTargetGroups({ client, pageSize: 400 }, {}, options)) {
    const used = (page.TargetGroups ?? []).filter(({ LoadBalancerArns = [] }) =>
      LoadBalancerArns.some((one) => idByArn.has(one)),
    );
    for await (const group of mapConcurrently(used, GROUPS_AT_ONCE, readTargets)) {
      if (group.targetIds.kind !== 'gone') found.push(group);
    }
  }
  return found;
}
