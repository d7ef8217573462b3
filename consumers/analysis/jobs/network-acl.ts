import type { EdgeJob } from '../job.ts';

/** A network ACL stands before the load balancers in its subnets. In a shared VPC they may be another account's. */
export const networkAcl: EdgeJob = {
  kind: 'edges',
  name: 'aws_lb_nacl_direct',
  label: 'AWSEC2NetworkAcl',
  type: 'PROTECTS',
  direction: 'out',
  otherLabel: 'AWSLoadBalancerV2',
  others: 'MATCH (n)-[:PART_OF_SUBNET]->()<-[:SUBNET]-(m:AWSLoadBalancerV2) RETURN m',
  borders: [
    { label: 'AWSEC2Subnet', path: '(n:AWSEC2NetworkAcl)-[:PART_OF_SUBNET]->(m:AWSEC2Subnet)' },
    { label: 'AWSLoadBalancerV2', path: '(n:AWSEC2NetworkAcl)-[:PART_OF_SUBNET]->()<-[:SUBNET]-(m:AWSLoadBalancerV2)' },
  ],
};
