import type { EC2Client, TransitGatewayRouteTable } from '@aws-sdk/client-ec2';
import type { CollectedRecord, Sync, SyncContext } from '../../sync.ts';
import { mapConcurrently } from '../map-concurrently.ts';
import { required } from '../required.ts';

/** Each with three reads, one after another. */
const TABLES_AT_ONCE = 5;

/** Route tables of transit gateways, their routes, and the attachments that use and feed them. */
export const ec2TransitGatewayRouteTable: Sync = {
  id: 'ec2:tgw_route_table',
  scope: 'regional',
  records: [
    'cartography.aws.ec2.TransitGatewayRouteTable',
    'cartography.aws.ec2.TransitGatewayRoute',
    'cartography.aws.ec2.TransitGatewayRouteTableAssociation',
    'cartography.aws.ec2.TransitGatewayRouteTablePropagation',
  ],
  actions: [
    'ec2:DescribeTransitGatewayRouteTables',
    'ec2:SearchTransitGatewayRoutes',
    'ec2:GetTransitGatewayRouteTableAssociations',
    'ec2:GetTransitGatewayRouteTablePropagations',
  ],
  async *collect(context) {
    const { EC2Client, paginateDescribeTransitGatewayRouteTables } = await import('@aws-sdk/client-ec2');
    const { readDetails } = await import('./transit-gateway-routes.ts');
    const client = context.client(EC2Client);
    const options = { abortSignal: context.signal };
    for await (const page of paginateDescribeTransitGatewayRouteTables({ client, pageSize: 1000 }, {}, options)) {
      const tables = page.TransitGatewayRouteTables ?? [];
      const read = (table: TransitGatewayRouteTable) => readTable(context, client, table, readDetails);
      for await (const records of mapConcurrently(tables, TABLES_AT_ONCE, read)) yield* records;
    }
  },
};

async function readTable(
  context: SyncContext,
  client: EC2Client,
  table: TransitGatewayRouteTable,
  readDetails: (
    context: SyncContext,
    client: EC2Client,
    tableId: string,
    gatewayId: string | null,
  ) => Promise<CollectedRecord[] | 'gone'>,
): Promise<CollectedRecord[]> {
  const tableId = required(
    table.TransitGatewayRouteTableId,
    'DescribeTransitGatewayRouteTables TransitGatewayRouteTables.TransitGatewayRouteTableId',
  );
  const gatewayId = table.TransitGatewayId ?? null;
  const details = await readDetails(context, client, tableId, gatewayId);
  if (details === 'gone') return [];
  const value = {
    TransitGatewayRouteTableId: tableId,
    TransitGatewayId: gatewayId,
    State: table.State ?? null,
  };
  return [{ type: 'cartography.aws.ec2.TransitGatewayRouteTable', value }, ...details];
}
