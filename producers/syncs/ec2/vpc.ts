import type { Vpc } from '@aws-sdk/client-ec2';
import type { CollectedRecord, Sync } from '../../sync.ts';
import { required } from '../required.ts';

/** VPCs and their address ranges. */
export const ec2Vpc: Sync = {
  id: 'ec2:vpc',
  scope: 'regional',
  records: ['cartography.aws.ec2.Vpc', 'cartography.aws.ec2.VpcIpv4CidrBlock', 'cartography.aws.ec2.VpcIpv6CidrBlock'],
  actions: ['ec2:DescribeVpcs'],
  async *collect(context) {
    const { EC2Client, paginateDescribeVpcs } = await import('@aws-sdk/client-ec2');
    const pages = paginateDescribeVpcs(
      { client: context.client(EC2Client), pageSize: 1000 },
      {},
      { abortSignal: context.signal },
    );
    for await (const page of pages) for (const vpc of page.Vpcs ?? []) yield* vpcRecords(vpc);
  },
};

function* vpcRecords(vpc: Vpc): Iterable<CollectedRecord> {
  const vpcId = required(vpc.VpcId, 'DescribeVpcs Vpcs.VpcId');
  yield {
    type: 'cartography.aws.ec2.Vpc',
    value: {
      VpcId: vpcId,
      PrimaryCIDRBlock: vpc.CidrBlock ?? null,
      InstanceTenancy: vpc.InstanceTenancy ?? null,
      State: vpc.State ?? null,
      IsDefault: vpc.IsDefault ?? null,
      DhcpOptionsId: vpc.DhcpOptionsId ?? null,
    },
  };
  const ipv4 = (vpc.CidrBlockAssociationSet ?? []).map(({ AssociationId, CidrBlock, CidrBlockState }) => ({
    AssociationId,
    CidrBlock,
    state: CidrBlockState,
  }));
  const ipv6 = (vpc.Ipv6CidrBlockAssociationSet ?? []).map(({ AssociationId, Ipv6CidrBlock, Ipv6CidrBlockState }) => ({
    AssociationId,
    CidrBlock: Ipv6CidrBlock,
    state: Ipv6CidrBlockState,
  }));
  yield* cidrBlocks('cartography.aws.ec2.VpcIpv4CidrBlock', vpcId, ipv4);
  yield* cidrBlocks('cartography.aws.ec2.VpcIpv6CidrBlock', vpcId, ipv6);
}

interface CidrAssociation {
  AssociationId: string | undefined;
  CidrBlock: string | undefined;
  state: { State?: string | undefined; StatusMessage?: string | undefined } | undefined;
}

function* cidrBlocks(type: string, vpcId: string, associations: readonly CidrAssociation[]): Iterable<CollectedRecord> {
  const latest = new Map<string, CidrAssociation>();
  for (const association of associations) {
    // A pool's range that is still being allocated has no block yet; a block that was taken off and put back is there twice.
    if (association.CidrBlock !== undefined) latest.set(association.CidrBlock, association);
  }
  for (const [cidrBlock, { AssociationId, state }] of latest) {
    yield {
      type,
      value: {
        Id: `${vpcId}|${cidrBlock}`,
        VpcId: vpcId,
        CidrBlock: cidrBlock,
        AssociationId: AssociationId ?? null,
        BlockState: state?.State ?? null,
        BlockStateMessage: state?.StatusMessage ?? null,
      },
    };
  }
}
