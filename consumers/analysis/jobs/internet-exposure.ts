import { type Job, pathTo, type PropertyJob } from '../job.ts';

/**
 * What the internet reaches: IPv4 only, by security groups, as the reference has it. Rules are looked up by their group's id
 * and ranges from their rules: 0.0.0.0/0 is one node for all accounts, and a group may hold thousands of instances.
 */
const rulesByGroup = { label: 'AWSIpPermissionInbound', property: 'groupid' };

/** Goes on from a group `g` to its rules `rule` that let any IPv4 address in. */
const openRules = `
  MATCH (rule:AWSIpPermissionInbound) USING INDEX rule:AWSIpPermissionInbound(groupid)
  WHERE rule.groupid = g.id
  MATCH (rule)<-[:MEMBER_OF_IP_RULE]-(range)
  WHERE range.id = '0.0.0.0/0'`;

/** A rule for all protocols has no ports; one for some, or for ICMP, has numbers. */
const letsIn = "rule.protocol = '-1' OR (rule.fromport <= listener.port AND listener.port <= rule.toport)";

const exposed = { name: 'exposed_internet', indexed: true };

const loadBalancerV2: PropertyJob = {
  kind: 'properties',
  name: 'aws_ec2_asset_exposure_load_balancer_v2',
  label: 'AWSLoadBalancerV2',
  properties: [exposed],
  lookups: [rulesByGroup],
  borders: [pathTo('AWSEC2SecurityGroup', '(n)-[:MEMBER_OF_EC2_SECURITY_GROUP]->(m)')],
  values: `
RETURN CASE WHEN n.scheme = 'internet-facing' AND (
  (n.type = 'network' AND EXISTS { (n)-[:ELBV2_LISTENER]->() })
  OR EXISTS {
  MATCH (n)-[:MEMBER_OF_EC2_SECURITY_GROUP]->(g)${openRules}
  MATCH (n)-[:ELBV2_LISTENER]->(listener)
  WHERE ${letsIn}
}) THEN true END AS exposed_internet`,
};

const loadBalancer: PropertyJob = {
  kind: 'properties',
  name: 'aws_ec2_asset_exposure_load_balancer',
  label: 'AWSLoadBalancer',
  properties: [exposed],
  lookups: [rulesByGroup],
  borders: [pathTo('AWSEC2SecurityGroup', '(n)-[:SOURCE_SECURITY_GROUP]->(m)')],
  values: `
RETURN CASE WHEN n.scheme = 'internet-facing' AND EXISTS {
  MATCH (n)-[:SOURCE_SECURITY_GROUP]->(g)${openRules}
  MATCH (n)-[:ELB_LISTENER]->(listener)
  WHERE ${letsIn}
} THEN true END AS exposed_internet`,
};

/** After the balancers': an instance is as exposed as what leads to it. */
const instance: PropertyJob = {
  kind: 'properties',
  name: 'aws_ec2_asset_exposure_instance',
  label: 'AWSEC2Instance',
  properties: [exposed, { name: 'exposed_internet_type', indexed: true }],
  lookups: [rulesByGroup],
  borders: [
    pathTo('AWSEC2SecurityGroup', '(n)-[:MEMBER_OF_EC2_SECURITY_GROUP]->(m)'),
    pathTo('AWSEC2SecurityGroup', '(n)-[:NETWORK_INTERFACE]->()-[:MEMBER_OF_EC2_SECURITY_GROUP]->(m)'),
    pathTo('AWSNetworkInterface', '(n)-[:NETWORK_INTERFACE]->(m)'),
    pathTo('AWSLoadBalancer', '(n)<-[:EXPOSE]-(m)'),
    pathTo('AWSLoadBalancerV2', '(n)<-[:EXPOSE]-(m)'),
  ],
  values: `
WITH n, [type IN [
  CASE WHEN n.publicipaddress IS NOT NULL AND (
    EXISTS {
  MATCH (n)-[:MEMBER_OF_EC2_SECURITY_GROUP]->(g)${openRules}
}
    OR EXISTS {
  MATCH (n)-[:NETWORK_INTERFACE]->()-[:MEMBER_OF_EC2_SECURITY_GROUP]->(g)${openRules}
}) THEN 'direct' END,
  CASE WHEN EXISTS { (n)<-[:EXPOSE]-(:AWSLoadBalancer {exposed_internet: true}) } THEN 'elb' END,
  CASE WHEN EXISTS { (n)<-[:EXPOSE]-(:AWSLoadBalancerV2 {exposed_internet: true}) } THEN 'elbv2' END
] WHERE type IS NOT NULL] AS types
RETURN CASE WHEN size(types) > 0 THEN true END AS exposed_internet,
  CASE WHEN size(types) > 0 THEN types END AS exposed_internet_type`,
};

/** After the instances'. */
const autoScalingGroup: PropertyJob = {
  kind: 'properties',
  name: 'aws_ec2_asset_exposure_auto_scaling_group',
  label: 'AWSAutoScalingGroup',
  properties: [exposed, { name: 'exposed_internet_type' }],
  borders: [pathTo('AWSEC2Instance', '(n)<-[:MEMBER_AUTO_SCALE_GROUP]-(m)')],
  values: `
WITH n, COLLECT {
  MATCH (n)<-[:MEMBER_AUTO_SCALE_GROUP]-(i {exposed_internet: true})
  UNWIND i.exposed_internet_type AS type
  RETURN DISTINCT type ORDER BY type
} AS types
RETURN CASE WHEN size(types) > 0 THEN true END AS exposed_internet,
  CASE WHEN size(types) > 0 THEN types END AS exposed_internet_type`,
};

export const internetExposure: readonly Job[] = [loadBalancerV2, loadBalancer, instance, autoScalingGroup];
