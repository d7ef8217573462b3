import type { VpcPeeringConnection, VpcPeeringConnectionVpcInfo } from '@aws-sdk/client-ec2';
import type { CollectedRecord, Sync } from '../../sync.ts';
import { required } from '../required.ts';

/** Peering connections, and stubs of the VPCs, accounts and address ranges at their ends. */
export const ec2VpcPeering: Sync = {
  id: 'ec2:vpc_peering',
  scope: 'regional',
  records: [
    'cartography.aws.ec2.PeeringConnection',
    'cartography.aws.ec2.PeeringVpc',
    'cartography.aws.ec2.PeeringAccount',
    'cartography.aws.ec2.PeeringCidrBlock',
  ],
  actions: ['ec2:DescribeVpcPeeringConnections'],
  async *collect(context) {
    const { EC2Client, paginateDescribeVpcPeeringConnections } = await import('@aws-sdk/client-ec2');
    const pages = paginateDescribeVpcPeeringConnections(
      { client: context.client(EC2Client), pageSize: 1000 },
      {},
      { abortSignal: context.signal },
    );
    const stubs = new Map<string, CollectedRecord>();
    for await (const page of pages) {
      for (const connection of page.VpcPeeringConnections ?? []) {
        yield connectionRecord(connection);
        for (const end of [connection.AccepterVpcInfo, connection.RequesterVpcInfo]) {
          for (const { id, record } of stubsOf(end)) stubs.set(id, { ...record, value: merged(stubs.get(id), record) });
        }
      }
    }
    yield* stubs.values();
  },
};

function connectionRecord(connection: VpcPeeringConnection): CollectedRecord {
  const { AccepterVpcInfo, RequesterVpcInfo, Status } = connection;
  const options = RequesterVpcInfo?.PeeringOptions;
  return {
    type: 'cartography.aws.ec2.PeeringConnection',
    value: {
      VpcPeeringConnectionId: required(
        connection.VpcPeeringConnectionId,
        'DescribeVpcPeeringConnections VpcPeeringConnections.VpcPeeringConnectionId',
      ),
      AllowDnsResolutionFromRemoteVpc: options?.AllowDnsResolutionFromRemoteVpc ?? null,
      AllowEgressFromLocalClassicLinkToRemoteVpc: options?.AllowEgressFromLocalClassicLinkToRemoteVpc ?? null,
      AllowEgressFromLocalVpcToRemoteClassicLink: options?.AllowEgressFromLocalVpcToRemoteClassicLink ?? null,
      RequesterRegion: RequesterVpcInfo?.Region ?? null,
      AccepterRegion: AccepterVpcInfo?.Region ?? null,
      StatusCode: Status?.Code ?? null,
      StatusMessage: Status?.Message ?? null,
      AccepterVpcId: AccepterVpcInfo?.VpcId ?? null,
      RequesterVpcId: RequesterVpcInfo?.VpcId ?? null,
      AccepterCidrBlockIds: cidrBlocksOf(AccepterVpcInfo).map(({ Id }) => Id),
      RequesterCidrBlockIds: cidrBlocksOf(RequesterVpcInfo).map(({ Id }) => Id),
    },
  };
}

/** One end's VPC, account and ranges. AWS says less of connections that are not active. */
function stubsOf(end: VpcPeeringConnectionVpcInfo = {}): { id: string; record: CollectedRecord }[] {
  const { OwnerId, VpcId, Region } = end;
  const stubs: { id: string; record: CollectedRecord }[] = [];
  if (OwnerId) stubs.push({ id: OwnerId, record: { type: 'cartography.aws.ec2.PeeringAccount', value: { OwnerId } } });
  if (VpcId) {
    const value = { VpcId, Region: Region ?? null, OwnerId: OwnerId ?? null };
    stubs.push({ id: VpcId, record: { type: 'cartography.aws.ec2.PeeringVpc', value } });
  }
  for (const value of cidrBlocksOf(end)) {
    stubs.push({ id: value.Id, record: { type: 'cartography.aws.ec2.PeeringCidrBlock', value: { ...value } } });
  }
  return stubs;
}

/** What two connections say of one VPC: neither takes away what the other gives. */
function merged(known: CollectedRecord | undefined, { value }: CollectedRecord): Record<string, unknown> {
  const given = Object.entries(value).filter(([, one]) => one !== null);
  return { ...(known?.value ?? value), ...Object.fromEntries(given) };
}

interface PeeringCidrBlock {
  Id: string;
  VpcId: string;
  CidrBlock: string;
}

function cidrBlocksOf({ VpcId, CidrBlockSet }: VpcPeeringConnectionVpcInfo = {}): PeeringCidrBlock[] {
  if (!VpcId) return [];
  const ranges = new Set((CidrBlockSet ?? []).flatMap(({ CidrBlock }) => CidrBlock ?? []));
  return [...ranges].map((CidrBlock) => ({ Id: `${VpcId}|${CidrBlock}`, VpcId, CidrBlock }));
}
