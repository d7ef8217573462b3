import type { Alignment } from './align-ids.ts';
import type { PropertyDifference } from './compare.ts';
import {
  type EdgePropertyRule,
  type EdgeRule,
  type Explanation,
  hasShape,
  type NodeRule,
  type PropertyRule,
  type Shape,
} from './explain.ts';
import type { DumpedNode } from './graph-dump.ts';

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

/** Region and account of an ARN. */
function placeOf({ id }: DumpedNode): string {
  return id.split(':').slice(3, 5).join(':');
}

/** The items that only our list has. */
function addedItems({ reference, ours }: PropertyDifference): string[] {
  const [left, right] = [reference, ours].map((list) => JSON.parse(list!) as string[]);
  return right!.filter((item) => !left!.includes(item));
}

/** The reference's id of a route to a prefix list: the table and what the route leads to. */
function referenceRouteId({ properties }: DumpedNode): string {
  const ways = [
    'gateway_id',
    'nat_gateway_id',
    'transit_gateway_id',
    'network_interface_id',
    'vpc_peering_connection_id',
  ];
  const way = ways.map((name) => properties[name]).find((id) => id !== undefined);
  return `${properties['id']!.split('|')[0]}|${way?.slice(1) ?? ''}`;
}

/** JSON text of a list, as a property's literal, with the list's items in order. */
function sortedBlocks(literal: string | undefined): string {
  const blocks = JSON.parse(JSON.parse(literal ?? '"[]"') as string) as unknown[];
  return JSON.stringify(blocks.map((block) => JSON.stringify(block)).sort());
}

const notDescribed: Shape = { arn: null, key_id: null, key_state: null };

function isOfKeyNotDescribed(type: string): NonNullable<NodeRule['where']> {
  return ({ node }, { ours }) => ours.targets(node, type).some((key) => hasShape(key, notDescribed));
}

/** What rows of docs/differences.md say about ids: these nodes are compared by what they have in common. */
export const alignments: readonly Alignment[] = [
  { label: 'AWSKMSKey', idOf: ({ key_id, arn }) => (key_id?.startsWith('"mrk-') ? arn : undefined) },
  {
    label: 'AWSEC2Route',
    idOf: ({ id, destination_prefix_list_id: list }) =>
      list === undefined ? undefined : `${id!.split('|')[0]} ${list}`,
  },
];

/** All that may differ from the reference's graph, by the row of docs/differences.md that gives the reason. */
export const explanations: readonly Explanation[] = [
  { row: '`AWSEC2Image.region`', rules: filled('AWSEC2Image', { region: /"[a-z-]+-\d"/ }) },
  { row: '`AWSEC2RouteTable.vpc_id`', rules: filled('AWSEC2RouteTable', { vpc_id: /"vpc-[0-9a-f]+"/ }) },
  {
    row: '`anonymous_actions`',
    rules: ['AWSS3Bucket', 'AWSKMSKey'].map((label) => ({
      kind: 'property',
      label,
      name: 'anonymous_actions',
      items: 'same',
    })),
  },
  {
    row: '`anonymous_actions` of a bucket that grants FULL_CONTROL',
    rules: [
      {
        kind: 'property',
        label: 'AWSS3Bucket',
        name: 'anonymous_actions',
        items: 'more',
        reference: /.*"s3:PutBucketAcl".*/,
        where: (difference) => addedItems(difference).join() === 's3:GetBucketAcl',
      },
    ],
  },
  {
    row: '`AWSS3Bucket.anonymous_access`, `anonymous_actions`',
    rules: [
      ...filled('AWSS3Bucket', { anonymous_access: /true/, anonymous_actions: /\["s3:.*"\]/i }),
      { kind: 'property', label: 'AWSS3Bucket', name: 'anonymous_actions', items: 'more' } as const,
    ].map((rule): PropertyRule => ({
      ...rule,
      where: ({ node }, { reference }) =>
        reference.targets(node, 'POLICY_STATEMENT').some(({ properties }) => properties['effect'] === '"Allow"'),
    })),
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
    row: '`conditions` of permission relationships',
    rules: ['AWSGroup', 'AWSRole', 'AWSUser'].flatMap((from) =>
      [
        { type: 'CAN_READ', to: 'AWSS3Bucket' },
        { type: 'CAN_WRITE', to: 'AWSS3Bucket' },
        { type: 'CAN_PASS_ROLE', to: 'AWSRole' },
      ].map(({ type, to }): EdgePropertyRule => ({
        kind: 'edge property',
        from,
        type,
        to,
        name: 'conditions',
        where: ({ reference, ours }) => sortedBlocks(reference) === sortedBlocks(ours),
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
      where: ({ edge: { from, type, to } }, graphs) =>
        graphs[only === 'ours' ? 'reference' : 'ours'].hasEdge(to, type, from) && !graphs[only].hasEdge(to, type, from),
    })),
  },
  { row: '`AWSUser._ont_lastactivity`', rules: filled('AWSUser', { _ont_lastactivity: text }) },
  {
    row: '`AWSKMSKey.id` of multi-Region keys',
    rules: [
      {
        kind: 'property',
        label: 'AWSKMSKey',
        name: 'id',
        reference: /"mrk-[0-9a-f-]+"/,
        ours: /"arn:[^"]*:key\/mrk-[0-9a-f-]+"/,
      },
      {
        kind: 'node',
        only: 'ours',
        label: 'AWSKMSKey',
        where: ({ node }, { reference }) =>
          reference.nodesOf('AWSKMSKey').some(({ properties }) => properties['id'] === node.properties['key_id']),
      },
      {
        kind: 'edge',
        only: 'reference',
        from: 'AWSKMSAlias',
        type: 'KNOWN_AS',
        to: 'AWSKMSKey',
        toNode: { id: /"mrk-[0-9a-f-]+"/ },
        where: ({ edge: { from, to } }) => placeOf(from) !== placeOf(to),
      },
      {
        kind: 'edge',
        only: 'reference',
        from: 'AWSKMSGrant',
        type: 'APPLIED_ON',
        to: 'AWSKMSKey',
        toNode: { id: /"mrk-[0-9a-f-]+"/ },
        where: ({ edge: { from, to } }) => from.properties['key_id'] !== to.properties['arn'],
      },
    ],
  },
  {
    row: 'KMS keys that may not be described',
    rules: [
      { kind: 'node', only: 'ours', label: 'AWSKMSKey', node: notDescribed },
      { kind: 'node', only: 'ours', label: 'AWSKMSAlias', where: isOfKeyNotDescribed('KNOWN_AS') },
      { kind: 'node', only: 'ours', label: 'AWSKMSGrant', where: isOfKeyNotDescribed('APPLIED_ON') },
    ],
  },
  {
    row: '`AWSEC2Route.id` of routes to prefix lists',
    rules: [
      {
        kind: 'property',
        label: 'AWSEC2Route',
        name: 'id',
        reference: /"rtb-[^|]*\|.*"/,
        ours: /"rtb-[^|]*\|pl-.*"/,
      },
      {
        kind: 'node',
        only: 'ours',
        label: 'AWSEC2Route',
        node: { destination_prefix_list_id: /"pl-.*"/ },
        where: ({ node }, { reference }) => {
          const id = referenceRouteId(node);
          return reference.nodesOf('AWSEC2Route').some(({ properties }) => properties['id'] === id);
        },
      },
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
    }).map((rule): PropertyRule => ({
      ...rule,
      where: ({ node }, { reference }) =>
        ['REQUESTER_VPC', 'ACCEPTER_VPC'].some((type) => reference.sources(node, type).length > 0),
    })),
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
        where: ({ edge }) => placeOf(edge.from) !== placeOf(edge.to),
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
        where: ({ edge: { from, type } }, { reference }) => reference.targets(from, type).length === 0,
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
        where: ({ edge: { from, to } }, { ours }) => !ours.hasEdge(from, 'MEMBER_OF_EC2_SECURITY_GROUP', to),
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
        ours: /"([a-z]+-[0-9a-f]+|local|arn:.*)"/,
        where: ({ node: { properties }, reference }) =>
          reference === (properties['destination_cidr_block'] ?? properties['destination_ipv6_cidr_block']),
      },
    ],
  },
  {
    row: '`PART_OF_SUBNET` of `AWSEC2NetworkAcl`, and `PROTECTS`',
    rules: [
      ...[
        { type: 'PART_OF_SUBNET', to: 'AWSEC2Subnet' },
        { type: 'PROTECTS', to: 'AWSLoadBalancerV2' },
      ].map(({ type, to }): EdgeRule => ({
        kind: 'edge',
        only: 'ours',
        from: 'AWSEC2NetworkAcl',
        type,
        to,
        // Those of the last subnet are there.
        where: ({ edge: { from } }, graphs) =>
          graphs.reference.targets(from, 'PART_OF_SUBNET').length === 1 &&
          graphs.ours.targets(from, 'PART_OF_SUBNET').length > 1,
      })),
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
