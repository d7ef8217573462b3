import type { DnsEntry, VpcEndpoint } from '@aws-sdk/client-ec2';
import type { CollectedRecord, Sync } from '../../sync.ts';
import { isNew } from '../is-new.ts';
import { isoText, jsonText } from '../python-text.ts';
import { required } from '../required.ts';

/** VPC endpoints, and stubs of the subnets, security groups and route tables that they use. */
export const ec2VpcEndpoint: Sync = {
  id: 'ec2:vpc_endpoint',
  scope: 'regional',
  records: [
    'cartography.aws.ec2.VpcEndpoint',
    'cartography.aws.ec2.VpcEndpointSubnet',
    'cartography.aws.ec2.VpcEndpointSecurityGroup',
    'cartography.aws.ec2.VpcEndpointRouteTable',
  ],
  actions: ['ec2:DescribeVpcEndpoints'],
  async *collect(context) {
    const { EC2Client, paginateDescribeVpcEndpoints } = await import('@aws-sdk/client-ec2');
    const pages = paginateDescribeVpcEndpoints(
      { client: context.client(EC2Client), pageSize: 1000 },
      {},
      { abortSignal: context.signal },
    );
    const stubs = new Set<string>();
    for await (const page of pages) {
      for (const endpoint of page.VpcEndpoints ?? []) yield* endpointRecords(endpoint, stubs);
    }
  },
};

/** @param seen ids of stubs that have their record already */
function* endpointRecords(endpoint: VpcEndpoint, seen: Set<string>): Iterable<CollectedRecord> {
  const groupIds = distinct((endpoint.Groups ?? []).flatMap(({ GroupId }) => GroupId ?? []));
  const subnetIds = distinct(endpoint.SubnetIds);
  const routeTableIds = distinct(endpoint.RouteTableIds);
  yield {
    type: 'cartography.aws.ec2.VpcEndpoint',
    value: {
      VpcEndpointId: required(endpoint.VpcEndpointId, 'DescribeVpcEndpoints VpcEndpoints.VpcEndpointId'),
      VpcId: endpoint.VpcId ?? null,
      ServiceName: endpoint.ServiceName ?? null,
      ServiceRegion: endpoint.ServiceRegion ?? null,
      VpcEndpointType: endpoint.VpcEndpointType ?? null,
      State: endpoint.State ?? null,
      PolicyDocument: endpoint.PolicyDocument ?? null,
      RouteTableIds: routeTableIds,
      SubnetIds: subnetIds,
      GroupIds: groupIds,
      NetworkInterfaceIds: endpoint.NetworkInterfaceIds ?? [],
      DnsEntries: dnsText(endpoint.DnsEntries ?? []),
      PrivateDnsEnabled: endpoint.PrivateDnsEnabled ?? null,
      RequesterManaged: endpoint.RequesterManaged ?? null,
      IpAddressType: endpoint.IpAddressType ?? null,
      OwnerId: endpoint.OwnerId ?? null,
      CreationTimestamp: endpoint.CreationTimestamp === undefined ? null : isoText(endpoint.CreationTimestamp),
    },
  };
  const stubs = [
    ...subnetIds.map((SubnetId) => ['VpcEndpointSubnet', { SubnetId }, SubnetId] as const),
    ...groupIds.map((GroupId) => ['VpcEndpointSecurityGroup', { GroupId }, GroupId] as const),
    ...routeTableIds.map((RouteTableId) => ['VpcEndpointRouteTable', { RouteTableId }, RouteTableId] as const),
  ];
  for (const [type, value, id] of stubs) if (isNew(seen, id)) yield { type: `cartography.aws.ec2.${type}`, value };
}

function distinct(ids: readonly string[] = []): string[] {
  return [...new Set(ids)];
}

function dnsText(entries: readonly DnsEntry[]): string | null {
  if (entries.length === 0) return null;
  return jsonText(
    entries.map(({ DnsName, HostedZoneId }) => ({
      ...(DnsName === undefined ? {} : { DnsName }),
      ...(HostedZoneId === undefined ? {} : { HostedZoneId }),
    })),
  );
}
