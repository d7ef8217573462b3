import type { SyncContext } from '../../sync.ts';

/** The ARN of an EC2 resource of the scope's account and region, which most answers leave out. Source: docs.aws.amazon.com/service-authorization, Amazon EC2. */
export function ec2Arn(
  context: Pick<SyncContext, 'partition' | 'region' | 'accountId'>,
  resource: 'instance' | 'internet-gateway' | 'key-pair' | 'network-acl' | 'volume',
  name: string,
): string {
  return `arn:${context.partition}:ec2:${context.region}:${context.accountId}:${resource}/${name}`;
}
