import type { Sync } from '../../sync.ts';

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
    const { collectTransitGatewayRouteTables } = await import('./collect-transit-gateway-route-tables.ts');
    yield* collectTransitGatewayRouteTables(context);
  },
};
