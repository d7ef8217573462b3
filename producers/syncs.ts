import type { Sync } from './sync.ts';
import { account } from './syncs/account.ts';
import { ec2AutoScalingGroup } from './syncs/ec2/auto-scaling-group.ts';
import { elasticIpAddress } from './syncs/ec2/elastic-ip-address.ts';
import { ec2Image } from './syncs/ec2/image.ts';
import { ec2Instance } from './syncs/ec2/instance.ts';
import { ec2KeyPair } from './syncs/ec2/key-pair.ts';
import { ec2LaunchTemplate } from './syncs/ec2/launch-template.ts';
import { ec2NetworkInterface } from './syncs/ec2/network-interface.ts';
import { ec2ReservedInstance } from './syncs/ec2/reserved-instance.ts';
import { ec2InternetGateway } from './syncs/ec2/internet-gateway.ts';
import { ec2LoadBalancer } from './syncs/ec2/load-balancer.ts';
import { ec2LoadBalancerV2 } from './syncs/ec2/load-balancer-v2.ts';
import { ec2LoadBalancerV2Expose } from './syncs/ec2/load-balancer-v2-expose.ts';
import { ec2NetworkAcls } from './syncs/ec2/network-acl.ts';
import { ec2RouteTable } from './syncs/ec2/route-table.ts';
import { ec2SecurityGroup } from './syncs/ec2/security-group.ts';
import { ec2Snapshot } from './syncs/ec2/snapshot.ts';
import { ec2Subnet } from './syncs/ec2/subnet.ts';
import { ec2Volume } from './syncs/ec2/volume.ts';
import { ec2TransitGateway } from './syncs/ec2/transit-gateway.ts';
import { ec2TransitGatewayRouteTable } from './syncs/ec2/transit-gateway-route-table.ts';
import { ec2Vpc } from './syncs/ec2/vpc.ts';
import { ec2VpcEndpoint } from './syncs/ec2/vpc-endpoint.ts';
import { ec2VpcPeering } from './syncs/ec2/vpc-peering.ts';
import { iam } from './syncs/iam/iam.ts';
import { iamInstanceProfiles } from './syncs/iam/instance-profiles.ts';
import { kms } from './syncs/kms/kms.ts';
import { permissionRelationships } from './syncs/permission-relationships.ts';
import { s3AccountPublicAccessBlock } from './syncs/s3/account-public-access-block.ts';
import { s3 } from './syncs/s3/s3.ts';

/** Everything that can be collected. Scopes run side by side, and begin in this order: what finds something stands before who needs it. */
export const syncs: readonly Sync[] = [
  account,
  iam,
  iamInstanceProfiles,
  kms,
  s3,
  s3AccountPublicAccessBlock,
  ec2Instance,
  ec2Volume,
  ec2AutoScalingGroup,
  ec2Image,
  ec2KeyPair,
  ec2LaunchTemplate,
  ec2NetworkInterface,
  ec2ReservedInstance,
  ec2SecurityGroup,
  ec2Snapshot,
  ec2Subnet,
  ec2Vpc,
  elasticIpAddress,
  ec2InternetGateway,
  ec2NetworkAcls,
  ec2RouteTable,
  ec2VpcEndpoint,
  ec2VpcPeering,
  ec2TransitGateway,
  ec2TransitGatewayRouteTable,
  ec2LoadBalancer,
  ec2LoadBalancerV2,
  ec2LoadBalancerV2Expose,
  permissionRelationships,
];
