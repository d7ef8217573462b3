import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ec2AutoScalingGroup } from '../../../../producers/syncs/ec2/auto-scaling-group.ts';
import type { Responses } from '../../../support/collect.ts';
import { collectAll } from '../../../support/collect.ts';
import { awsError } from '../../../support/fake-aws.ts';

const arnOf = (name: string) =>
  `arn:aws:autoscaling:eu-west-1:111122223333:autoScalingGroup:uuid:autoScalingGroupName/${name}`;
const configurationArn = (name: string) =>
  `arn:aws:autoscaling:eu-west-1:111122223333:launchConfiguration:uuid:launchConfigurationName/${name}`;

/** A region with neither groups nor configurations, unless given. */
const region = (given: Responses = {}): Responses => ({
  DescribeLaunchConfigurations: () => ({}),
  DescribeAutoScalingGroups: () => ({}),
  ...given,
});

const group = {
  AutoScalingGroupARN: arnOf('größe'),
  AutoScalingGroupName: 'größe',
  CapacityRebalance: true,
  CreatedTime: new Date('2024-01-31T09:30:00.750Z'),
  DefaultCooldown: 300,
  DesiredCapacity: 2,
  HealthCheckGracePeriod: 60,
  HealthCheckType: 'EC2,ELB',
  LaunchConfigurationName: 'old',
  MaxInstanceLifetime: 604_800,
  MaxSize: 3,
  MinSize: 0,
  NewInstancesProtectedFromScaleIn: false,
  Status: 'Delete in progress',
};
const groupNothing = {
  ...Object.fromEntries(Object.keys(group).map((name) => [name, null])),
  LaunchTemplateName: null,
  LaunchTemplateId: null,
  LaunchTemplateVersion: null,
  LaunchTemplateIds: [],
  LaunchConfigurationArn: null,
  SubnetIds: [],
};

const configuration = {
  LaunchConfigurationARN: configurationArn('old'),
  LaunchConfigurationName: 'old',
  ImageId: 'ami-1',
  KeyName: 'laptop',
  SecurityGroups: ['sg-1', 'sg-2'],
  InstanceType: 't3.micro',
  KernelId: '',
  RamdiskId: '',
  SpotPrice: '0.05',
  IamInstanceProfile: 'web',
  EbsOptimized: true,
  AssociatePublicIpAddress: false,
  PlacementTenancy: 'dedicated',
};

test('a launch configuration yields the fields that AWS gives, but never user data', async () => {
  const LaunchConfigurations = [
    {
      ...configuration,
      InstanceMonitoring: { Enabled: true },
      UserData: 'c2VjcmV0',
      BlockDeviceMappings: [],
      CreatedTime: new Date(0),
    },
    { LaunchConfigurationARN: configurationArn('bare') },
  ];
  const { records } = await collectAll(ec2AutoScalingGroup, {
    responses: region({ DescribeLaunchConfigurations: [{ LaunchConfigurations }] }),
  });

  const type = 'cartography.aws.ec2.LaunchConfiguration';
  const nothing = Object.fromEntries(Object.keys(configuration).map((name) => [name, null]));
  assert.deepEqual(records, [
    { type, value: { ...configuration, InstanceMonitoringEnabled: true } },
    { type, value: { ...nothing, LaunchConfigurationARN: configurationArn('bare'), InstanceMonitoringEnabled: null } },
  ]);
});

test('a group yields the fields that AWS gives, its instances and subnets, and the launch configuration of its name', async () => {
  const { records } = await collectAll(ec2AutoScalingGroup, {
    responses: region({
      DescribeLaunchConfigurations: [
        {
          LaunchConfigurations: ['other', 'old'].map((name) => ({
            LaunchConfigurationName: name,
            LaunchConfigurationARN: configurationArn(name),
          })),
        },
      ],
      DescribeAutoScalingGroups: [
        {
          AutoScalingGroups: [
            {
              ...group,
              VPCZoneIdentifier: 'subnet-1, subnet-2,subnet-1',
              Instances: [{ InstanceId: 'i-1', LifecycleState: 'InService' }, { InstanceId: 'i-2' }],
              Tags: [],
            },
          ],
        },
      ],
    }),
  });

  assert.deepEqual(
    records.filter(({ type }) => type !== 'cartography.aws.ec2.LaunchConfiguration'),
    [
      {
        type: 'cartography.aws.ec2.AutoScalingGroup',
        value: {
          ...groupNothing,
          ...group,
          CreatedTime: '2024-01-31 09:30:00.750000+00:00',
          LaunchConfigurationArn: configurationArn('old'),
          SubnetIds: ['subnet-1', 'subnet-2'],
        },
      },
      { type: 'cartography.aws.ec2.AutoScalingSubnet', value: { SubnetId: 'subnet-1' } },
      { type: 'cartography.aws.ec2.AutoScalingSubnet', value: { SubnetId: 'subnet-2' } },
      {
        type: 'cartography.aws.ec2.AutoScalingInstance',
        value: { InstanceId: 'i-1', AutoScalingGroupARN: arnOf('größe') },
      },
      {
        type: 'cartography.aws.ec2.AutoScalingInstance',
        value: { InstanceId: 'i-2', AutoScalingGroupARN: arnOf('größe') },
      },
    ],
  );
});

test('what AWS leaves out is null, and a group without subnets and instances has none', async () => {
  const { records } = await collectAll(ec2AutoScalingGroup, {
    responses: region({
      DescribeAutoScalingGroups: [
        { AutoScalingGroups: [{ AutoScalingGroupARN: arnOf('bare'), VPCZoneIdentifier: '' }] },
      ],
    }),
  });

  assert.deepEqual(records, [
    {
      type: 'cartography.aws.ec2.AutoScalingGroup',
      value: { ...groupNothing, AutoScalingGroupARN: arnOf('bare') },
    },
  ]);
});

test("the launch template is the group's own or that of its mixed instances policy, with the ones that override it", async () => {
  const specified = (id: string) => ({ LaunchTemplateId: id, LaunchTemplateName: `name of ${id}`, Version: '$Latest' });
  const MixedInstancesPolicy = {
    LaunchTemplate: {
      LaunchTemplateSpecification: specified('lt-2'),
      Overrides: [
        { InstanceType: 'm5.large' },
        { InstanceType: 'm6g.large', LaunchTemplateSpecification: specified('lt-3') },
        { InstanceType: 'm7g.large', LaunchTemplateSpecification: specified('lt-3') },
      ],
    },
  };
  const { of } = await collectAll(ec2AutoScalingGroup, {
    responses: region({
      DescribeAutoScalingGroups: [
        {
          AutoScalingGroups: [
            { AutoScalingGroupARN: arnOf('own'), LaunchTemplate: specified('lt-1') },
            { AutoScalingGroupARN: arnOf('mixed'), MixedInstancesPolicy },
          ],
        },
      ],
    }),
  });

  assert.deepEqual(
    of('ec2.AutoScalingGroup').map((one) => [
      one['LaunchTemplateId'],
      one['LaunchTemplateName'],
      one['LaunchTemplateVersion'],
      one['LaunchTemplateIds'],
    ]),
    [
      ['lt-1', 'name of lt-1', '$Latest', ['lt-1']],
      ['lt-2', 'name of lt-2', '$Latest', ['lt-2', 'lt-3']],
    ],
  );
});

test('all pages are read, and a subnet that several groups share is told once', async () => {
  const { of, calls } = await collectAll(ec2AutoScalingGroup, {
    responses: {
      DescribeLaunchConfigurations: [
        { LaunchConfigurations: [{ LaunchConfigurationARN: configurationArn('a') }], NextToken: 'more' },
        { LaunchConfigurations: [{ LaunchConfigurationARN: configurationArn('b') }] },
      ],
      DescribeAutoScalingGroups: [
        {
          AutoScalingGroups: [{ AutoScalingGroupARN: arnOf('a'), VPCZoneIdentifier: 'subnet-1' }],
          NextToken: 'more',
        },
        { AutoScalingGroups: [{ AutoScalingGroupARN: arnOf('b'), VPCZoneIdentifier: 'subnet-1' }] },
      ],
    },
  });

  assert.equal(of('ec2.LaunchConfiguration').length, 2);
  assert.equal(of('ec2.AutoScalingGroup').length, 2);
  assert.deepEqual(of('ec2.AutoScalingSubnet'), [{ SubnetId: 'subnet-1' }]);
  assert.ok(calls.every(({ input }) => input['MaxRecords'] === 100));
});

for (const operation of ['DescribeLaunchConfigurations', 'DescribeAutoScalingGroups']) {
  test(`when ${operation} is denied, the scope ends with that`, async () => {
    const collected = collectAll(ec2AutoScalingGroup, {
      responses: region({ [operation]: [awsError('AccessDenied')] }),
    });

    await assert.rejects(collected, { name: 'AccessDenied' });
  });
}

const incomplete: [string, Responses, RegExp][] = [
  [
    'a configuration without its ARN',
    { DescribeLaunchConfigurations: [{ LaunchConfigurations: [{ LaunchConfigurationName: 'x' }] }] },
    /LaunchConfigurationARN/,
  ],
  [
    'a group without its ARN',
    { DescribeAutoScalingGroups: [{ AutoScalingGroups: [{ AutoScalingGroupName: 'x' }] }] },
    /AutoScalingGroupARN/,
  ],
  [
    'an instance without its id',
    { DescribeAutoScalingGroups: [{ AutoScalingGroups: [{ AutoScalingGroupARN: arnOf('x'), Instances: [{}] }] }] },
    /Instances\.InstanceId/,
  ],
];
for (const [what, given, message] of incomplete) {
  test(`${what} ends the scope with an error`, async () => {
    await assert.rejects(collectAll(ec2AutoScalingGroup, { responses: region(given) }), { code: 'CS_RECORD', message });
  });
}
