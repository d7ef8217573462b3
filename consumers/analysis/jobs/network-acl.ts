import { type EdgeJob, pathTo } from '../job.ts';

/** A network ACL stands before the load balancers in its subnets. In a shared VPC they may be another account's. */
export const networkAcl: EdgeJob = {
  kind: 'edges',
  name: 'aws_lb_nacl_direct',
  label: 'AWSEC2NetworkAcl',
  type: 'PROTECTS',
  direction: 'out',
  otherLabel: 'AWSLoadBalancerV2',
  others: `
MATCH (n)-[:PART_OF_SUBNET]->()<-[:SUBNET]-(m)
RETURN m`,
  borders: [
    pathTo('AWSEC2Subnet', '(n)-[:PART_OF_SUBNET]->(m)'),
    pathTo('AWSLoadBalancerV2', '(n)-[:PART_OF_SUBNET]->()<-[:SUBNET]-(m)'),
  ],
};
