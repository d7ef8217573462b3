import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { alignIds } from '../../conformance/align-ids.ts';
import { compare } from '../../conformance/compare.ts';
import { explain } from '../../conformance/explain.ts';
import { alignments, explanations } from '../../conformance/explanations.ts';
import { type DumpedNode, type GraphDump, nodeKey } from '../../conformance/graph-dump.ts';
import { viewGraph } from '../../conformance/graph-view.ts';

const docs = readFileSync(path.join(import.meta.dirname, '../../../docs/differences.md'), 'utf8');
const rows = docs
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .map((line) => line.split('|')[1]!.trim());

test('every explanation is a row of docs/differences.md', () => {
  const missing = explanations.map(({ row }) => row).filter((row) => !rows.includes(row));
  assert.deepEqual(missing, []);
});

test('a row has its rules in one place', () => {
  assert.equal(new Set(explanations.map(({ row }) => row)).size, explanations.length);
});

const node = (label: string, id: string, properties: Record<string, string> = {}): DumpedNode => ({
  label,
  id,
  labels: [label],
  properties: { id: JSON.stringify(id), ...properties },
});

function graphOf(...edges: [from: DumpedNode, type: string, to: DumpedNode][]): GraphDump {
  const nodes = new Map(edges.flatMap(([from, , to]) => [from, to]).map((one) => [nodeKey(one), one]));
  return {
    nodes: [...nodes.values()],
    edges: edges.map(([from, type, to]) => ({ from: nodeKey(from), type, to: nodeKey(to), properties: {} })),
  };
}

/** What no row explains, in short. */
function unexplained(reference: GraphDump, ours: GraphDump): string[] {
  const [left, right] = [alignIds(reference, alignments), alignIds(ours, alignments)];
  const { differences } = compare(left, right);
  const graphs = { reference: viewGraph(left), ours: viewGraph(right) };
  return explain(differences, explanations, graphs).unexplained.map((one) =>
    'edge' in one ? `${one.edge.from.id} ${one.edge.type} ${one.edge.to.id}` : `${one.node.id} ${one.kind}`,
  );
}

test('an edge to a launch configuration of the same account and region is missed, one of another region is not', () => {
  const group = node('AWSAutoScalingGroup', 'arn:aws:autoscaling:eu-west-1:1:autoScalingGroup:g');
  const own = node('AWSLaunchConfiguration', 'arn:aws:autoscaling:eu-west-1:1:launchConfiguration:a');
  const other = node('AWSLaunchConfiguration', 'arn:aws:autoscaling:us-east-1:1:launchConfiguration:b');
  const there = (to: DumpedNode): [DumpedNode, string, DumpedNode] => [group, 'HAS_LAUNCH_CONFIG', to];
  const lone = graphOf([own, 'NEXT_TO', other], [group, 'NEXT_TO', other]);
  const reference = graphOf(there(own), there(other));
  const found = unexplained({ nodes: lone.nodes, edges: reference.edges }, { nodes: lone.nodes, edges: [] });
  assert.deepEqual(found, [`${group.id} HAS_LAUNCH_CONFIG ${own.id}`]);
});

test("an edge to one of a load balancer's own groups is missed", () => {
  const balancer = node('AWSLoadBalancer', 'lb');
  const [own, other] = [node('AWSEC2SecurityGroup', 'sg-1'), node('AWSEC2SecurityGroup', 'sg-2')];
  const member: [DumpedNode, string, DumpedNode] = [balancer, 'MEMBER_OF_EC2_SECURITY_GROUP', own];
  const reference = graphOf(
    member,
    [balancer, 'SOURCE_SECURITY_GROUP', own],
    [balancer, 'SOURCE_SECURITY_GROUP', other],
  );
  assert.deepEqual(unexplained(reference, { nodes: reference.nodes, edges: graphOf(member).edges }), [
    'lb SOURCE_SECURITY_GROUP sg-1',
  ]);
});

test('a VPC without a peering connection must have its values in both graphs', () => {
  const connection = node('AWSPeeringConnection', 'pcx');
  const vpc = (values: Record<string, string>): DumpedNode => node('AWSVpc', 'vpc-1', values);
  const graph = (type: string, values: Record<string, string>): GraphDump => graphOf([connection, type, vpc(values)]);
  const filled = { state: '"available"' };
  assert.deepEqual(unexplained(graph('ACCEPTER_VPC', {}), graph('ACCEPTER_VPC', filled)), []);
  assert.deepEqual(unexplained(graph('NEAR', {}), graph('NEAR', filled)), ['vpc-1 property']);
});

test('a multi-Region key is compared by its ARN, and the one of another region is ours only if the reference has the first', () => {
  const account = node('AWSAccount', '1');
  const key = (id: string, region: string, properties: Record<string, string> = {}): DumpedNode =>
    node('AWSKMSKey', id, { arn: `"arn:aws:kms:${region}:1:key/mrk-1"`, key_id: '"mrk-1"', ...properties });
  const graph = (...keys: DumpedNode[]): GraphDump =>
    graphOf(...keys.map((one): [DumpedNode, string, DumpedNode] => [account, 'RESOURCE', one]));
  const both = [key('arn:aws:kms:a:1:key/mrk-1', 'a'), key('arn:aws:kms:b:1:key/mrk-1', 'b')];
  assert.deepEqual(unexplained(graph(key('mrk-1', 'b')), graph(...both)), []);
  assert.deepEqual(unexplained(graph(key('mrk-1', 'b', { enabled: 'true' })), graph(...both)), [
    '"arn:aws:kms:b:1:key/mrk-1" property',
  ]);
  assert.equal(unexplained(graph(node('AWSKMSKey', 'other')), graph(node('AWSKMSKey', 'other'), ...both)).length, 4);
});
