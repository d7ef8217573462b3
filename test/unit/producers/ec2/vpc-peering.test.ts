import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ec2VpcPeering } from '../../../../producers/syncs/ec2/vpc-peering.ts';
import { collectAll } from '../../../support/collect.ts';

const connection = {
  VpcPeeringConnectionId: 'pcx-1',
  Status: { Code: 'active', Message: 'Active' },
  AccepterVpcInfo: {
    VpcId: 'vpc-2',
    OwnerId: '444455556666',
    Region: 'us-east-1',
    CidrBlockSet: [{ CidrBlock: '10.2.0.0/16' }, { CidrBlock: '10.2.0.0/16' }],
  },
  RequesterVpcInfo: {
    VpcId: 'vpc-1',
    OwnerId: '111122223333',
    Region: 'eu-west-1',
    CidrBlockSet: [{ CidrBlock: '10.1.0.0/16' }],
    PeeringOptions: {
      AllowDnsResolutionFromRemoteVpc: true,
      AllowEgressFromLocalClassicLinkToRemoteVpc: false,
      AllowEgressFromLocalVpcToRemoteClassicLink: false,
    },
  },
};

function collectPeerings(...pages: object[]) {
  return collectAll(ec2VpcPeering, { responses: { DescribeVpcPeeringConnections: pages } });
}

test('a connection yields itself and stubs of both ends, each with its own region and account', async () => {
  const { records } = await collectPeerings({ VpcPeeringConnections: [connection] });

  assert.deepEqual(records, [
    {
      type: 'cartography.aws.ec2.PeeringConnection',
      value: {
        VpcPeeringConnectionId: 'pcx-1',
        AllowDnsResolutionFromRemoteVpc: true,
        AllowEgressFromLocalClassicLinkToRemoteVpc: false,
        AllowEgressFromLocalVpcToRemoteClassicLink: false,
        RequesterRegion: 'eu-west-1',
        AccepterRegion: 'us-east-1',
        StatusCode: 'active',
        StatusMessage: 'Active',
        AccepterVpcId: 'vpc-2',
        RequesterVpcId: 'vpc-1',
        AccepterCidrBlockIds: ['vpc-2|10.2.0.0/16'],
        RequesterCidrBlockIds: ['vpc-1|10.1.0.0/16'],
      },
    },
    { type: 'cartography.aws.ec2.PeeringAccount', value: { OwnerId: '444455556666' } },
    {
      type: 'cartography.aws.ec2.PeeringVpc',
      value: { VpcId: 'vpc-2', Region: 'us-east-1', OwnerId: '444455556666' },
    },
    {
      type: 'cartography.aws.ec2.PeeringCidrBlock',
      value: { Id: 'vpc-2|10.2.0.0/16', VpcId: 'vpc-2', CidrBlock: '10.2.0.0/16' },
    },
    { type: 'cartography.aws.ec2.PeeringAccount', value: { OwnerId: '111122223333' } },
    {
      type: 'cartography.aws.ec2.PeeringVpc',
      value: { VpcId: 'vpc-1', Region: 'eu-west-1', OwnerId: '111122223333' },
    },
    {
      type: 'cartography.aws.ec2.PeeringCidrBlock',
      value: { Id: 'vpc-1|10.1.0.0/16', VpcId: 'vpc-1', CidrBlock: '10.1.0.0/16' },
    },
  ]);
});

test('a connection that says little takes nothing from a VPC that another page knows', async () => {
  const { of, calls } = await collectPeerings(
    { VpcPeeringConnections: [connection], NextToken: 'more' },
    { VpcPeeringConnections: [{ VpcPeeringConnectionId: 'pcx-2', AccepterVpcInfo: { VpcId: 'vpc-2' } }] },
  );

  assert.deepEqual(of('ec2.PeeringVpc'), [
    { VpcId: 'vpc-2', Region: 'us-east-1', OwnerId: '444455556666' },
    { VpcId: 'vpc-1', Region: 'eu-west-1', OwnerId: '111122223333' },
  ]);
  assert.equal(of('ec2.PeeringConnection')[1]?.['AccepterVpcId'], 'vpc-2');
  assert.equal(calls.length, 2);
});

test('a connection without ends yields itself alone', async () => {
  const { records } = await collectPeerings({ VpcPeeringConnections: [{ VpcPeeringConnectionId: 'pcx-1' }] });

  assert.deepEqual(
    records.map(({ type }) => type),
    ['cartography.aws.ec2.PeeringConnection'],
  );
  assert.deepEqual(records[0]?.value['AccepterCidrBlockIds'], []);
});

test('a connection without its id ends the scope with an error', async () => {
  await assert.rejects(collectPeerings({ VpcPeeringConnections: [{}] }), {
    code: 'CS_RECORD',
    message: /VpcPeeringConnections\.VpcPeeringConnectionId/,
  });
});
