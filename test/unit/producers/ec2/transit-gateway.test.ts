import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ec2TransitGateway } from '../../../../producers/syncs/ec2/transit-gateway.ts';
import { collectAll } from '../../../support/collect.ts';

function gateway(id: string, owner: string) {
  const arn = `arn:aws:ec2:eu-west-1:${owner}:transit-gateway/${id}`;
  return { TransitGatewayId: id, TransitGatewayArn: arn, OwnerId: owner, State: 'available', Description: 'büro' };
}

test('own and shared transit gateways, attachments and VPC attachments of all pages are read', async () => {
  const { of } = await collectAll(ec2TransitGateway, {
    responses: {
      DescribeTransitGateways: [
        { TransitGateways: [gateway('tgw-1', '111122223333')], NextToken: 'more' },
        { TransitGateways: [gateway('tgw-2', '444455556666')] },
      ],
      DescribeTransitGatewayAttachments: [
        {
          TransitGatewayAttachments: [
            {
              TransitGatewayAttachmentId: 'tgw-attach-1',
              TransitGatewayId: 'tgw-1',
              ResourceType: 'vpc',
              ResourceId: 'vpc-1',
              State: 'available',
            },
          ],
          NextToken: 'more',
        },
        { TransitGatewayAttachments: [{ TransitGatewayAttachmentId: 'tgw-attach-2' }] },
      ],
      DescribeTransitGatewayVpcAttachments: [
        {
          TransitGatewayVpcAttachments: [
            {
              TransitGatewayAttachmentId: 'tgw-attach-1',
              TransitGatewayId: 'tgw-1',
              VpcId: 'vpc-1',
              SubnetIds: ['subnet-1', 'subnet-2'],
              State: 'available',
            },
          ],
          NextToken: 'more',
        },
        { TransitGatewayVpcAttachments: [{ TransitGatewayAttachmentId: 'tgw-attach-3' }] },
      ],
    },
  });

  assert.deepEqual(of('ec2.TransitGateway'), [
    {
      TransitGatewayArn: 'arn:aws:ec2:eu-west-1:111122223333:transit-gateway/tgw-1',
      TransitGatewayId: 'tgw-1',
      OwnerId: '111122223333',
      SharedWithAccountId: null,
      State: 'available',
      Description: 'büro',
    },
    {
      TransitGatewayArn: 'arn:aws:ec2:eu-west-1:444455556666:transit-gateway/tgw-2',
      TransitGatewayId: 'tgw-2',
      OwnerId: '444455556666',
      SharedWithAccountId: '111122223333',
      State: 'available',
      Description: 'büro',
    },
  ]);
  assert.deepEqual(of('ec2.TransitGatewayAttachment'), [
    {
      TransitGatewayAttachmentId: 'tgw-attach-1',
      TransitGatewayId: 'tgw-1',
      ResourceType: 'vpc',
      State: 'available',
    },
    { TransitGatewayAttachmentId: 'tgw-attach-2', TransitGatewayId: null, ResourceType: null, State: null },
  ]);
  assert.deepEqual(of('ec2.TransitGatewayVpcAttachment'), [
    {
      TransitGatewayAttachmentId: 'tgw-attach-1',
      TransitGatewayId: 'tgw-1',
      State: 'available',
      VpcId: 'vpc-1',
      SubnetIds: ['subnet-1', 'subnet-2'],
    },
    {
      TransitGatewayAttachmentId: 'tgw-attach-3',
      TransitGatewayId: null,
      State: null,
      VpcId: null,
      SubnetIds: [],
    },
  ]);
});

test('attachments that may not be read end the scope, so that none is deleted', async () => {
  const denied = Object.assign(new Error('You are not authorized'), { name: 'UnauthorizedOperation' });
  const collected = collectAll(ec2TransitGateway, {
    responses: { DescribeTransitGateways: [{}], DescribeTransitGatewayAttachments: [denied] },
  });

  await assert.rejects(collected, (error) => error === denied);
});

test('a transit gateway without its ARN ends the scope with an error', async () => {
  const collected = collectAll(ec2TransitGateway, {
    responses: { DescribeTransitGateways: [{ TransitGateways: [{ TransitGatewayId: 'tgw-1' }] }] },
  });

  await assert.rejects(collected, { code: 'CS_RECORD', message: /TransitGateways\.TransitGatewayArn/ });
});
