import type {
  EC2Client,
  TransitGatewayRoute,
  TransitGatewayRouteTableAssociation,
  TransitGatewayRouteTablePropagation,
} from '@aws-sdk/client-ec2';
import {
  paginateGetTransitGatewayRouteTableAssociations,
  paginateGetTransitGatewayRouteTablePropagations,
  paginateSearchTransitGatewayRoutes,
} from '@aws-sdk/client-ec2';
import { allItems } from '../../aws/all-items.ts';
import type { CollectedRecord, SyncContext } from '../../sync.ts';
import { readDetail } from '../read-detail.ts';
import { required } from '../required.ts';

const ROUTE = 'cartography.aws.ec2.TransitGatewayRoute';
const ASSOCIATION = 'cartography.aws.ec2.TransitGatewayRouteTableAssociation';
const PROPAGATION = 'cartography.aws.ec2.TransitGatewayRouteTablePropagation';

/** The search insists on a filter. */
const ALL_STATES = [{ Name: 'state', Values: ['pending', 'active', 'blackhole', 'deleting', 'deleted'] }];

/**
 * The routes, associations and propagations of one route table; `gone` if it was deleted after it was listed. What is
 * denied or fails is withheld for the whole scope: its ids are not known.
 */
export async function readDetails(
  context: SyncContext,
  client: EC2Client,
  tableId: string,
  gatewayId: string | null,
): Promise<CollectedRecord[] | 'gone'> {
  const input = { TransitGatewayRouteTableId: tableId };
  const paging = { client, pageSize: 1000 };
  const options = { abortSignal: context.signal };
  const readRoutes = async () => {
    let incomplete = false;
    const pages = paginateSearchTransitGatewayRoutes(paging, { ...input, Filters: ALL_STATES }, options);
    const routes = await allItems(pages, (page) => {
      incomplete = page.AdditionalRoutesAvailable === true && !page.NextToken;
      return page.Routes;
    });
    if (incomplete) context.withhold(ROUTE, `SearchTransitGatewayRoutes did not list all routes of ${tableId}`);
    return routes.map((route) => routeRecord(tableId, gatewayId, route));
  };
  const readAssociations = () =>
    allItems(paginateGetTransitGatewayRouteTableAssociations(paging, input, options), ({ Associations }) =>
      Associations?.map((one) => associationRecord(tableId, one)),
    );
  const readPropagations = () =>
    allItems(paginateGetTransitGatewayRouteTablePropagations(paging, input, options), (page) =>
      page.TransitGatewayRouteTablePropagations?.map((one) => propagationRecord(tableId, one)),
    );
  const reads = [
    [ROUTE, 'SearchTransitGatewayRoutes', readRoutes],
    [ASSOCIATION, 'GetTransitGatewayRouteTableAssociations', readAssociations],
    [PROPAGATION, 'GetTransitGatewayRouteTablePropagations', readPropagations],
  ] as const;
  const records: CollectedRecord[] = [];
  for (const [type, operation, read] of reads) {
    const detail = await readDetail(context, operation, read, { gone: 'InvalidRouteTableID.NotFound' });
    if (detail.kind === 'gone') return 'gone';
    if (detail.kind === 'unread') context.withhold(type, detail.reason);
    if (detail.kind === 'read') records.push(...detail.value);
  }
  return records;
}

function routeRecord(tableId: string, gatewayId: string | null, route: TransitGatewayRoute): CollectedRecord {
  const destination = required(
    route.DestinationCidrBlock ?? route.PrefixListId,
    'SearchTransitGatewayRoutes Routes.DestinationCidrBlock',
  );
  const attachments = (route.TransitGatewayAttachments ?? []).flatMap((one) => one.TransitGatewayAttachmentId ?? []);
  return {
    type: ROUTE,
    value: {
      Id: `${tableId}|${destination}`,
      TransitGatewayRouteTableId: tableId,
      TransitGatewayId: gatewayId,
      DestinationCidrBlock: route.DestinationCidrBlock ?? null,
      DestinationIpv6CidrBlock: route.DestinationCidrBlock?.includes(':') ? route.DestinationCidrBlock : null,
      Target: attachments[0] ?? null,
      AttachmentIds: [...new Set(attachments)],
      State: route.State ?? null,
      Type: route.Type ?? null,
    },
  };
}

function associationRecord(tableId: string, association: TransitGatewayRouteTableAssociation): CollectedRecord {
  const attachmentId = association.TransitGatewayAttachmentId ?? null;
  const end = attachmentId ?? association.ResourceId;
  return {
    type: ASSOCIATION,
    value: {
      Id: `${tableId}|${required(end, 'GetTransitGatewayRouteTableAssociations Associations.TransitGatewayAttachmentId')}`,
      TransitGatewayRouteTableId: tableId,
      TransitGatewayAttachmentId: attachmentId,
      ResourceId: association.ResourceId ?? null,
      ResourceType: association.ResourceType ?? null,
      State: association.State ?? null,
    },
  };
}

function propagationRecord(tableId: string, propagation: TransitGatewayRouteTablePropagation): CollectedRecord {
  const attachmentId = propagation.TransitGatewayAttachmentId ?? null;
  const end = required(
    attachmentId ?? propagation.ResourceId,
    'GetTransitGatewayRouteTablePropagations TransitGatewayRouteTablePropagations.TransitGatewayAttachmentId',
  );
  return {
    type: PROPAGATION,
    value: {
      Id: `${tableId}|${end}`,
      TransitGatewayRouteTableId: tableId,
      TransitGatewayAttachmentId: attachmentId,
      State: propagation.State ?? null,
    },
  };
}
