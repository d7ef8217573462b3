import type {
  EC2Client,
  TransitGateway,
  TransitGatewayAttachment,
  TransitGatewayVpcAttachment,
} from '@aws-sdk/client-ec2';
import type { CollectedRecord, Sync, SyncContext } from '../../sync.ts';
import { required } from '../required.ts';

/** Transit gateways, the account's own and those shared with it, and what is attached to them. */
export const ec2TransitGateway: Sync = {
  id: 'ec2:tgw',
  scope: 'regional',
  records: [
    'cartography.aws.ec2.TransitGateway',
    'cartography.aws.ec2.TransitGatewayAttachment',
    'cartography.aws.ec2.TransitGatewayVpcAttachment',
  ],
  actions: [
    'ec2:DescribeTransitGateways',
    'ec2:DescribeTransitGatewayAttachments',
    'ec2:DescribeTransitGatewayVpcAttachments',
  ],
  async *collect(context) {
    const ec2 = await import('@aws-sdk/client-ec2');
    const client: EC2Client = context.client(ec2.EC2Client);
    const paging = { client, pageSize: 1000 };
    const options = { abortSignal: context.signal };
    for await (const page of ec2.paginateDescribeTransitGateways(paging, {}, options)) {
      for (const gateway of page.TransitGateways ?? []) yield gatewayRecord(context, gateway);
    }
    for await (const page of ec2.paginateDescribeTransitGatewayAttachments(paging, {}, options)) {
      for (const attachment of page.TransitGatewayAttachments ?? []) yield attachmentRecord(attachment);
    }
    for await (const page of ec2.paginateDescribeTransitGatewayVpcAttachments(paging, {}, options)) {
      for (const attachment of page.TransitGatewayVpcAttachments ?? []) yield vpcAttachmentRecord(attachment);
    }
  },
};

function gatewayRecord({ accountId }: SyncContext, gateway: TransitGateway): CollectedRecord {
  const ownerId = gateway.OwnerId ?? accountId;
  return {
    type: 'cartography.aws.ec2.TransitGateway',
    value: {
      TransitGatewayArn: required(
        gateway.TransitGatewayArn,
        'DescribeTransitGateways TransitGateways.TransitGatewayArn',
      ),
      TransitGatewayId: required(gateway.TransitGatewayId, 'DescribeTransitGateways TransitGateways.TransitGatewayId'),
      OwnerId: ownerId,
      SharedWithAccountId: ownerId === accountId ? null : accountId,
      State: gateway.State ?? null,
      Description: gateway.Description ?? null,
    },
  };
}

function attachmentRecord(attachment: TransitGatewayAttachment): CollectedRecord {
  return {
    type: 'cartography.aws.ec2.TransitGatewayAttachment',
    value: {
      TransitGatewayAttachmentId: required(
        attachment.TransitGatewayAttachmentId,
        'DescribeTransitGatewayAttachments TransitGatewayAttachments.TransitGatewayAttachmentId',
      ),
      TransitGatewayId: attachment.TransitGatewayId ?? null,
      ResourceType: attachment.ResourceType ?? null,
      State: attachment.State ?? null,
    },
  };
}

function vpcAttachmentRecord(attachment: TransitGatewayVpcAttachment): CollectedRecord {
  return {
    type: 'cartography.aws.ec2.TransitGatewayVpcAttachment',
    value: {
      TransitGatewayAttachmentId: required(
        attachment.TransitGatewayAttachmentId,
        'DescribeTransitGatewayVpcAttachments TransitGatewayVpcAttachments.TransitGatewayAttachmentId',
      ),
      TransitGatewayId: attachment.TransitGatewayId ?? null,
      State: attachment.State ?? null,
      VpcId: attachment.VpcId ?? null,
      SubnetIds: [...new Set(attachment.SubnetIds ?? [])],
    },
  };
}
