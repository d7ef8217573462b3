import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ec2TransitGatewayRouteTable } from '../../../../producers/syncs/ec2/transit-gateway-route-table.ts';
import { collectAll } from '../../../support/collect.ts';
import { awsError } from '../../../support/fake-aws.ts';

const table = { TransitGatewayRouteTableId: 'tgw-rtb-1', TransitGatewayId: 'tgw-1', State: 'available' };
const nothing = {
  DescribeTransitGatewayRouteTables: [{ TransitGatewayRouteTables: [table] }],
  SearchTransitGatewayRoutes: [{}],
  GetTransitGatewayRouteTableAssociations: [{}],
  GetTransitGatewayRouteTablePropagations: [{}],
};

function collectTables(responses: object) {
  return collectAll(ec2TransitGatewayRouteTable, { responses: { ...nothing, ...responses } });
}

test('a route table yields itself, its routes, associations and propagations, all pages of each', async () => {
  const { records, withheld } = await collectTables({
    SearchTransitGatewayRoutes: [
      {
        Routes: [
          {
            DestinationCidrBlock: '10.0.0.0/8',
            TransitGatewayAttachments: [
              { TransitGatewayAttachmentId: 'tgw-attach-1' },
              { TransitGatewayAttachmentId: 'tgw-attach-2' },
            ],
            State: 'active',
            Type: 'propagated',
          },
        ],
        AdditionalRoutesAvailable: true,
        NextToken: 'more',
      },
      { Routes: [{ DestinationCidrBlock: '2001:db8::/32', State: 'blackhole', Type: 'static' }] },
    ],
    GetTransitGatewayRouteTableAssociations: [
      {
        Associations: [
          {
            TransitGatewayAttachmentId: 'tgw-attach-1',
            ResourceId: 'vpc-1',
            ResourceType: 'vpc',
            State: 'associated',
          },
        ],
        NextToken: 'more',
      },
      { Associations: [{ ResourceId: 'vpn-1' }] },
    ],
    GetTransitGatewayRouteTablePropagations: [
      {
        TransitGatewayRouteTablePropagations: [{ TransitGatewayAttachmentId: 'tgw-attach-1', State: 'enabled' }],
        NextToken: 'more',
      },
      { TransitGatewayRouteTablePropagations: [{ TransitGatewayAttachmentId: 'tgw-attach-2' }] },
    ],
  });

  const route = {
    Id: 'tgw-rtb-1|10.0.0.0/8',
    TransitGatewayRouteTableId: 'tgw-rtb-1',
    TransitGatewayId: 'tgw-1',
    DestinationCidrBlock: '10.0.0.0/8',
    DestinationIpv6CidrBlock: null,
    Target: 'tgw-attach-1',
    AttachmentIds: ['tgw-attach-1', 'tgw-attach-2'],
    State: 'active',
    Type: 'propagated',
  };
  const association = {
    Id: 'tgw-rtb-1|tgw-attach-1',
    TransitGatewayRouteTableId: 'tgw-rtb-1',
    TransitGatewayAttachmentId: 'tgw-attach-1',
    ResourceId: 'vpc-1',
    ResourceType: 'vpc',
    State: 'associated',
  };
  const propagation = {
    Id: 'tgw-rtb-1|tgw-attach-1',
    TransitGatewayRouteTableId: 'tgw-rtb-1',
    TransitGatewayAttachmentId: 'tgw-attach-1',
    State: 'enabled',
  };
  assert.deepEqual(
    records.map(({ type, value }) => [type.replace('cartography.aws.ec2.TransitGateway', ''), value]),
    [
      ['RouteTable', table],
      ['Route', route],
      [
        'Route',
        {
          ...route,
          Id: 'tgw-rtb-1|2001:db8::/32',
          DestinationCidrBlock: '2001:db8::/32',
          DestinationIpv6CidrBlock: '2001:db8::/32',
          Target: null,
          AttachmentIds: [],
          State: 'blackhole',
          Type: 'static',
        },
      ],
      ['RouteTableAssociation', association],
      [
        'RouteTableAssociation',
        {
          ...association,
          Id: 'tgw-rtb-1|vpn-1',
          TransitGatewayAttachmentId: null,
          ResourceId: 'vpn-1',
          ResourceType: null,
          State: null,
        },
      ],
      ['RouteTablePropagation', propagation],
      [
        'RouteTablePropagation',
        { ...propagation, Id: 'tgw-rtb-1|tgw-attach-2', TransitGatewayAttachmentId: 'tgw-attach-2', State: null },
      ],
    ],
  );
  assert.deepEqual(withheld, []);
});

test('a denied detail is withheld, and the rest is there', async () => {
  const { records, withheld } = await collectTables({
    SearchTransitGatewayRoutes: [awsError('UnauthorizedOperation')],
    GetTransitGatewayRouteTableAssociations: [{ Associations: [{ TransitGatewayAttachmentId: 'tgw-attach-1' }] }],
  });

  assert.deepEqual(
    records.map(({ type }) => type),
    ['cartography.aws.ec2.TransitGatewayRouteTable', 'cartography.aws.ec2.TransitGatewayRouteTableAssociation'],
  );
  assert.deepEqual(
    withheld.map(({ type, nodeId }) => [type, nodeId]),
    [['cartography.aws.ec2.TransitGatewayRoute', undefined]],
  );
});

test('routes that AWS has but does not list are withheld', async () => {
  const { withheld } = await collectTables({
    SearchTransitGatewayRoutes: [{ Routes: [{ DestinationCidrBlock: '10.0.0.0/8' }], AdditionalRoutesAvailable: true }],
  });

  assert.deepEqual(
    withheld.map(({ type }) => type),
    ['cartography.aws.ec2.TransitGatewayRoute'],
  );
});

test('a route table that was deleted after it was listed is left out', async () => {
  const { records, withheld } = await collectTables({
    SearchTransitGatewayRoutes: [awsError('InvalidRouteTableID.NotFound')],
  });

  assert.deepEqual([records, withheld], [[], []]);
});

test('a route table without its id ends the scope with an error', async () => {
  const collected = collectTables({ DescribeTransitGatewayRouteTables: [{ TransitGatewayRouteTables: [{}] }] });

  await assert.rejects(collected, {
    code: 'CS_RECORD',
    message: /TransitGatewayRouteTables\.TransitGatewayRouteTableId/,
  });
});
