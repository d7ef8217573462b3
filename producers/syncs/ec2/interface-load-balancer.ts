import type { NetworkInterface } from '@aws-sdk/client-ec2';
import type { SyncContext } from '../../sync.ts';

/** What a load balancer writes into the descriptions of its network interfaces: https://repost.aws/knowledge-center/elb-find-load-balancer-ip */
const WITH_TYPE = /^ELB (?<resource>(app|net|gwy)\/[^/]+\/[^/]+)$/;
const CLASSIC = /^ELB (?<name>[^/]+)$/;

/** ARN of the application, network or gateway load balancer that an interface belongs to; null for none. */
export function loadBalancerArn(context: SyncContext, { Description = '', OwnerId }: NetworkInterface): string | null {
  const resource = WITH_TYPE.exec(Description)?.groups?.['resource'];
  if (resource === undefined) return null;
  const account = OwnerId ?? context.accountId;
  return `arn:${context.partition}:elasticloadbalancing:${context.region}:${account}:loadbalancer/${resource}`;
}

/** Name of the account's classic load balancer that an interface belongs to. Others' names say nothing here. */
export function classicLoadBalancerName(
  context: SyncContext,
  { Description = '', OwnerId }: NetworkInterface,
): string | undefined {
  if (OwnerId !== undefined && OwnerId !== context.accountId) return undefined;
  return CLASSIC.exec(Description)?.groups?.['name'];
}
