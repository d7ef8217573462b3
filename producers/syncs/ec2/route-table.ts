import type { RouteTable, RouteTableAssociation } from '@aws-sdk/client-ec2';
import type { CollectedRecord, Sync } from '../../sync.ts';
import { required } from '../required.ts';
import { internetGatewayIn, routeRecord } from './route.ts';

/** Route tables, their routes, and the subnets and gateways that they are associated with. */
export const ec2RouteTable: Sync = {
  id: 'ec2:route_table',
  scope: 'regional',
  records: ['cartography.aws.ec2.RouteTable', 'cartography.aws.ec2.RouteTableAssociation', 'cartography.aws.ec2.Route'],
  actions: ['ec2:DescribeRouteTables'],
  async *collect(context) {
    const { EC2Client, paginateDescribeRouteTables } = await import('@aws-sdk/client-ec2');
    const pages = paginateDescribeRouteTables(
      { client: context.client(EC2Client), pageSize: 100 },
      {},
      { abortSignal: context.signal },
    );
    for await (const page of pages) for (const table of page.RouteTables ?? []) yield* tableRecords(table);
  },
};

function* tableRecords(table: RouteTable): Iterable<CollectedRecord> {
  const tableId = required(table.RouteTableId, 'DescribeRouteTables RouteTables.RouteTableId');
  const routes = (table.Routes ?? []).map((route) => routeRecord(tableId, route));
  const associations = (table.Associations ?? []).map((association) => associationRecord(tableId, association));
  yield {
    type: 'cartography.aws.ec2.RouteTable',
    value: {
      RouteTableId: tableId,
      OwnerId: table.OwnerId ?? null,
      VpcId: table.VpcId ?? null,
      Main: (table.Associations ?? []).some(({ Main }) => Main === true),
      RouteIds: [...new Set(routes.map(({ value }) => value['Id']))],
      RouteTableAssociationIds: associations.map(({ value }) => value['RouteTableAssociationId']),
      VpnGatewayIds: (table.PropagatingVgws ?? []).flatMap(({ GatewayId }) => GatewayId ?? []),
    },
  };
  yield* associations;
  yield* routes;
}

function associationRecord(tableId: string, association: RouteTableAssociation): CollectedRecord {
  const { RouteTableAssociationId, SubnetId, GatewayId, Main, AssociationState } = association;
  return {
    type: 'cartography.aws.ec2.RouteTableAssociation',
    value: {
      RouteTableAssociationId: required(
        RouteTableAssociationId,
        'DescribeRouteTables RouteTables.Associations.RouteTableAssociationId',
      ),
      RouteTableId: tableId,
      SubnetId: SubnetId ?? null,
      GatewayId: GatewayId ?? null,
      InternetGatewayId: internetGatewayIn(GatewayId),
      Main: Main ?? false,
      Target: SubnetId ?? GatewayId ?? 'main',
      AssociationState: AssociationState?.State ?? null,
      AssociationStateMessage: AssociationState?.StatusMessage ?? null,
    },
  };
}
