import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ec2SecurityGroup } from '../../../../producers/syncs/ec2/security-group.ts';
import { collectAll } from '../../../support/collect.ts';

const collectGroups = (...groups: object[]) =>
  collectAll(ec2SecurityGroup, { responses: { DescribeSecurityGroups: [{ SecurityGroups: groups }] } });

test('a group yields itself, its inbound and outbound rules and the ranges that they name', async () => {
  const { records } = await collectGroups({
    GroupId: 'sg-1',
    GroupName: 'web',
    Description: 'Webserver für alle',
    VpcId: 'vpc-1',
    OwnerId: '111122223333',
    IpPermissions: [
      {
        IpProtocol: 'tcp',
        FromPort: 443,
        ToPort: 443,
        IpRanges: [{ CidrIp: '0.0.0.0/0', Description: 'world' }, { CidrIp: '10.0.0.0/8' }],
        Ipv6Ranges: [{ CidrIpv6: '::/0' }],
        PrefixListIds: [{ PrefixListId: 'pl-1' }],
        UserIdGroupPairs: [{ GroupId: 'sg-2', UserId: '111122223333' }],
      },
    ],
    IpPermissionsEgress: [
      {
        IpProtocol: '-1',
        IpRanges: [{ CidrIp: '0.0.0.0/0' }],
        Ipv6Ranges: [],
        PrefixListIds: [],
        UserIdGroupPairs: [],
      },
    ],
  });

  assert.deepEqual(records, [
    {
      type: 'cartography.aws.ec2.SecurityGroup',
      value: {
        GroupId: 'sg-1',
        GroupName: 'web',
        Description: 'Webserver für alle',
        VpcId: 'vpc-1',
        SourceGroupIds: ['sg-2'],
      },
    },
    {
      type: 'cartography.aws.ec2.IpPermissionInbound',
      value: {
        RuleId: 'sg-1/IpPermissions/443443tcp',
        GroupId: 'sg-1',
        Protocol: 'tcp',
        FromPort: 443,
        ToPort: 443,
        IpRanges: ['0.0.0.0/0', '10.0.0.0/8'],
      },
    },
    { type: 'cartography.aws.ec2.IpRange', value: { RangeId: '0.0.0.0/0' } },
    { type: 'cartography.aws.ec2.IpRange', value: { RangeId: '10.0.0.0/8' } },
    {
      type: 'cartography.aws.ec2.IpRule',
      value: {
        RuleId: 'sg-1/IpPermissionsEgress/NoneNone-1',
        GroupId: 'sg-1',
        Protocol: '-1',
        FromPort: null,
        ToPort: null,
        IpRanges: ['0.0.0.0/0'],
      },
    },
  ]);
});

test('groups that rules name are collected from both directions, once each, those of other accounts too', async () => {
  const peer = {
    GroupId: 'sg-peer',
    UserId: '444455556666',
    VpcId: 'vpc-9',
    VpcPeeringConnectionId: 'pcx-1',
    PeeringStatus: 'active',
  };
  const { of } = await collectGroups({
    GroupId: 'sg-1',
    IpPermissions: [
      { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, UserIdGroupPairs: [peer, { GroupId: 'sg-1' }] },
      {
        IpProtocol: 'tcp',
        FromPort: 80,
        ToPort: 80,
        UserIdGroupPairs: [peer, { GroupName: 'gone', UserId: '444455556666', PeeringStatus: 'deleted' }],
      },
    ],
    IpPermissionsEgress: [{ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: 'sg-db' }] }],
  });

  assert.deepEqual(
    of('ec2.SecurityGroup').map((one) => one['SourceGroupIds']),
    [['sg-peer', 'sg-1', 'sg-db']],
  );
});

test('ICMP types of -1 stay numbers, and a rule without a protocol reads all', async () => {
  const { of } = await collectGroups({
    GroupId: 'sg-1',
    IpPermissions: [
      { IpProtocol: 'icmp', FromPort: -1, ToPort: -1 },
      { FromPort: 0, ToPort: 65535 },
    ],
  });

  assert.deepEqual(
    of('ec2.IpPermissionInbound').map((one) => [one['RuleId'], one['FromPort'], one['Protocol']]),
    [
      ['sg-1/IpPermissions/-1-1icmp', -1, 'icmp'],
      ['sg-1/IpPermissions/065535all', 0, 'all'],
    ],
  );
});

test('permissions of the same protocol and ports are one rule with the ranges of all', async () => {
  const ssh = (...ranges: string[]) => ({
    IpProtocol: 'tcp',
    FromPort: 22,
    ToPort: 22,
    IpRanges: ranges.map((CidrIp) => ({ CidrIp })),
  });
  const { of } = await collectGroups({
    GroupId: 'sg-1',
    IpPermissions: [ssh('10.0.0.0/8', '10.0.0.0/8'), ssh('192.168.0.0/16', '10.0.0.0/8')],
  });

  assert.deepEqual(
    of('ec2.IpPermissionInbound').map((one) => one['IpRanges']),
    [['10.0.0.0/8', '192.168.0.0/16']],
  );
});

test('a range that many groups on many pages name is one record; each rule still names it', async () => {
  const group = (GroupId: string) => ({
    GroupId,
    IpPermissions: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
  });
  const { of, calls } = await collectAll(ec2SecurityGroup, {
    responses: {
      DescribeSecurityGroups: [
        { SecurityGroups: [group('sg-1'), group('sg-2')], NextToken: 'more' },
        { SecurityGroups: [group('sg-3')] },
      ],
    },
  });

  assert.deepEqual(of('ec2.IpRange'), [{ RangeId: '0.0.0.0/0' }]);
  assert.deepEqual(
    of('ec2.IpPermissionInbound').map((one) => [one['GroupId'], one['IpRanges']]),
    [
      ['sg-1', ['0.0.0.0/0']],
      ['sg-2', ['0.0.0.0/0']],
      ['sg-3', ['0.0.0.0/0']],
    ],
  );
  assert.deepEqual(
    calls.map(({ input }) => [input['MaxResults'], input['NextToken']]),
    [
      [1000, undefined],
      [1000, 'more'],
    ],
  );
});

test('a group without rules, name or VPC yields itself alone', async () => {
  const { records } = await collectGroups({ GroupId: 'sg-1' });

  assert.deepEqual(records, [
    {
      type: 'cartography.aws.ec2.SecurityGroup',
      value: { GroupId: 'sg-1', GroupName: null, Description: null, VpcId: null, SourceGroupIds: [] },
    },
  ]);
});
