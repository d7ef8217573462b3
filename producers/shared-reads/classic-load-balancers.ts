import type { SharedRead } from '../sync.ts';
import { required } from '../syncs/required.ts';

/** DNS names, which are the ids of the nodes, of the region's classic load balancers by name. */
export const classicLoadBalancers: SharedRead<ReadonlyMap<string, string>> = {
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
    const dnsNames = new Map<string, string>();
    for await (const { LoadBalancerDescriptions = [] } of pages) {
      for (const { LoadBalancerName, DNSName } of LoadBalancerDescriptions) {
        const name = required(LoadBalancerName, 'DescribeLoadBalancers LoadBalancerDescriptions.LoadBalancerName');
        dnsNames.set(name, required(DNSName, 'DescribeLoadBalancers LoadBalancerDescriptions.DNSName'));
      }
    }
    return dnsNames;
  },
};
