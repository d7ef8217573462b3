import { loadBalancersV2 } from '../../shared-reads/load-balancers-v2.ts';
import type { Sync } from '../../sync.ts';

/** Application and network load balancers, their listeners and target groups, and the targets that are no addresses. */
export const ec2LoadBalancerV2: Sync = {
  id: 'ec2:load_balancer_v2',
  scope: 'regional',
  records: [
    'cartography.aws.ec2.LoadBalancerV2',
    'cartography.aws.ec2.LoadBalancerV2Listener',
    'cartography.aws.ec2.LoadBalancerV2Targets',
    'cartography.aws.ec2.TargetGroup',
  ],
  actions: ['elasticloadbalancing:DescribeListeners'],
  reads: [loadBalancersV2],
  async *collect(context) {
    const { collectLoadBalancersV2 } = await import('./collect-load-balancers-v2.ts');
    yield* collectLoadBalancersV2(context, await context.shared(loadBalancersV2));
  },
};
