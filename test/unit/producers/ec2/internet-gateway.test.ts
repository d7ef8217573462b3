import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ec2InternetGateway } from '../../../../producers/syncs/ec2/internet-gateway.ts';
import { collectAll } from '../../../support/collect.ts';

test('an internet gateway yields its owner, its ARN and its VPC; all pages are read', async () => {
  const { records, calls } = await collectAll(ec2InternetGateway, {
    responses: {
      DescribeInternetGateways: [
        {
          InternetGateways: [
            {
              InternetGatewayId: 'igw-1',
              OwnerId: '444455556666',
              Attachments: [
                { State: 'available', VpcId: 'vpc-1' },
                { State: 'available', VpcId: 'vpc-1' },
              ],
            },
          ],
          NextToken: 'more',
        },
        { InternetGateways: [{ InternetGatewayId: 'igw-2' }] },
      ],
    },
    context: { partition: 'aws-cn', region: 'cn-north-1' },
  });

  assert.deepEqual(records, [
    {
      type: 'cartography.aws.ec2.InternetGateway',
      value: {
        InternetGatewayId: 'igw-1',
        OwnerId: '444455556666',
        Arn: 'arn:aws-cn:ec2:cn-north-1:444455556666:internet-gateway/igw-1',
        VpcIds: ['vpc-1'],
      },
    },
    {
      type: 'cartography.aws.ec2.InternetGateway',
      value: {
        InternetGatewayId: 'igw-2',
        OwnerId: '111122223333',
        Arn: 'arn:aws-cn:ec2:cn-north-1:111122223333:internet-gateway/igw-2',
        VpcIds: [],
      },
    },
  ]);
  assert.deepEqual(
    calls.map(({ input }) => input['NextToken']),
    [undefined, 'more'],
  );
});

test('an internet gateway without its id ends the scope with an error', async () => {
  const collected = collectAll(ec2InternetGateway, {
    responses: { DescribeInternetGateways: [{ InternetGateways: [{ OwnerId: '111122223333' }] }] },
  });

  await assert.rejects(collected, { code: 'CS_RECORD', message: /InternetGateways\.InternetGatewayId/ });
});
