import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ec2VpcEndpoint } from '../../../../producers/syncs/ec2/vpc-endpoint.ts';
import { collectAll } from '../../../support/collect.ts';

const endpoint = {
  VpcEndpointId: 'vpce-1',
  VpcEndpointType: 'Interface',
  VpcId: 'vpc-1',
  ServiceName: 'com.amazonaws.eu-west-1.kms',
  ServiceRegion: 'eu-west-1',
  State: 'available',
  PolicyDocument: '{"Statement": []}',
  RouteTableIds: [],
  SubnetIds: ['subnet-1', 'subnet-2'],
  Groups: [{ GroupId: 'sg-1', GroupName: 'endpoints' }],
  IpAddressType: 'ipv4',
  PrivateDnsEnabled: true,
  RequesterManaged: false,
  NetworkInterfaceIds: ['eni-1'],
  DnsEntries: [{ HostedZoneId: 'Z1', DnsName: 'vpce-1.kms.eu-west-1.vpce.amazonaws.com' }, { DnsName: 'kms' }],
  CreationTimestamp: new Date('2024-01-31T09:30:00.250Z'),
  OwnerId: '111122223333',
};

test('an endpoint yields itself and stubs of what it uses', async () => {
  const { records } = await collectAll(ec2VpcEndpoint, {
    responses: { DescribeVpcEndpoints: [{ VpcEndpoints: [endpoint] }] },
  });

  assert.deepEqual(records, [
    {
      type: 'cartography.aws.ec2.VpcEndpoint',
      value: {
        VpcEndpointId: 'vpce-1',
        VpcId: 'vpc-1',
        ServiceName: 'com.amazonaws.eu-west-1.kms',
        ServiceRegion: 'eu-west-1',
        VpcEndpointType: 'Interface',
        State: 'available',
        PolicyDocument: '{"Statement": []}',
        RouteTableIds: [],
        SubnetIds: ['subnet-1', 'subnet-2'],
        GroupIds: ['sg-1'],
        NetworkInterfaceIds: ['eni-1'],
        DnsEntries:
          '[{"DnsName": "vpce-1.kms.eu-west-1.vpce.amazonaws.com", "HostedZoneId": "Z1"}, {"DnsName": "kms"}]',
        PrivateDnsEnabled: true,
        RequesterManaged: false,
        IpAddressType: 'ipv4',
        OwnerId: '111122223333',
        CreationTimestamp: '2024-01-31T09:30:00.250000+00:00',
      },
    },
    { type: 'cartography.aws.ec2.VpcEndpointSubnet', value: { SubnetId: 'subnet-1' } },
    { type: 'cartography.aws.ec2.VpcEndpointSubnet', value: { SubnetId: 'subnet-2' } },
    { type: 'cartography.aws.ec2.VpcEndpointSecurityGroup', value: { GroupId: 'sg-1' } },
  ]);
});

test('endpoints of all pages are read, and the route table that two share has one stub', async () => {
  const { records, calls } = await collectAll(ec2VpcEndpoint, {
    responses: {
      DescribeVpcEndpoints: [
        { VpcEndpoints: [{ VpcEndpointId: 'vpce-1', RouteTableIds: ['rtb-1'] }], NextToken: 'more' },
        {
          VpcEndpoints: [{ VpcEndpointId: 'vpce-2', RouteTableIds: ['rtb-1', 'rtb-1'], DnsEntries: [], Groups: [{}] }],
        },
      ],
    },
  });

  assert.deepEqual(
    records.map(({ type, value }) => [type, value['RouteTableIds'] ?? value['RouteTableId']]),
    [
      ['cartography.aws.ec2.VpcEndpoint', ['rtb-1']],
      ['cartography.aws.ec2.VpcEndpointRouteTable', 'rtb-1'],
      ['cartography.aws.ec2.VpcEndpoint', ['rtb-1']],
    ],
  );
  const { DnsEntries, CreationTimestamp, GroupIds } = records[2]!.value;
  assert.deepEqual([DnsEntries, CreationTimestamp, GroupIds], [null, null, []]);
  assert.equal(calls.length, 2);
});

test('an endpoint without its id ends the scope with an error', async () => {
  const collected = collectAll(ec2VpcEndpoint, { responses: { DescribeVpcEndpoints: [{ VpcEndpoints: [{}] }] } });

  await assert.rejects(collected, { code: 'CS_RECORD', message: /VpcEndpoints\.VpcEndpointId/ });
});
