import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Analysis } from '../../../consumers/analysis/analysis.ts';
import { jobs } from '../../../consumers/analysis/jobs.ts';
import { type CypherGraph, KEEP_PLAN } from '../../../consumers/graph/cypher-graph.ts';
import type { Neo4jGraph } from '../../../consumers/graph/neo4j-graph.ts';
import { type DrawnEdge, type DrawnNode, drawGraph, drawnBy } from '../../support/draw-graph.ts';
import { operatorsOf } from '../../support/query-plan.ts';
import { derivedEdges, derivedValues } from '../../support/read-derived.ts';
import { loadCatalogue } from '../../../schemas/catalogue.ts';
import { emptyGraph } from '../../support/pipeline.ts';
import { sharedGraph, type SharedNeo4j } from '../../support/servers.ts';

let server: SharedNeo4j;
let graph: Neo4jGraph;
let close: () => Promise<void>;

before(async () => {
  ({ server, graph, close } = await sharedGraph());
  await graph.prepare(loadCatalogue().all());
});

after(() => close());

type Props = Record<string, unknown>;

const make = drawnBy('a');

const instance = make('AWSEC2Instance', 'ec2.Instance');
const group = make('AWSEC2SecurityGroup', 'ec2.SecurityGroup');
const networkInterface = make('AWSNetworkInterface', 'ec2.NetworkInterface');
const range = make('AWSIpRange', 'ec2.IpRange');
const balancer = make('AWSLoadBalancerV2', 'ec2.LoadBalancerV2');
const listener = make('AWSELBV2Listener', 'ec2.LoadBalancerV2Listener');
const classic = make('AWSLoadBalancer', 'ec2.LoadBalancer');
const classicListener = make('AWSELBListener', 'ec2.LoadBalancerListener');
const scalingGroup = make('AWSAutoScalingGroup', 'ec2.AutoScalingGroup');
const keyPair = make('AWSEC2KeyPair', 'ec2.KeyPair');
const subnet = make('AWSEC2Subnet', 'ec2.Subnet');
const networkAcl = make('AWSEC2NetworkAcl', 'ec2.NetworkAcl');
const bucket = make('AWSS3Bucket', 's3.Bucket');
const acl = make('AWSS3Acl', 's3.Acl');
const account = make('AWSAccount', 'Account');

const MEMBER = 'MEMBER_OF_EC2_SECURITY_GROUP';
const world = range('0.0.0.0/0');
const ipv6World = range('::/0');

/** A group with one inbound rule, and what the rule's ranges are. */
function open(
  id: string,
  rule: { protocol: string; fromport?: number; toport?: number },
  ranges = [world.id],
): Drawing {
  const permission = make('AWSIpPermissionInbound', 'ec2.IpPermissionInbound')(`${id}/rule`, { groupid: id, ...rule });
  return {
    nodes: [group(id), permission],
    edges: [[permission.id, MEMBER, id], ...ranges.map((one): DrawnEdge => [one, 'MEMBER_OF_IP_RULE', permission.id])],
  };
}

interface Drawing {
  nodes: DrawnNode[];
  edges: DrawnEdge[];
}

const https = { protocol: 'tcp', fromport: 443, toport: 443 };
const everything = { protocol: '-1' };

/** What is drawn, and the values that must come of it, by id. */
interface Case extends Partial<Drawing> {
  parts?: Drawing[];
  values: Record<string, Props>;
}

const facing = { scheme: 'internet-facing' };
const exposed = { exposed_internet: true };
const nothing = {};

const cases: Record<string, Case> = {
  'a network load balancer with a listener is exposed, whatever its groups': {
    nodes: [balancer('nlb', { ...facing, type: 'network' }), listener('nlb/l', { port: 80 })],
    edges: [['nlb', 'ELBV2_LISTENER', 'nlb/l']],
    values: { nlb: exposed },
  },
  'a network load balancer without a listener, and one that is internal, are not': {
    nodes: [
      balancer('nlb-bare', { ...facing, type: 'network' }),
      balancer('nlb-internal', { scheme: 'internal', type: 'network' }),
      listener('nlb-internal/l', { port: 80 }),
    ],
    edges: [['nlb-internal', 'ELBV2_LISTENER', 'nlb-internal/l']],
    values: { 'nlb-bare': nothing, 'nlb-internal': nothing },
  },
  ...Object.fromEntries(
    (
      [
        ['its listener’s port', https, true],
        ['a range of ports around it', { protocol: 'tcp', fromport: 0, toport: 65535 }, true],
        ['a range that ends at it', { protocol: 'tcp', fromport: 1, toport: 443 }, true],
        ['ports beside it', { protocol: 'tcp', fromport: 444, toport: 65535 }, false],
        ['all protocols, without ports', everything, true],
        ['all ICMP', { protocol: 'icmp', fromport: -1, toport: -1 }, false],
        ['a protocol without ports', { protocol: '50' }, false],
      ] as const
    ).map(([what, rule, isExposed], i): [string, Case] => [
      `a balancer whose group opens ${what} is ${isExposed ? '' : 'not '}exposed`,
      {
        parts: [open(`sg-alb-${i}`, rule), open(`sg-elb-${i}`, rule)],
        nodes: [
          balancer(`alb-${i}`, { ...facing, type: 'application' }),
          listener(`alb-${i}/l`, { port: 443 }),
          classic(`elb-${i}`, facing),
          classicListener(`elb-${i}/l`, { port: 443 }),
        ],
        edges: [
          [`alb-${i}`, MEMBER, `sg-alb-${i}`],
          [`alb-${i}`, 'ELBV2_LISTENER', `alb-${i}/l`],
          [`elb-${i}`, 'SOURCE_SECURITY_GROUP', `sg-elb-${i}`],
          [`elb-${i}`, 'ELB_LISTENER', `elb-${i}/l`],
        ],
        values: { [`alb-${i}`]: isExposed ? exposed : nothing, [`elb-${i}`]: isExposed ? exposed : nothing },
      },
    ]),
  ),
  'a group that is open to IPv6 only exposes nothing': {
    parts: [open('sg-v6', everything, [ipv6World.id, '10.0.0.0/8'])],
    nodes: [
      range('10.0.0.0/8'),
      instance('i-v6', { publicipaddress: '1.2.3.4' }),
      balancer('alb-v6', { ...facing, type: 'application' }),
      listener('alb-v6/l', { port: 443 }),
    ],
    edges: [
      ['i-v6', MEMBER, 'sg-v6'],
      ['alb-v6', MEMBER, 'sg-v6'],
      ['alb-v6', 'ELBV2_LISTENER', 'alb-v6/l'],
    ],
    values: { 'i-v6': nothing, 'alb-v6': nothing },
  },
  'a group that is open to one and the other is open': {
    parts: [open('sg-both', https, ['10.0.0.0/8', world.id])],
    nodes: [instance('i-both', { publicipaddress: '1.2.3.4' })],
    edges: [['i-both', MEMBER, 'sg-both']],
    values: { 'i-both': { ...exposed, exposed_internet_type: ['direct'] } },
  },
  'an instance needs a public address: a terminated or a private one is not exposed': {
    parts: [open('sg-instance', https)],
    nodes: [
      instance('i-terminated', { state: 'terminated' }),
      instance('i-private', { privateipaddress: '10.0.0.1' }),
      instance('i-public', { publicipaddress: '1.2.3.4' }),
      instance('i-groupless', { publicipaddress: '1.2.3.5' }),
    ],
    edges: [
      ['i-terminated', MEMBER, 'sg-instance'],
      ['i-private', MEMBER, 'sg-instance'],
      ['i-public', MEMBER, 'sg-instance'],
    ],
    values: {
      'i-terminated': nothing,
      'i-private': nothing,
      'i-public': { ...exposed, exposed_internet_type: ['direct'] },
      'i-groupless': nothing,
    },
  },
  'an instance is exposed by its interface’s group, and by what leads to it; its auto scaling group with it': {
    parts: [open('sg-all', everything)],
    nodes: [
      instance('i-all', { publicipaddress: '1.2.3.4' }),
      networkInterface('eni'),
      balancer('alb-all', { ...facing, type: 'application' }),
      listener('alb-all/l', { port: 443 }),
      classic('elb-all', facing),
      classicListener('elb-all/l', { port: 80 }),
      instance('i-behind'),
      instance('i-hidden'),
      balancer('alb-internal', { scheme: 'internal', type: 'application' }),
      scalingGroup('asg'),
      scalingGroup('asg-hidden'),
      scalingGroup('asg-empty'),
    ],
    edges: [
      ['i-all', 'NETWORK_INTERFACE', 'eni'],
      ['eni', MEMBER, 'sg-all'],
      ['alb-all', MEMBER, 'sg-all'],
      ['alb-all', 'ELBV2_LISTENER', 'alb-all/l'],
      ['alb-all', 'EXPOSE', 'i-all'],
      ['elb-all', 'SOURCE_SECURITY_GROUP', 'sg-all'],
      ['elb-all', 'ELB_LISTENER', 'elb-all/l'],
      ['elb-all', 'EXPOSE', 'i-all'],
      ['elb-all', 'EXPOSE', 'i-behind'],
      ['alb-internal', 'EXPOSE', 'i-hidden'],
      ['i-all', 'MEMBER_AUTO_SCALE_GROUP', 'asg'],
      ['i-behind', 'MEMBER_AUTO_SCALE_GROUP', 'asg'],
      ['i-hidden', 'MEMBER_AUTO_SCALE_GROUP', 'asg-hidden'],
    ],
    values: {
      'i-all': { ...exposed, exposed_internet_type: ['direct', 'elb', 'elbv2'] },
      'i-behind': { ...exposed, exposed_internet_type: ['elb'] },
      'i-hidden': nothing,
      asg: { ...exposed, exposed_internet_type: ['direct', 'elb', 'elbv2'] },
      'asg-hidden': nothing,
      'asg-empty': nothing,
    },
  },
  'an imported key pair has an MD5 fingerprint; equal fingerprints match across accounts': {
    nodes: [
      keyPair('imported', { keyfingerprint: Array.from({ length: 16 }, () => 'ab').join(':') }),
      keyPair('imported-too', { keyfingerprint: Array.from({ length: 16 }, () => 'ab').join(':') }, 'b'),
      keyPair('made', { keyfingerprint: Array.from({ length: 20 }, () => 'ab').join(':') }),
      keyPair('unknown'),
      keyPair('unknown-too'),
    ],
    values: {
      imported: { user_uploaded: true, duplicate_keyfingerprint: true },
      'imported-too': { user_uploaded: true, duplicate_keyfingerprint: true },
      made: nothing,
      unknown: nothing,
      'unknown-too': nothing,
    },
  },
  'a bucket is open by its policy, by its access control list, or by both': {
    nodes: [
      bucket('closed', policy(false, [])),
      bucket('by-policy', policy(true, ['s3:GetObject'])),
      bucket('by-policy-without-actions', policy(true, [])),
      bucket('by-acl'),
      bucket('by-both', policy(true, ['s3:PutObject', 's3:GetObject'])),
      bucket('by-all-of-it'),
      bucket('to-an-owner'),
      acl('read', grant('AllUsers', 'READ')),
      acl('write', grant('AuthenticatedUsers', 'WRITE')),
      acl('read-acp', grant('AllUsers', 'READ_ACP')),
      acl('all', grant('AllUsers', 'FULL_CONTROL')),
      acl('of-owner', { granteeid: 'c4n0n1cal', permission: 'FULL_CONTROL' }),
      acl('of-logs', { uri: 'http://acs.amazonaws.com/groups/s3/LogDelivery', permission: 'WRITE' }),
    ],
    edges: [
      ['read', 'APPLIES_TO', 'by-acl'],
      ['read-acp', 'APPLIES_TO', 'by-acl'],
      ['write', 'APPLIES_TO', 'by-both'],
      ['all', 'APPLIES_TO', 'by-all-of-it'],
      ['of-owner', 'APPLIES_TO', 'to-an-owner'],
      ['of-logs', 'APPLIES_TO', 'to-an-owner'],
    ],
    values: {
      closed: nothing,
      'by-policy': { anonymous_access: true, anonymous_actions: ['s3:GetObject'] },
      'by-policy-without-actions': { anonymous_access: true },
      'by-acl': {
        anonymous_access: true,
        anonymous_actions: [
          's3:GetBucketAcl',
          's3:ListBucket',
          's3:ListBucketMultipartUploads',
          's3:ListBucketVersions',
        ],
      },
      'by-both': { anonymous_access: true, anonymous_actions: ['s3:GetObject', 's3:PutObject'] },
      'by-all-of-it': {
        anonymous_access: true,
        anonymous_actions: [
          's3:DeleteObject',
          's3:DeleteObjectVersion',
          's3:GetBucketAcl',
          's3:ListBucket',
          's3:ListBucketMultipartUploads',
          's3:ListBucketVersions',
          's3:PutBucketAcl',
          's3:PutObject',
        ],
      },
      'to-an-owner': nothing,
    },
  },
  'an account is foreign that no run reads and no known organization has': {
    nodes: [
      account('111111111111', { inscope: true }),
      { ...account('222222222222'), record: 'iam.TrustedAccount' },
      { ...account('333333333333', { org_id: 'o-1' }), record: 'organizations.Account', account: 'organization' },
    ],
    values: { '111111111111': nothing, '222222222222': { foreign: true }, '333333333333': nothing },
  },
};

function policy(access: boolean, actions: string[]): Props {
  return {
    _value_aws_s3_BucketPolicy_anonymous_access: access,
    _value_aws_s3_BucketPolicy_anonymous_actions: actions,
  };
}

function grant(to: string, permission: string): Props {
  return { uri: `http://acs.amazonaws.com/groups/global/${to}`, permission };
}

/** All statements of the jobs. */
const texts = new Set<string>();

/** The graph, with a note of each statement that runs in it. */
function recording(of: CypherGraph, texts: Set<string>): CypherGraph {
  return {
    define: (statements) => of.define(statements),
    transactCypher: (work) =>
      of.transactCypher((run) =>
        work((text, parameters) => {
          if (text.startsWith(KEEP_PLAN)) texts.add(text.slice(KEEP_PLAN.length));
          return run(text, parameters);
        }),
      ),
  };
}

describe('each job, on nodes as AWS has them', () => {
  let found: Map<string, Props>;

  before(async () => {
    await emptyGraph(graph);
    const parts: Partial<Drawing>[] = Object.values(cases).flatMap((one) => [...(one.parts ?? []), one]);
    await drawGraph(
      graph,
      [world, ipv6World, ...parts.flatMap(({ nodes = [] }) => nodes)],
      parts.flatMap(({ edges = [] }) => edges),
    );
    await new Analysis({ graph: recording(graph, texts), jobs }).update(['a', 'b', 'organization/here']);
    found = await derivedValues(graph);
  });

  for (const [name, { values }] of Object.entries(cases)) {
    test(name, () => {
      for (const [id, expected] of Object.entries(values)) assert.deepEqual(found.get(id) ?? {}, expected, id);
    });
  }

  test('equal fingerprints are one relationship', async () => {
    assert.deepEqual(
      (await derivedEdges(graph)).filter((edge) => edge.includes('MATCHING_FINGERPRINT')),
      ['imported -MATCHING_FINGERPRINT-> imported-too 1'],
    );
  });

  test('a second time nothing is written', async () => {
    assert.equal(await new Analysis({ graph, jobs, batchNodes: 30 }).update(['a', 'b', 'organization/here']), 0);
  });
});

test('an instance may become the roles of its profile, and no longer those that left it', async () => {
  await emptyGraph(graph);
  await drawGraph(
    graph,
    [
      { ...instance('i-1'), tag: 2 },
      make('AWSInstanceProfile', 'iam.InstanceProfile')('profile'),
      make('AWSRole', 'iam.Role')('old'),
      { ...make('AWSRole', 'iam.Role')('new'), tag: 3 },
    ],
    [
      ['i-1', 'INSTANCE_PROFILE', 'profile'],
      ['profile', 'ASSOCIATED_WITH', 'old'],
    ],
  );
  const analysis = new Analysis({ graph, jobs });
  assert.equal(await analysis.update(['a']), 1);
  assert.deepEqual(await derivedEdges(graph), ['i-1 -STS_ASSUMEROLE_ALLOW-> old 2']);

  await graph.query('MATCH (:AWSInstanceProfile)-[e:ASSOCIATED_WITH]->() DELETE e');
  await drawGraph(graph, [], [['profile', 'ASSOCIATED_WITH', 'new']]);
  assert.equal(await analysis.update(['a']), 2);
  assert.deepEqual(await derivedEdges(graph), ['i-1 -STS_ASSUMEROLE_ALLOW-> new 3']);
});

test('a relationship that a record asserts too stays when the job’s reason goes, and the other way round', async () => {
  await emptyGraph(graph);
  await drawGraph(
    graph,
    [networkAcl('acl'), subnet('subnet'), balancer('lb')],
    [
      ['acl', 'PART_OF_SUBNET', 'subnet'],
      ['lb', 'SUBNET', 'subnet'],
      ['acl', 'PROTECTS', 'lb'],
    ],
  );
  const analysis = new Analysis({ graph, jobs });
  const claims = async (): Promise<unknown> =>
    graph.query('MATCH ()-[e:PROTECTS]->() RETURN e._by AS by, e._tags AS tags, e.lastupdated AS tag');
  await analysis.update(['a']);
  assert.deepEqual(await claims(), [{ by: ['x>|y', 'aws_lb_nacl_direct>|analysis'], tags: [1, 1], tag: 1 }]);

  await graph.query('MATCH (:AWSLoadBalancerV2)-[e:SUBNET]->() DELETE e');
  await analysis.update(['a']);
  assert.deepEqual(await claims(), [{ by: ['x>|y'], tags: [1], tag: 1 }]);
});

test('no plan walks a label, a type or all nodes, even if it is made while the graph is empty', async () => {
  await emptyGraph(graph);
  await graph.query('CALL db.clearQueryCaches()');
  assert.ok(texts.size > 3 * jobs.length);
  for (const [text, operators] of await operatorsOf(server, texts)) {
    assert.ok(operators.size > 0);
    const walks = [...operators].filter((operator) => /Scan|HashJoin/.test(operator));
    assert.deepEqual(walks, [], text);
  }
});
