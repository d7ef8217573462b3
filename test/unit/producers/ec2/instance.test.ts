import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Instance } from '@aws-sdk/client-ec2';
import { ec2Instance } from '../../../../producers/syncs/ec2/instance.ts';
import type { Responses } from '../../../support/collect.ts';
import { collectAll } from '../../../support/collect.ts';

const collectInstances = (instances: Instance[], more: Responses = {}) =>
  collectAll(ec2Instance, {
    responses: {
      DescribeInstances: [{ Reservations: [{ ReservationId: 'r-1', OwnerId: '111122223333', Instances: instances }] }],
      ...more,
    },
  });

const complete: Instance = {
  InstanceId: 'i-1',
  PublicDnsName: '',
  PrivateIpAddress: '10.0.1.10',
  PublicIpAddress: '203.0.113.10',
  ImageId: 'ami-1',
  InstanceType: 't3.micro',
  IamInstanceProfile: { Arn: 'arn:aws:iam::111122223333:instance-profile/app/web', Id: 'AIPA1' },
  Monitoring: { State: 'disabled' },
  LaunchTime: new Date('2024-01-01T00:00:00.750Z'),
  State: { Code: 16, Name: 'running' },
  Placement: { AvailabilityZone: 'eu-west-1a', Tenancy: 'default', GroupName: '' },
  Architecture: 'x86_64',
  EbsOptimized: false,
  BootMode: 'uefi',
  InstanceLifecycle: 'spot',
  HibernationOptions: { Configured: false },
  MetadataOptions: {
    State: 'applied',
    HttpTokens: 'required',
    HttpPutResponseHopLimit: 2,
    HttpEndpoint: 'enabled',
    HttpProtocolIpv6: 'disabled',
    InstanceMetadataTags: 'disabled',
  },
  SubnetId: 'subnet-1',
  VpcId: 'vpc-1',
  SecurityGroups: [
    { GroupId: 'sg-1', GroupName: 'web' },
    { GroupId: 'sg-2', GroupName: 'ssh' },
  ],
  KeyName: 'schlüssel ops',
  Tags: [
    { Key: 'Name', Value: '東京-web' },
    { Key: 'kubernetes.io/cluster/prod', Value: 'owned' },
  ],
  NetworkInterfaces: [
    {
      NetworkInterfaceId: 'eni-1',
      Status: 'in-use',
      MacAddress: '02:00:00:00:00:01',
      Description: '',
      PrivateDnsName: 'ip-10-0-1-10.ec2.internal',
      PrivateIpAddress: '10.0.1.10',
      SubnetId: 'subnet-1',
      Attachment: { DeviceIndex: 0 },
      Groups: [{ GroupId: 'sg-1' }, { GroupId: 'sg-2' }],
      Ipv6Addresses: [{ Ipv6Address: '2001:db8::1' }, { Ipv6Address: '2001:db8::2', IsPrimaryIpv6: true }],
    },
  ],
  BlockDeviceMappings: [
    { DeviceName: '/dev/xvda', Ebs: { VolumeId: 'vol-1', DeleteOnTermination: true, Status: 'attached' } },
  ],
};

const profiles: Responses = {
  ListInstanceProfiles: [
    {
      InstanceProfiles: [{ Arn: 'arn:aws:iam::111122223333:instance-profile/other', Roles: [] }],
      IsTruncated: true,
      Marker: 'more',
    },
    {
      InstanceProfiles: [
        {
          Arn: 'arn:aws:iam::111122223333:instance-profile/app/web',
          Roles: [{ Arn: 'arn:aws:iam::111122223333:role/web' }],
        },
      ],
      IsTruncated: false,
    },
  ],
};

test('an instance yields itself, its reservation, what is attached to it, stubs of what it uses, and its roles', async () => {
  const { records, withheld } = await collectInstances([complete], profiles);

  assert.deepEqual(records, [
    {
      type: 'cartography.aws.ec2.Reservation',
      value: { ReservationId: 'r-1', OwnerId: '111122223333', RequesterId: null },
    },
    {
      type: 'cartography.aws.ec2.Instance',
      value: {
        InstanceId: 'i-1',
        Arn: 'arn:aws:ec2:eu-west-1:111122223333:instance/i-1',
        ReservationId: 'r-1',
        PublicDnsName: '',
        PrivateIpAddress: '10.0.1.10',
        PublicIpAddress: '203.0.113.10',
        IPv6Address: '2001:db8::2',
        ImageId: 'ami-1',
        InstanceType: 't3.micro',
        MonitoringState: 'disabled',
        State: 'running',
        LaunchTime: 1_704_067_200_750,
        LaunchTimeUnix: '1704067200.0',
        IamInstanceProfile: 'arn:aws:iam::111122223333:instance-profile/app/web',
        AvailabilityZone: 'eu-west-1a',
        Tenancy: 'default',
        HostResourceGroupArn: null,
        Platform: null,
        Architecture: 'x86_64',
        EbsOptimized: false,
        BootMode: 'uefi',
        InstanceLifecycle: 'spot',
        HibernationOption: false,
        MetadataHttpTokens: 'required',
        MetadataHttpPutResponseHopLimit: 2,
        MetadataHttpEndpoint: 'enabled',
        MetadataHttpProtocolIpv6: 'disabled',
        MetadataInstanceTags: 'disabled',
        ImdsAccessMode: 'v2_only',
        ImdsV1Enabled: false,
        ImdsV2Required: true,
        EksClusterName: 'prod',
        SubnetId: 'subnet-1',
        SecurityGroupIds: ['sg-1', 'sg-2'],
        KeyPairArn: 'arn:aws:ec2:eu-west-1:111122223333:key-pair/schlüssel ops',
        VolumeIds: ['vol-1'],
      },
    },
    { type: 'cartography.aws.ec2.InstanceSubnet', value: { SubnetId: 'subnet-1' } },
    { type: 'cartography.aws.ec2.InstanceSecurityGroup', value: { GroupId: 'sg-1' } },
    { type: 'cartography.aws.ec2.InstanceSecurityGroup', value: { GroupId: 'sg-2' } },
    {
      type: 'cartography.aws.ec2.InstanceKeyPair',
      value: { KeyPairArn: 'arn:aws:ec2:eu-west-1:111122223333:key-pair/schlüssel ops', KeyName: 'schlüssel ops' },
    },
    {
      type: 'cartography.aws.ec2.InstanceNetworkInterface',
      value: {
        NetworkInterfaceId: 'eni-1',
        Status: 'in-use',
        MacAddress: '02:00:00:00:00:01',
        Description: '',
        PrivateDnsName: 'ip-10-0-1-10.ec2.internal',
        PrivateIpAddress: '10.0.1.10',
        InstanceId: 'i-1',
        SubnetId: 'subnet-1',
        GroupIds: ['sg-1', 'sg-2'],
      },
    },
    {
      type: 'cartography.aws.ec2.Ipv6Address',
      value: { Ipv6Address: '2001:db8::1', NetworkInterfaceId: 'eni-1', IsPrimaryIpv6: false },
    },
    {
      type: 'cartography.aws.ec2.Ipv6Address',
      value: { Ipv6Address: '2001:db8::2', NetworkInterfaceId: 'eni-1', IsPrimaryIpv6: true },
    },
    {
      type: 'cartography.aws.ec2.InstanceVolume',
      value: { VolumeId: 'vol-1', Arn: 'arn:aws:ec2:eu-west-1:111122223333:volume/vol-1', DeleteOnTermination: true },
    },
    {
      type: 'cartography.aws.ec2.InstanceRole',
      value: {
        InstanceId: 'i-1',
        AssumedRoleArns: ['arn:aws:iam::111122223333:role/web'],
        SubResourceLabel: 'AWSAccount',
      },
    },
  ]);
  assert.deepEqual(withheld, []);
});

test('a terminated instance without network, key or volumes yields nulls and empty lists, and no IAM read', async () => {
  const { records, calls } = await collectInstances([
    {
      InstanceId: 'i-1',
      State: { Name: 'terminated' },
      NetworkInterfaces: [],
      SecurityGroups: [],
      BlockDeviceMappings: [],
    },
  ]);

  assert.deepEqual(
    records.map(({ type }) => type),
    ['cartography.aws.ec2.Reservation', 'cartography.aws.ec2.Instance'],
  );
  const { InstanceId, Arn, ReservationId, State, SecurityGroupIds, VolumeIds, ...rest } = records[1]!.value;
  assert.deepEqual(
    [InstanceId, Arn, ReservationId, State, SecurityGroupIds, VolumeIds],
    ['i-1', 'arn:aws:ec2:eu-west-1:111122223333:instance/i-1', 'r-1', 'terminated', [], []],
  );
  assert.deepEqual(new Set(Object.values(rest)), new Set([null]));
  assert.deepEqual(
    calls.map(({ operation }) => operation),
    ['DescribeInstances'],
  );
});

test('what many instances on many pages share is emitted once', async () => {
  const page = (reservation: string, ...ids: string[]) => ({
    Reservations: [
      {
        ReservationId: reservation,
        OwnerId: '111122223333',
        Instances: ids.map((InstanceId) => ({
          InstanceId,
          SubnetId: 'subnet-1',
          KeyName: 'ops',
          SecurityGroups: [{ GroupId: 'sg-1' }],
        })),
      },
    ],
  });
  const { of, calls } = await collectAll(ec2Instance, {
    responses: { DescribeInstances: [{ ...page('r-1', 'i-1', 'i-2'), NextToken: 'more' }, page('r-2', 'i-3')] },
  });

  assert.deepEqual(
    of('ec2.Instance').map((one) => [
      one['InstanceId'],
      one['ReservationId'],
      one['SubnetId'],
      one['KeyPairArn'],
      one['SecurityGroupIds'],
    ]),
    [
      ['i-1', 'r-1', 'subnet-1', 'arn:aws:ec2:eu-west-1:111122223333:key-pair/ops', ['sg-1']],
      ['i-2', 'r-1', 'subnet-1', 'arn:aws:ec2:eu-west-1:111122223333:key-pair/ops', ['sg-1']],
      ['i-3', 'r-2', 'subnet-1', 'arn:aws:ec2:eu-west-1:111122223333:key-pair/ops', ['sg-1']],
    ],
  );
  assert.equal(of('ec2.InstanceSubnet').length, 1);
  assert.equal(of('ec2.InstanceSecurityGroup').length, 1);
  assert.equal(of('ec2.InstanceKeyPair').length, 1);
  assert.deepEqual(
    calls.map(({ input }) => [input['MaxResults'], input['NextToken']]),
    [
      [1000, undefined],
      [1000, 'more'],
    ],
  );
});

test('a volume that is attached to two instances is named by both', async () => {
  const disk = {
    BlockDeviceMappings: [{ DeviceName: '/dev/sdf', Ebs: { VolumeId: 'vol-shared', DeleteOnTermination: false } }],
  };
  const { of } = await collectInstances([
    { InstanceId: 'i-1', ...disk },
    { InstanceId: 'i-2', ...disk },
  ]);

  assert.deepEqual(
    of('ec2.Instance').map((one) => one['VolumeIds']),
    [['vol-shared'], ['vol-shared']],
  );
});

test('a mapping without a volume (an instance store) makes no volume', async () => {
  const { of } = await collectInstances([
    {
      InstanceId: 'i-1',
      BlockDeviceMappings: [{ DeviceName: '/dev/sdb' }, { DeviceName: '/dev/sdc', Ebs: { Status: 'attaching' } }],
    },
  ]);

  assert.deepEqual(of('ec2.InstanceVolume'), []);
  assert.deepEqual(
    of('ec2.Instance').map((one) => one['VolumeIds']),
    [[]],
  );
});

test('a secondary interface is placed in the subnet of its instance', async () => {
  const { of } = await collectInstances([
    {
      InstanceId: 'i-1',
      SubnetId: 'subnet-1',
      NetworkInterfaces: [{ NetworkInterfaceId: 'eni-2', SubnetId: 'subnet-2', Groups: [{ GroupId: 'sg-9' }] }],
    },
  ]);

  assert.deepEqual(
    of('ec2.InstanceNetworkInterface').map((one) => [one['SubnetId'], one['GroupIds']]),
    [['subnet-1', ['sg-9']]],
  );
  assert.deepEqual(of('ec2.InstanceSecurityGroup'), []);
});
