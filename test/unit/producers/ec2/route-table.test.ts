import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ec2RouteTable } from '../../../../producers/syncs/ec2/route-table.ts';
import { collectAll } from '../../../support/collect.ts';

function collectTables(...pages: object[]) {
  return collectAll(ec2RouteTable, { responses: { DescribeRouteTables: pages } });
}

test('a route table yields itself, its associations and its routes', async () => {
  const { records } = await collectTables({
    RouteTables: [
      {
        RouteTableId: 'rtb-1',
        OwnerId: '111122223333',
        VpcId: 'vpc-1',
        PropagatingVgws: [{ GatewayId: 'vgw-1' }],
        Associations: [
          { Main: true, RouteTableAssociationId: 'rtbassoc-1', AssociationState: { State: 'associated' } },
        ],
        Routes: [{ DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw-1', Origin: 'CreateRoute', State: 'active' }],
      },
    ],
  });

  assert.deepEqual(records[0], {
    type: 'cartography.aws.ec2.RouteTable',
    value: {
      RouteTableId: 'rtb-1',
      OwnerId: '111122223333',
      VpcId: 'vpc-1',
      Main: true,
      RouteIds: ['rtb-1|0.0.0.0/0'],
      RouteTableAssociationIds: ['rtbassoc-1'],
      VpnGatewayIds: ['vgw-1'],
    },
  });
  assert.deepEqual(records[1], {
    type: 'cartography.aws.ec2.RouteTableAssociation',
    value: {
      RouteTableAssociationId: 'rtbassoc-1',
      RouteTableId: 'rtb-1',
      SubnetId: null,
      GatewayId: null,
      InternetGatewayId: null,
      Main: true,
      Target: 'main',
      AssociationState: 'associated',
      AssociationStateMessage: null,
    },
  });
  const { Id, Target, DestinationCidrBlock, GatewayId, InternetGatewayId, Origin, State, ...rest } = records[2]!.value;
  assert.deepEqual(
    [Id, Target, DestinationCidrBlock, GatewayId, InternetGatewayId, Origin, State],
    ['rtb-1|0.0.0.0/0', 'igw-1', '0.0.0.0/0', 'igw-1', 'igw-1', 'CreateRoute', 'active'],
  );
  assert.deepEqual(new Set(Object.values(rest)), new Set([null]));
});

test('an association names its subnet or its gateway, and is not the main one', async () => {
  const { of } = await collectTables({
    RouteTables: [
      {
        RouteTableId: 'rtb-1',
        Associations: [
          { Main: false, RouteTableAssociationId: 'rtbassoc-1', SubnetId: 'subnet-1' },
          {
            RouteTableAssociationId: 'rtbassoc-2',
            GatewayId: 'igw-1',
            AssociationState: { State: 'failed', StatusMessage: 'no such gateway' },
          },
          { RouteTableAssociationId: 'rtbassoc-3', GatewayId: 'vgw-1' },
        ],
      },
    ],
  });

  assert.deepEqual(
    of('ec2.RouteTableAssociation').map((one) => [
      one['Target'],
      one['SubnetId'],
      one['InternetGatewayId'],
      one['AssociationStateMessage'],
    ]),
    [
      ['subnet-1', 'subnet-1', null, null],
      ['igw-1', null, 'igw-1', 'no such gateway'],
      ['vgw-1', null, null, null],
    ],
  );
  assert.deepEqual(
    of('ec2.RouteTable').map((one) => one['Main']),
    [false],
  );
});

const destinations: [string, object, string, string][] = [
  ['the VPC', { DestinationCidrBlock: '10.0.0.0/16', GatewayId: 'local' }, '10.0.0.0/16', 'local'],
  [
    'an instance, which has an interface as well',
    { DestinationCidrBlock: '10.1.0.0/16', InstanceId: 'i-1', NetworkInterfaceId: 'eni-1' },
    '10.1.0.0/16',
    'i-1',
  ],
  [
    'an egress-only gateway',
    { DestinationIpv6CidrBlock: '::/0', EgressOnlyInternetGatewayId: 'eigw-1' },
    '::/0',
    'eigw-1',
  ],
  [
    'a transit gateway, by prefix list',
    { DestinationPrefixListId: 'pl-1', TransitGatewayId: 'tgw-1' },
    'pl-1',
    'tgw-1',
  ],
];
for (const [what, route, destination, target] of destinations) {
  test(`a route to ${what} is named for its destination and has no gateway`, async () => {
    const { of } = await collectTables({ RouteTables: [{ RouteTableId: 'rtb-1', Routes: [route] }] });

    assert.deepEqual(
      of('ec2.Route').map((one) => [one['Id'], one['Target'], one['InternetGatewayId'], one['VpcEndpointId']]),
      [[`rtb-1|${destination}`, target, null, null]],
    );
  });
}

test('a gateway endpoint is a VPC endpoint, and two prefix lists that lead to it are two routes', async () => {
  const { of } = await collectTables({
    RouteTables: [
      {
        RouteTableId: 'rtb-1',
        Routes: [
          { DestinationPrefixListId: 'pl-1', GatewayId: 'vpce-1' },
          { DestinationPrefixListId: 'pl-2', GatewayId: 'vpce-1' },
        ],
      },
    ],
  });

  assert.deepEqual(
    of('ec2.Route').map((one) => [one['Id'], one['VpcEndpointId'], one['InternetGatewayId']]),
    [
      ['rtb-1|pl-1', 'vpce-1', null],
      ['rtb-1|pl-2', 'vpce-1', null],
    ],
  );
});

test('all pages of route tables are read', async () => {
  const { of, calls } = await collectTables(
    { RouteTables: [{ RouteTableId: 'rtb-1' }], NextToken: 'more' },
    { RouteTables: [{ RouteTableId: 'rtb-2', Routes: [], Associations: [], PropagatingVgws: [{}] }] },
  );

  assert.deepEqual(
    of('ec2.RouteTable').map((one) => [one['RouteTableId'], one['VpnGatewayIds']]),
    [
      ['rtb-1', []],
      ['rtb-2', []],
    ],
  );
  assert.equal(calls.length, 2);
});

test('a route without a destination ends the scope with an error', async () => {
  const collected = collectTables({ RouteTables: [{ RouteTableId: 'rtb-1', Routes: [{ GatewayId: 'local' }] }] });

  await assert.rejects(collected, { code: 'CS_RECORD', message: /Routes\.DestinationCidrBlock/ });
});
