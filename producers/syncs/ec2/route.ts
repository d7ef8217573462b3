import type { Route } from '@aws-sdk/client-ec2';
import type { CollectedRecord } from '../../sync.ts';
import { required } from '../required.ts';

/** A route, whose destination, of one of three kinds, is unique in its table. */
export function routeRecord(tableId: string, route: Route): CollectedRecord {
  const destination = route.DestinationCidrBlock ?? route.DestinationIpv6CidrBlock ?? route.DestinationPrefixListId;
  const gatewayId = route.GatewayId ?? null;
  return {
    type: 'cartography.aws.ec2.Route',
    value: {
      Id: `${tableId}|${required(destination, 'DescribeRouteTables RouteTables.Routes.DestinationCidrBlock')}`,
      Target: targetOf(route),
      DestinationCidrBlock: route.DestinationCidrBlock ?? null,
      DestinationIpv6CidrBlock: route.DestinationIpv6CidrBlock ?? null,
      DestinationPrefixListId: route.DestinationPrefixListId ?? null,
      CarrierGatewayId: route.CarrierGatewayId ?? null,
      CoreNetworkArn: route.CoreNetworkArn ?? null,
      EgressOnlyInternetGatewayId: route.EgressOnlyInternetGatewayId ?? null,
      GatewayId: gatewayId,
      InternetGatewayId: internetGatewayIn(gatewayId),
      VpcEndpointId: gatewayId?.startsWith('vpce-') ? gatewayId : null,
      InstanceId: route.InstanceId ?? null,
      InstanceOwnerId: route.InstanceOwnerId ?? null,
      LocalGatewayId: route.LocalGatewayId ?? null,
      NatGatewayId: route.NatGatewayId ?? null,
      NetworkInterfaceId: route.NetworkInterfaceId ?? null,
      TransitGatewayId: route.TransitGatewayId ?? null,
      VpcPeeringConnectionId: route.VpcPeeringConnectionId ?? null,
      Origin: route.Origin ?? null,
      State: route.State ?? null,
    },
  };
}

/** Gateways of several kinds come in one field. */
export function internetGatewayIn(gatewayId: string | null | undefined): string | null {
  return gatewayId?.startsWith('igw-') ? gatewayId : null;
}

/** A route to an instance names its network interface as well. */
function targetOf(route: Route): string | null {
  return (
    route.GatewayId ??
    route.InstanceId ??
    route.NatGatewayId ??
    route.TransitGatewayId ??
    route.LocalGatewayId ??
    route.CarrierGatewayId ??
    route.NetworkInterfaceId ??
    route.VpcPeeringConnectionId ??
    route.EgressOnlyInternetGatewayId ??
    route.CoreNetworkArn ??
    null
  );
}
