import type { NetworkAcl, NetworkAclEntry } from '@aws-sdk/client-ec2';
import type { CollectedRecord, Sync, SyncContext } from '../../sync.ts';
import { required } from '../required.ts';
import { ec2Arn } from './arn.ts';

/** Network access control lists and their rules. */
export const ec2NetworkAcls: Sync = {
  id: 'ec2:network_acls',
  scope: 'regional',
  records: [
    'cartography.aws.ec2.NetworkAcl',
    'cartography.aws.ec2.NetworkAclInboundRule',
    'cartography.aws.ec2.NetworkAclEgressRule',
  ],
  actions: ['ec2:DescribeNetworkAcls'],
  async *collect(context) {
    const { EC2Client, paginateDescribeNetworkAcls } = await import('@aws-sdk/client-ec2');
    const pages = paginateDescribeNetworkAcls(
      { client: context.client(EC2Client), pageSize: 1000 },
      {},
      { abortSignal: context.signal },
    );
    for await (const page of pages) for (const acl of page.NetworkAcls ?? []) yield* aclRecords(context, acl);
  },
};

function* aclRecords(context: SyncContext, acl: NetworkAcl): Iterable<CollectedRecord> {
  const aclId = required(acl.NetworkAclId, 'DescribeNetworkAcls NetworkAcls.NetworkAclId');
  const arn = ec2Arn({ ...context, accountId: acl.OwnerId ?? context.accountId }, 'network-acl', aclId);
  yield {
    type: 'cartography.aws.ec2.NetworkAcl',
    value: {
      Arn: arn,
      NetworkAclId: aclId,
      IsDefault: acl.IsDefault ?? null,
      VpcId: acl.VpcId ?? null,
      SubnetIds: [...new Set((acl.Associations ?? []).flatMap(({ SubnetId }) => SubnetId ?? []))],
    },
  };
  for (const entry of acl.Entries ?? []) yield ruleRecord(aclId, arn, entry);
}

function ruleRecord(aclId: string, arn: string, entry: NetworkAclEntry): CollectedRecord {
  const egress = entry.Egress ?? false;
  const ruleNumber = required(entry.RuleNumber, 'DescribeNetworkAcls NetworkAcls.Entries.RuleNumber');
  return {
    type: egress ? 'cartography.aws.ec2.NetworkAclEgressRule' : 'cartography.aws.ec2.NetworkAclInboundRule',
    value: {
      Id: `${aclId}/${egress ? 'egress' : 'inbound'}/${ruleNumber}`,
      NetworkAclId: aclId,
      NetworkAclArn: arn,
      Protocol: entry.Protocol ?? null,
      FromPort: entry.PortRange?.From ?? null,
      ToPort: entry.PortRange?.To ?? null,
      CidrBlock: entry.CidrBlock ?? null,
      Ipv6CidrBlock: entry.Ipv6CidrBlock ?? null,
      Egress: egress,
      RuleNumber: ruleNumber,
      RuleAction: entry.RuleAction ?? null,
    },
  };
}
