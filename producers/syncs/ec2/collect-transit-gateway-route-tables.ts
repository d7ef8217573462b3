import type { TransitGatewayRouteTable } from '@aws-sdk/client-ec2';
import { EC2Client, paginateDescribeTransitGatewayRouteTables } from '@aws-sdk/client-ec2';
import type { CollectedRecord, SyncContext } from '../../sync.ts';
import { mapConcurrently } from '../map-concurrently.ts';
import { required } from '../required.ts';
import { readDetails } from './transit-gateway-routes.ts';

/** Each with three reads, one after another. */
const TABLES_AT_ONCE = 5;

export async function* collectTransitGatewayRouteTables(context: SyncContext): AsyncGenerator<CollectedRecord> {
  const client = context.client(EC2Client);
  const pages = paginateDescribeTransitGatewayRouteTables(
    { client, pageSize: 1000 },
    {},
    { abortSignal: context.signal },
  );
  const read = (table: TransitGatewayRouteTable) => readTable(context, client, table);
  for await (const { TransitGatewayRouteTables = [] } of pages) {
    for await (const records of mapConcurrently(TransitGatewayRouteTables, TABLES_AT_ONCE, read)) yield* records;
  }
}

/** The table's records; none if it was deleted after it was listed. */
async function readTable(
  context: SyncContext,
  client: EC2Client,
  table: TransitGatewayRouteTable,
): Promise<CollectedRecord[]> {
  const tableId = required(
    table.TransitGatewayRouteTableId,
    'DescribeTransitGatewayRouteTables TransitGatewayRouteTables.TransitGatewayRouteTableId',
  );
  const gatewayId = table.TransitGatewayId ?? null;
  const details = await readDetails(context, client, tableId, gatewayId);
  if (details === 'gone') return [];
  const value = { TransitGatewayRouteTableId: tableId, TransitGatewayId: gatewayId, State: table.State ?? null };
  return [{ type: 'cartography.aws.ec2.TransitGatewayRouteTable', value }, ...details];
}
