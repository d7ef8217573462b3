import type { LoadBalancerDescription } from '@aws-sdk/client-elastic-load-balancing';
import type { SharedRead } from '../sync.ts';
import { allItems } from '../aws/all-items.ts';
import { required } from '../syncs/required.ts';

/** The DNS name is the id of its node. */
export type ClassicLoadBalancer = LoadBalancerDescription & { DNSName: string };

/** The region's classic load balancers. */
export const classicLoadBalancers: SharedRead<readonly ClassicLoadBalancer[]> = {
  id: 'elasticloadbalancing:classic-load-balancers',
  scope: 'regional',
  actions: ['elasticloadbalancing:DescribeLoadBalancers'],
  async read(context) {
    const { ElasticLoadBalancingClient, paginateDescribeLoadBalancers } =
      await import('@aws-sdk/client-elastic-load-balancing');
    const pages = paginateDescribeLoadBalancers(
      { client: context.client(ElasticLoadBalancingClient), pageSize: 400 },
      {},
      { abortSignal: context.signal },
    );
    const balancers = await allItems(pages, (page) => page.LoadBalancerDescriptions);
    return balancers.map((balancer) => ({
      ...balancer,
      DNSName: required(balancer.DNSName, 'DescribeLoadBalancers LoadBalancerDescriptions.DNSName'),
    }));
  },
};
