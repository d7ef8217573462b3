import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ec2Vpc } from '../../../../producers/syncs/ec2/vpc.ts';
import { collectAll } from '../../../support/collect.ts';

const vpc = {
  VpcId: 'vpc-1',
  CidrBlock: '10.0.0.0/16',
  InstanceTenancy: 'default',
  State: 'available',
  IsDefault: false,
  DhcpOptionsId: 'dopt-1',
  OwnerId: '111122223333',
  CidrBlockAssociationSet: [
    { AssociationId: 'vpc-cidr-assoc-1', CidrBlock: '10.0.0.0/16', CidrBlockState: { State: 'associated' } },
  ],
  Ipv6CidrBlockAssociationSet: [
    {
      AssociationId: 'vpc-cidr-assoc-6',
      Ipv6CidrBlock: '2001:db8::/56',
      Ipv6CidrBlockState: { State: 'failed', StatusMessage: 'pool is exhausted' },
    },
  ],
};

test('a VPC yields itself and a record per address range', async () => {
  const { records } = await collectAll(ec2Vpc, { responses: { DescribeVpcs: [{ Vpcs: [vpc] }] } });

  assert.deepEqual(records, [
    {
      type: 'cartography.aws.ec2.Vpc',
      value: {
        VpcId: 'vpc-1',
        PrimaryCIDRBlock: '10.0.0.0/16',
        InstanceTenancy: 'default',
        State: 'available',
        IsDefault: false,
        DhcpOptionsId: 'dopt-1',
      },
    },
    {
      type: 'cartography.aws.ec2.VpcIpv4CidrBlock',
      value: {
        Id: 'vpc-1|10.0.0.0/16',
        VpcId: 'vpc-1',
        CidrBlock: '10.0.0.0/16',
        AssociationId: 'vpc-cidr-assoc-1',
        BlockState: 'associated',
        BlockStateMessage: null,
      },
    },
    {
      type: 'cartography.aws.ec2.VpcIpv6CidrBlock',
      value: {
        Id: 'vpc-1|2001:db8::/56',
        VpcId: 'vpc-1',
        CidrBlock: '2001:db8::/56',
        AssociationId: 'vpc-cidr-assoc-6',
        BlockState: 'failed',
        BlockStateMessage: 'pool is exhausted',
      },
    },
  ]);
});

test('all pages of VPCs are read, a thousand at a time', async () => {
  const { of, calls } = await collectAll(ec2Vpc, {
    responses: {
      DescribeVpcs: [
        { Vpcs: [{ VpcId: 'vpc-1' }], NextToken: 'more' },
        { Vpcs: [], NextToken: 'last' },
        { Vpcs: [{ VpcId: 'vpc-2' }] },
      ],
    },
  });

  assert.deepEqual(
    of('ec2.Vpc').map((one) => one['VpcId']),
    ['vpc-1', 'vpc-2'],
  );
  assert.deepEqual(
    calls.map(({ input }) => [input['MaxResults'], input['NextToken']]),
    [
      [1000, undefined],
      [1000, 'more'],
      [1000, 'last'],
    ],
  );
});

test('what AWS leaves out of a VPC is null', async () => {
  const { records } = await collectAll(ec2Vpc, { responses: { DescribeVpcs: [{ Vpcs: [{ VpcId: 'vpc-1' }] }] } });

  assert.deepEqual(records, [
    {
      type: 'cartography.aws.ec2.Vpc',
      value: {
        VpcId: 'vpc-1',
        PrimaryCIDRBlock: null,
        InstanceTenancy: null,
        State: null,
        IsDefault: null,
        DhcpOptionsId: null,
      },
    },
  ]);
});

test('a range that was taken off and put back is one record in its latest state, and one without a block yet is none', async () => {
  const associations = [
    { AssociationId: 'vpc-cidr-assoc-1', CidrBlock: '10.1.0.0/16', CidrBlockState: { State: 'disassociated' } },
    { AssociationId: 'vpc-cidr-assoc-2', CidrBlock: '10.1.0.0/16', CidrBlockState: { State: 'associated' } },
    { AssociationId: 'vpc-cidr-assoc-3', CidrBlockState: { State: 'associating' } },
  ];
  const { of } = await collectAll(ec2Vpc, {
    responses: { DescribeVpcs: [{ Vpcs: [{ VpcId: 'vpc-1', CidrBlockAssociationSet: associations }] }] },
  });

  assert.deepEqual(
    of('ec2.VpcIpv4CidrBlock').map((one) => [one['AssociationId'], one['BlockState']]),
    [['vpc-cidr-assoc-2', 'associated']],
  );
});

test('no VPCs yield no records', async () => {
  const { records } = await collectAll(ec2Vpc, { responses: { DescribeVpcs: [{}] } });

  assert.deepEqual(records, []);
});

test('a VPC without its id ends the scope with an error, so that nothing is deleted', async () => {
  const collected = collectAll(ec2Vpc, { responses: { DescribeVpcs: [{ Vpcs: [{ CidrBlock: '10.0.0.0/16' }] }] } });

  await assert.rejects(collected, { code: 'CS_RECORD', message: /DescribeVpcs Vpcs\.VpcId/ });
});

test("AWS's refusal reaches the engine unchanged", async () => {
  const denied = Object.assign(new Error('You are not authorized'), { name: 'UnauthorizedOperation' });

  await assert.rejects(collectAll(ec2Vpc, { responses: { DescribeVpcs: [denied] } }), (error) => error === denied);
});
