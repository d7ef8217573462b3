import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ec2Subnet } from '../../../../producers/syncs/ec2/subnet.ts';
import { collectAll } from '../../../support/collect.ts';

const subnet = {
  SubnetId: 'subnet-1',
  SubnetArn: 'arn:aws:ec2:eu-west-1:111122223333:subnet/subnet-1',
  CidrBlock: '10.0.1.0/24',
  AvailableIpAddressCount: 250,
  DefaultForAz: false,
  MapCustomerOwnedIpOnLaunch: false,
  State: 'available',
  AssignIpv6AddressOnCreation: true,
  MapPublicIpOnLaunch: false,
  AvailabilityZone: 'eu-west-1a',
  AvailabilityZoneId: 'euw1-az1',
  VpcId: 'vpc-1',
};

test('a subnet yields the fields that AWS gives, under their own names', async () => {
  const answer = {
    Subnets: [{ ...subnet, OwnerId: '111122223333', Tags: [{ Key: 'Name', Value: 'büro' }], Ipv6Native: false }],
  };
  const { records } = await collectAll(ec2Subnet, { responses: { DescribeSubnets: [answer] } });

  assert.deepEqual(records, [{ type: 'cartography.aws.ec2.Subnet', value: subnet }]);
});

test('an IPv6-only subnet has no IPv4 range, and what AWS leaves out is null', async () => {
  const { of } = await collectAll(ec2Subnet, {
    responses: {
      DescribeSubnets: [
        { Subnets: [{ SubnetId: 'subnet-6', AvailableIpAddressCount: 0, MapPublicIpOnLaunch: false }] },
      ],
    },
  });

  const nothing = Object.fromEntries(Object.keys(subnet).map((name) => [name, null]));
  assert.deepEqual(of('ec2.Subnet'), [
    { ...nothing, SubnetId: 'subnet-6', AvailableIpAddressCount: 0, MapPublicIpOnLaunch: false },
  ]);
});

test('all pages of subnets are read, a thousand at a time', async () => {
  const { of, calls } = await collectAll(ec2Subnet, {
    responses: {
      DescribeSubnets: [
        { Subnets: [{ SubnetId: 'subnet-1' }], NextToken: 'more' },
        { Subnets: [{ SubnetId: 'subnet-2' }] },
      ],
    },
  });

  assert.deepEqual(
    of('ec2.Subnet').map((one) => one['SubnetId']),
    ['subnet-1', 'subnet-2'],
  );
  assert.deepEqual(
    calls.map(({ operation, input }) => [operation, input['MaxResults'], input['NextToken']]),
    [
      ['DescribeSubnets', 1000, undefined],
      ['DescribeSubnets', 1000, 'more'],
    ],
  );
});

test('a subnet without its id ends the scope with an error', async () => {
  const collected = collectAll(ec2Subnet, {
    responses: { DescribeSubnets: [{ Subnets: [{ CidrBlock: '10.0.1.0/24' }] }] },
  });

  await assert.rejects(collected, { code: 'CS_RECORD', message: /DescribeSubnets Subnets\.SubnetId/ });
});
