import type { Explanation, PropertyRule } from './explain.ts';

const yesOrNo = /true|false/;
const number = /-?\d+/;
const text = /".+"/;

/** What the reference leaves empty and is filled here. */
function filled(label: string, ours: Readonly<Record<string, RegExp>>): PropertyRule[] {
  return Object.entries(ours).map(([name, value]) => ({
    kind: 'property',
    label,
    name,
    reference: null,
    ours: value,
  }));
}

/** All that may differ from the reference's graph, by the row of docs/differences.md that gives the reason. */
export const explanations: readonly Explanation[] = [
  { row: '`AWSEC2Image.region`', rules: filled('AWSEC2Image', { region: text }) },
  { row: '`AWSEC2RouteTable.vpc_id`', rules: filled('AWSEC2RouteTable', { vpc_id: /"vpc-[0-9a-f]+"/ }) },
  {
    row: '`anonymous_actions`',
    rules: ['AWSS3Bucket', 'AWSKMSKey'].map((label) => ({
      kind: 'property',
      label,
      name: 'anonymous_actions',
      sameItems: true,
    })),
  },
  {
    row: '`AWSS3Bucket.anonymous_access`, `anonymous_actions`',
    rules: [
      ...filled('AWSS3Bucket', { anonymous_access: /true/, anonymous_actions: /\["s3:.*"\]/ }),
      { kind: 'property', label: 'AWSS3Bucket', name: 'anonymous_actions', moreItems: true },
    ],
  },
  {
    row: '`anonymous_actions` of a bucket that grants FULL_CONTROL',
    rules: [
      {
        kind: 'property',
        label: 'AWSS3Bucket',
        name: 'anonymous_actions',
        reference: /\[(?!.*"s3:GetBucketAcl").*"s3:PutBucketAcl".*\]/,
        ours: /\[.*"s3:GetBucketAcl".*"s3:PutBucketAcl".*\]/,
      },
    ],
  },
  {
    row: 'bookkeeping',
    rules: ['AWSRole', 'AWSUser'].flatMap((from) =>
      ['_sub_resource_id', '_sub_resource_label'].map((name) => ({
        kind: 'edge property',
        from,
        type: 'STS_ASSUMEROLE_ALLOW',
        to: 'AWSRole',
        name,
        ours: null,
      })),
    ),
  },
  {
    row: 'direction of `MATCHING_FINGERPRINT`',
    rules: (['reference', 'ours'] as const).map((only) => ({
      kind: 'edge',
      only,
      from: 'AWSEC2KeyPair',
      type: 'MATCHING_FINGERPRINT',
      to: 'AWSEC2KeyPair',
      turned: true,
    })),
  },
  { row: '`AWSUser._ont_lastactivity`', rules: filled('AWSUser', { _ont_lastactivity: text }) },
  {
    row: '`AWSKMSKey.id` of multi-Region keys',
    rules: [
      { kind: 'node', only: 'reference', label: 'AWSKMSKey', node: { id: /"mrk-[0-9a-f-]+"/ } },
      { kind: 'node', only: 'ours', label: 'AWSKMSKey', node: { id: /"arn:[^"]*:key\/mrk-[0-9a-f-]+"/ } },
    ],
  },
  {
    row: '`AWSEC2Route.id` of routes to prefix lists',
    rules: [
      { kind: 'node', only: 'reference', label: 'AWSEC2Route', node: { destination_prefix_list_id: /"pl-.*"/ } },
      { kind: 'node', only: 'ours', label: 'AWSEC2Route', node: { id: /"rtb-[^|]*\|pl-.*"/ } },
    ],
  },
  {
    row: '`AWSVpc` at the ends of peering connections',
    rules: filled('AWSVpc', {
      dhcp_options_id: text,
      instance_tenancy: text,
      is_default: yesOrNo,
      primary_cidr_block: text,
      state: text,
      _ont_cidr: text,
    }),
  },
  {
    row: '`HAS_LAUNCH_CONFIG`',
    rules: [
      {
        kind: 'edge',
        only: 'reference',
        from: 'AWSAutoScalingGroup',
        type: 'HAS_LAUNCH_CONFIG',
        to: 'AWSLaunchConfiguration',
      },
    ],
  },
  {
    row: '`HAS_LAUNCH_TEMPLATE` of groups with a mixed instances policy',
    rules: [
      {
        kind: 'edge',
        only: 'ours',
        from: 'AWSAutoScalingGroup',
        type: 'HAS_LAUNCH_TEMPLATE',
        to: 'AWSLaunchTemplate',
        fromNode: { launchconfigurationname: null },
      },
      ...filled('AWSAutoScalingGroup', {
        launchtemplateid: /"lt-.*"/,
        launchtemplatename: text,
        launchtemplateversion: text,
      }),
    ],
  },
  {
    row: '`SOURCE_SECURITY_GROUP` of `AWSLoadBalancer`',
    rules: [
      {
        kind: 'edge',
        only: 'reference',
        from: 'AWSLoadBalancer',
        type: 'SOURCE_SECURITY_GROUP',
        to: 'AWSEC2SecurityGroup',
      },
    ],
  },
  {
    row: '`AWSEC2Instance.hibernationoptions`',
    rules: filled('AWSEC2Instance', { hibernationoptions: yesOrNo }),
  },
  {
    row: 'launch templates and configurations: profile, monitoring, RAM disk',
    rules: [
      ...filled('AWSLaunchTemplateVersion', {
        iam_instance_profile_arn: /"arn:.*"/,
        iam_instance_profile_name: text,
        monitoring_enabled: yesOrNo,
        ramdisk_id: /"ari-.*"/,
        instance_initiated_shutdown_behavior: /"(stop|terminate)"/,
      }),
      ...filled('AWSLaunchConfiguration', { instance_monitoring_enabled: yesOrNo }),
    ],
  },
  {
    row: '`fromport`, `toport` of `AWSEC2NetworkAclRule`; `association_state_message` of `AWSEC2RouteTableAssociation`',
    rules: [
      ...filled('AWSEC2NetworkAclRule', { fromport: number, toport: number }),
      ...filled('AWSEC2RouteTableAssociation', { association_state_message: text }),
    ],
  },
  {
    row: '`AWSEC2Route.target`',
    rules: [
      {
        kind: 'property',
        label: 'AWSEC2Route',
        name: 'target',
        reference: /"[\d.:a-f]+\/\d+"/,
        ours: /"([a-z]+-[0-9a-f]+|local|arn:.*)"/,
      },
    ],
  },
  {
    row: '`PART_OF_SUBNET` of `AWSEC2NetworkAcl`, and `PROTECTS`',
    rules: [
      { kind: 'edge', only: 'ours', from: 'AWSEC2NetworkAcl', type: 'PART_OF_SUBNET', to: 'AWSEC2Subnet' },
      { kind: 'edge', only: 'ours', from: 'AWSEC2NetworkAcl', type: 'PROTECTS', to: 'AWSLoadBalancerV2' },
    ],
  },
  {
    row: '`origin`, `destination_ipv6_cidr_block` of `AWSTransitGatewayRoute`',
    rules: filled('AWSTransitGatewayRoute', {
      origin: /"(static|propagated)"/,
      destination_ipv6_cidr_block: /"[0-9a-f:]+\/\d+"/,
    }),
  },
  {
    row: '`AWSELBV2Listener.targetgrouparn`',
    rules: filled('AWSELBV2Listener', { targetgrouparn: /"arn:[^"]*:targetgroup\/.*"/ }),
  },
];
