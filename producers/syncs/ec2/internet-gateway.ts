import type { InternetGateway } from '@aws-sdk/client-ec2';
import type { CollectedRecord, Sync, SyncContext } from '../../sync.ts';
import { required } from '../required.ts';
import { ec2Arn } from './arn.ts';

/** Internet gateways and the VPCs that they are attached to. */
export const ec2InternetGateway: Sync = {
  id: 'ec2:internet_gateway',
  scope: 'regional',
  records: ['cartography.aws.ec2.InternetGateway'],
  actions: ['ec2:DescribeInternetGateways'],
  async *collect(context) {
    const { EC2Client, paginateDescribeInternetGateways } = await import('@aws-sdk/client-ec2');
    const pages = paginateDescribeInternetGateways(
      { client: context.client(EC2Client), pageSize: 1000 },
      {},
      { abortSignal: context.signal },
    );
    for await (const page of pages) {
      for (const gateway of page.InternetGateways ?? []) yield gatewayRecord(context, gateway);
    }
  },
};

function gatewayRecord(context: SyncContext, gateway: InternetGateway): CollectedRecord {
  const gatewayId = required(gateway.InternetGatewayId, 'DescribeInternetGateways InternetGateways.InternetGatewayId');
  const ownerId = gateway.OwnerId ?? context.accountId;
  return {
    type: 'cartography.aws.ec2.InternetGateway',
    value: {
      InternetGatewayId: gatewayId,
      OwnerId: ownerId,
      Arn: ec2Arn({ ...context, accountId: ownerId }, 'internet-gateway', gatewayId),
      VpcIds: [...new Set((gateway.Attachments ?? []).flatMap(({ VpcId }) => VpcId ?? []))],
    },
  };
}
