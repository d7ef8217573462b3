import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NetworkInterface } from '@aws-sdk/client-ec2';
import { ec2NetworkInterface } from '../../../../producers/syncs/ec2/network-interface.ts';
import type { Responses } from '../../../support/collect.ts';
import { collectAll } from '../../../support/collect.ts';
import { awsError } from '../../../support/fake-aws.ts';

const collectInterfaces = (interfaces: NetworkInterface[], others: Responses = {}) =>
  collectAll(ec2NetworkInterface, {
    responses: { DescribeNetworkInterfaces: [{ NetworkInterfaces: interfaces }], ...others },
  });

const nothing = {
  Description: null,
  MacAddress: null,
  PrivateDnsName: null,
  PrivateIpAddress: null,
  Status: null,
  InterfaceType: null,
  PublicIp: null,
  RequesterId: null,
  RequesterManaged: null,
  SourceDestCheck: null,
  SubnetId: null,
  AttachTime: null,
  DeviceIndex: null,
  InstanceId: null,
  GroupIds: [],
  LoadBalancerArn: null,
};

test('an interface yields the fields that AWS gives, its private addresses, and stubs of its subnet and groups', async () => {
  const { records } = await collectInterfaces([
    {
      NetworkInterfaceId: 'eni-1',
      Description: 'büro',
      MacAddress: '02:42:ac:11:00:02',
      PrivateDnsName: 'ip-10-0-1-5.eu-west-1.compute.internal',
      PrivateIpAddress: '10.0.1.5',
      Status: 'in-use',
      InterfaceType: 'interface',
      Association: { PublicIp: '203.0.113.7', IpOwnerId: 'amazon' },
      RequesterId: 'AIDA1',
      RequesterManaged: false,
      SourceDestCheck: true,
      SubnetId: 'subnet-1',
      VpcId: 'vpc-1',
      OwnerId: '111122223333',
      Attachment: {
        AttachTime: new Date('2024-01-31T09:30:00.750Z'),
        DeviceIndex: 0,
        InstanceId: 'i-1',
        AttachmentId: 'eni-attach-1',
      },
      Groups: [{ GroupId: 'sg-1', GroupName: 'web' }, { GroupId: 'sg-1' }, {}, { GroupId: 'sg-2' }],
      PrivateIpAddresses: [
        {
          Primary: true,
          PrivateIpAddress: '10.0.1.5',
          Association: { PublicIp: '203.0.113.7', IpOwnerId: 'amazon' },
        },
        { Primary: false, PrivateIpAddress: '10.0.1.6' },
        { PrivateIpAddress: '10.0.1.7' },
        {},
      ],
    },
  ]);

  const address = { NetworkInterfaceId: 'eni-1', Primary: false, PublicIp: null, IpOwnerId: null };
  assert.deepEqual(records, [
    {
      type: 'cartography.aws.ec2.NetworkInterface',
      value: {
        NetworkInterfaceId: 'eni-1',
        Description: 'büro',
        MacAddress: '02:42:ac:11:00:02',
        PrivateDnsName: 'ip-10-0-1-5.eu-west-1.compute.internal',
        PrivateIpAddress: '10.0.1.5',
        Status: 'in-use',
        InterfaceType: 'interface',
        PublicIp: '203.0.113.7',
        RequesterId: 'AIDA1',
        RequesterManaged: false,
        SourceDestCheck: true,
        SubnetId: 'subnet-1',
        AttachTime: Date.parse('2024-01-31T09:30:00.750Z'),
        DeviceIndex: 0,
        InstanceId: 'i-1',
        GroupIds: ['sg-1', 'sg-2'],
        LoadBalancerArn: null,
      },
    },
    {
      type: 'cartography.aws.ec2.PrivateIp',
      value: {
        ...address,
        Id: 'eni-1:10.0.1.5',
        Primary: true,
        PrivateIpAddress: '10.0.1.5',
        PublicIp: '203.0.113.7',
        IpOwnerId: 'amazon',
      },
    },
    {
      type: 'cartography.aws.ec2.PrivateIp',
      value: { ...address, Id: 'eni-1:10.0.1.6', PrivateIpAddress: '10.0.1.6' },
    },
    {
      type: 'cartography.aws.ec2.PrivateIp',
      value: { ...address, Id: 'eni-1:10.0.1.7', PrivateIpAddress: '10.0.1.7', Primary: null },
    },
    { type: 'cartography.aws.ec2.NetworkInterfaceSubnet', value: { SubnetId: 'subnet-1' } },
    { type: 'cartography.aws.ec2.NetworkInterfaceSecurityGroup', value: { GroupId: 'sg-1' } },
    { type: 'cartography.aws.ec2.NetworkInterfaceSecurityGroup', value: { GroupId: 'sg-2' } },
  ]);
});

test('what AWS leaves out is null', async () => {
  const { records } = await collectInterfaces([{ NetworkInterfaceId: 'eni-1' }]);

  assert.deepEqual(records, [
    { type: 'cartography.aws.ec2.NetworkInterface', value: { NetworkInterfaceId: 'eni-1', ...nothing } },
  ]);
});

test('all pages are read, and a subnet or group that several interfaces share is told once', async () => {
  const { of, calls } = await collectAll(ec2NetworkInterface, {
    responses: {
      DescribeNetworkInterfaces: [
        {
          NetworkInterfaces: [{ NetworkInterfaceId: 'eni-1', SubnetId: 'subnet-1', Groups: [{ GroupId: 'sg-1' }] }],
          NextToken: 'more',
        },
        { NetworkInterfaces: [{ NetworkInterfaceId: 'eni-2', SubnetId: 'subnet-1', Groups: [{ GroupId: 'sg-1' }] }] },
      ],
    },
  });

  assert.deepEqual(
    of('ec2.NetworkInterface').map(({ NetworkInterfaceId }) => NetworkInterfaceId),
    ['eni-1', 'eni-2'],
  );
  assert.deepEqual(of('ec2.NetworkInterfaceSubnet'), [{ SubnetId: 'subnet-1' }]);
  assert.deepEqual(of('ec2.NetworkInterfaceSecurityGroup'), [{ GroupId: 'sg-1' }]);
  assert.deepEqual(
    calls.map(({ input }) => [input['MaxResults'], input['NextToken']]),
    [
      [1000, undefined],
      [1000, 'more'],
    ],
  );
});

test('the descriptions of application, network and gateway load balancers give ARNs, of the account that owns the interface', async () => {
  const described = (Description: string, OwnerId?: string) => ({
    NetworkInterfaceId: `eni-${Description}`,
    Description,
    ...(OwnerId === undefined ? {} : { OwnerId }),
  });
  const { of } = await collectAll(ec2NetworkInterface, {
    context: { partition: 'aws-cn', region: 'cn-north-1' },
    responses: {
      DescribeNetworkInterfaces: [
        {
          NetworkInterfaces: [
            described('ELB app/web/50dc6c495c0c9188'),
            described('ELB net/tcp/50dc6c495c0c9189', '444455556666'),
            described('ELB gwy/wall/50dc6c495c0c9190'),
            described('ELB app/web'),
            described('my ELB app/web/50dc6c495c0c9188'),
          ],
        },
      ],
    },
  });

  const arnOf = (account: string, resource: string) =>
    `arn:aws-cn:elasticloadbalancing:cn-north-1:${account}:loadbalancer/${resource}`;
  assert.deepEqual(
    of('ec2.NetworkInterface').map(({ LoadBalancerArn }) => LoadBalancerArn),
    [
      arnOf('111122223333', 'app/web/50dc6c495c0c9188'),
      arnOf('444455556666', 'net/tcp/50dc6c495c0c9189'),
      arnOf('111122223333', 'gwy/wall/50dc6c495c0c9190'),
      null,
      null,
    ],
  );
});

const classic = (id: string, name: string, OwnerId = '111122223333') => ({
  NetworkInterfaceId: id,
  Description: `ELB ${name}`,
  OwnerId,
});

test('a classic load balancer is found by name in one read of all pages, and only among the own ones', async () => {
  const { of, calls, withheld } = await collectInterfaces(
    [
      classic('eni-1', 'web'),
      classic('eni-2', 'api'),
      classic('eni-3', 'deleted'),
      classic('eni-4', 'web', '444455556666'),
    ],
    {
      DescribeLoadBalancers: [
        {
          LoadBalancerDescriptions: [{ LoadBalancerName: 'web', DNSName: 'web-1.eu-west-1.elb.amazonaws.com' }],
          NextMarker: 'more',
        },
        { LoadBalancerDescriptions: [{ LoadBalancerName: 'api', DNSName: 'api-2.eu-west-1.elb.amazonaws.com' }] },
      ],
    },
  );

  assert.deepEqual(of('ec2.NetworkInterfaceLoadBalancer'), [
    { NetworkInterfaceId: 'eni-1', DNSName: 'web-1.eu-west-1.elb.amazonaws.com' },
    { NetworkInterfaceId: 'eni-2', DNSName: 'api-2.eu-west-1.elb.amazonaws.com' },
  ]);
  assert.deepEqual(withheld, []);
  assert.deepEqual(
    calls.filter(({ operation }) => operation === 'DescribeLoadBalancers').map(({ input }) => input['Marker']),
    [undefined, 'more'],
  );
});

test('when load balancers may not be read, the interfaces are there and keep the classic ones that were known', async () => {
  const { of, withheld } = await collectInterfaces([classic('eni-1', 'web'), { NetworkInterfaceId: 'eni-2' }], {
    DescribeLoadBalancers: [awsError('AccessDenied')],
  });

  assert.equal(of('ec2.NetworkInterface').length, 2);
  assert.deepEqual(
    withheld.map(({ type, nodeId }) => [type, nodeId]),
    [['cartography.aws.ec2.NetworkInterfaceLoadBalancer', 'eni-1']],
  );
});

test('when interfaces may not be described, the scope ends with that', async () => {
  const collected = collectAll(ec2NetworkInterface, {
    responses: { DescribeNetworkInterfaces: [awsError('UnauthorizedOperation')] },
  });

  await assert.rejects(collected, { name: 'UnauthorizedOperation' });
});

test('an interface without its id ends the scope with an error', async () => {
  const collected = collectInterfaces([{ SubnetId: 'subnet-1' }]);

  await assert.rejects(collected, { code: 'CS_RECORD', message: /NetworkInterfaces\.NetworkInterfaceId/ });
});
