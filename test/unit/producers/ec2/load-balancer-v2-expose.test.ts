import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ec2LoadBalancerV2Expose } from '../../../../producers/syncs/ec2/load-balancer-v2-expose.ts';
import { collectAll } from '../../../support/collect.ts';
import { awsError } from '../../../support/fake-aws.ts';

const balancers = {
  DescribeLoadBalancers: [{ LoadBalancers: [{ LoadBalancerArn: 'arn:lb', DNSName: 'Web-1' }] }],
};

function group(arn: string, type: string, vpc = 'vpc-1') {
  return {
    TargetGroupArn: arn,
    TargetType: type,
    Protocol: 'TCP',
    Port: 5432,
    VpcId: vpc,
    LoadBalancerArns: ['arn:lb'],
  };
}

function health(...ids: string[]) {
  return { TargetHealthDescriptions: ids.map((Id) => ({ Target: { Id } })) };
}

function networkInterface(id: string, ...addresses: string[]) {
  return {
    NetworkInterfaceId: id,
    PrivateIpAddresses: addresses.map((PrivateIpAddress) => ({ PrivateIpAddress })),
  };
}

test('an address is found by the interface that has it in the VPC of its target group', async () => {
  const { records, calls } = await collectAll(ec2LoadBalancerV2Expose, {
    responses: {
      ...balancers,
      DescribeTargetGroups: [
        { TargetGroups: [group('arn:tg', 'ip'), group('arn:other', 'ip', 'vpc-2'), group('arn:ec2', 'instance')] },
      ],
      DescribeTargetHealth: ({ TargetGroupArn }: { TargetGroupArn: string }) =>
        TargetGroupArn === 'arn:other' ? health('10.0.0.9') : health('10.0.0.1', '2001:db8::1', '192.168.0.1'),
      DescribeNetworkInterfaces: ({ NextToken, Filters }: { NextToken?: string; Filters: { Values: string[] }[] }) => {
        if (Filters[0]!.Values[0] === 'vpc-2') return { NetworkInterfaces: [networkInterface('eni-9', '10.0.0.9')] };
        return NextToken
          ? { NetworkInterfaces: [networkInterface('eni-1', '10.0.0.7', '10.0.0.1')] }
          : { NetworkInterfaces: [], NextToken: 'more' };
      },
    },
  });

  const edge = { Port: 5432, Protocol: 'TCP' };
  assert.deepEqual(records, [
    {
      type: 'cartography.aws.ec2.LoadBalancerV2IpTargets',
      value: {
        DNSName: 'Web-1',
        IpTargets: [
          { PrivateIpId: 'eni-1:10.0.0.1', ...edge, TargetGroupArn: 'arn:tg' },
          { PrivateIpId: 'eni-9:10.0.0.9', ...edge, TargetGroupArn: 'arn:other' },
        ],
        SubResourceLabel: 'AWSAccount',
      },
    },
  ]);
  const filters = calls.filter(({ operation }) => operation === 'DescribeNetworkInterfaces').map(({ input }) => input);
  assert.deepEqual(filters[0]!['Filters'], [
    { Name: 'vpc-id', Values: ['vpc-1'] },
    { Name: 'addresses.private-ip-address', Values: ['10.0.0.1', '192.168.0.1'] },
  ]);
});

test('more addresses than a filter takes are asked for in several calls', async () => {
  const addresses = Array.from({ length: 201 }, (_, index) => `10.0.${index >> 8}.${index & 255}`);
  const { calls } = await collectAll(ec2LoadBalancerV2Expose, {
    responses: {
      ...balancers,
      DescribeTargetGroups: [{ TargetGroups: [group('arn:tg', 'ip')] }],
      DescribeTargetHealth: [health(...addresses)],
      DescribeNetworkInterfaces: () => ({}),
    },
  });

  const filters = calls
    .filter(({ operation }) => operation === 'DescribeNetworkInterfaces')
    .map(({ input }) => (input['Filters'] as { Values: string[] }[])[1]!.Values.length);
  assert.deepEqual(filters, [200, 1]);
});

test('interfaces that may not be read withhold the targets', async () => {
  const { records, withheld } = await collectAll(ec2LoadBalancerV2Expose, {
    responses: {
      ...balancers,
      DescribeTargetGroups: [{ TargetGroups: [group('arn:tg', 'ip')] }],
      DescribeTargetHealth: [health('10.0.0.1')],
      DescribeNetworkInterfaces: [awsError('UnauthorizedOperation')],
    },
  });

  assert.deepEqual(records, []);
  assert.deepEqual(
    withheld.map(({ type, nodeId }) => [type, nodeId]),
    [['cartography.aws.ec2.LoadBalancerV2IpTargets', undefined]],
  );
});

test('without addresses no interface is read, and without load balancers no target group', async () => {
  const instances = await collectAll(ec2LoadBalancerV2Expose, {
    responses: {
      ...balancers,
      DescribeTargetGroups: [{ TargetGroups: [group('arn:ec2', 'instance')] }],
      DescribeTargetHealth: [health('i-1')],
    },
  });
  const none = await collectAll(ec2LoadBalancerV2Expose, { responses: { DescribeLoadBalancers: [{}] } });

  assert.deepEqual([instances.records, none.records], [[], []]);
  assert.equal(none.calls.length, 1);
});
