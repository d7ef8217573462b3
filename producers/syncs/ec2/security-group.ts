import type { IpPermission, SecurityGroup } from '@aws-sdk/client-ec2';
import type { CollectedRecord, Sync } from '../../sync.ts';
import { required } from '../required.ts';

/** Security groups, their rules and the IPv4 ranges that the rules name. */
export const ec2SecurityGroup: Sync = {
  id: 'ec2:security_group',
  scope: 'regional',
  records: [
    'cartography.aws.ec2.SecurityGroup',
    'cartography.aws.ec2.IpPermissionInbound',
    'cartography.aws.ec2.IpRule',
    'cartography.aws.ec2.IpRange',
  ],
  actions: ['ec2:DescribeSecurityGroups'],
  async *collect(context) {
    const { EC2Client, paginateDescribeSecurityGroups } = await import('@aws-sdk/client-ec2');
    const pages = paginateDescribeSecurityGroups(
      { client: context.client(EC2Client), pageSize: 1000 },
      {},
      { abortSignal: context.signal },
    );
    const ranges = new Set<string>();
    for await (const page of pages) {
      for (const group of page.SecurityGroups ?? []) yield* groupRecords(group, ranges);
    }
  },
};

interface Rule {
  RuleId: string;
  GroupId: string;
  Protocol: string;
  FromPort: number | null;
  ToPort: number | null;
  IpRanges: string[];
}

/** @param seen ranges that have their record already */
function* groupRecords(group: SecurityGroup, seen: Set<string>): Iterable<CollectedRecord> {
  const groupId = required(group.GroupId, 'DescribeSecurityGroups SecurityGroups.GroupId');
  const inbound = group.IpPermissions ?? [];
  const outbound = group.IpPermissionsEgress ?? [];
  const pairs = [...inbound, ...outbound].flatMap((permission) => permission.UserIdGroupPairs ?? []);
  yield {
    type: 'cartography.aws.ec2.SecurityGroup',
    value: {
      GroupId: groupId,
      GroupName: group.GroupName ?? null,
      Description: group.Description ?? null,
      VpcId: group.VpcId ?? null,
      SourceGroupIds: [...new Set(pairs.flatMap((pair) => pair.GroupId ?? []))],
    },
  };
  const rules = [
    ...mergeRules(groupId, 'IpPermissions', inbound).map((value) => ({
      type: 'cartography.aws.ec2.IpPermissionInbound',
      value,
    })),
    ...mergeRules(groupId, 'IpPermissionsEgress', outbound).map((value) => ({
      type: 'cartography.aws.ec2.IpRule',
      value,
    })),
  ];
  for (const { type, value } of rules) {
    yield { type, value: { ...value } };
    for (const range of value.IpRanges) {
      if (seen.has(range)) continue;
      seen.add(range);
      yield { type: 'cartography.aws.ec2.IpRange', value: { RangeId: range } };
    }
  }
}

/** One rule per protocol and ports: that is what its id holds. */
function mergeRules(
  groupId: string,
  list: 'IpPermissions' | 'IpPermissionsEgress',
  permissions: readonly IpPermission[],
): Rule[] {
  const rules = new Map<string, Rule>();
  for (const { IpProtocol, FromPort, ToPort, IpRanges } of permissions) {
    const protocol = IpProtocol ?? 'all';
    const ruleId = `${groupId}/${list}/${FromPort ?? 'None'}${ToPort ?? 'None'}${protocol}`;
    const ranges = (IpRanges ?? []).flatMap((range) => range.CidrIp ?? []);
    const known = rules.get(ruleId)?.IpRanges ?? [];
    rules.set(ruleId, {
      RuleId: ruleId,
      GroupId: groupId,
      Protocol: protocol,
      FromPort: FromPort ?? null,
      ToPort: ToPort ?? null,
      IpRanges: [...new Set([...known, ...ranges])],
    });
  }
  return [...rules.values()];
}
