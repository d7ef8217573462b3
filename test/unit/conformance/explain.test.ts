import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Difference } from '../../conformance/compare.ts';
import { explain, type Rule } from '../../conformance/explain.ts';
import { type DumpedNode, nodeKey } from '../../conformance/graph-dump.ts';
import { type GraphView, viewGraph } from '../../conformance/graph-view.ts';

const node = (label: string, id: string, properties: Record<string, string> = {}): DumpedNode => ({
  label,
  id,
  labels: [label],
  properties,
});
const vpc = node('AWSVpc', 'vpc-1', { region: '"eu-west-1"' });
const subnet = node('AWSEC2Subnet', 'subnet-1');

const nothing = viewGraph({ nodes: [], edges: [] });
const graphs = { reference: nothing, ours: nothing };

function isExplained(rule: Rule, difference: Difference): boolean {
  return explain([difference], [{ row: 'a row', rules: [rule] }], graphs).unexplained.length === 0;
}

test('a property is explained only for its label, its name and the values that the rule gives', () => {
  const difference: Difference = { kind: 'property', node: vpc, name: 'arn', reference: undefined, ours: '"arn:1"' };
  const rule: Rule = { kind: 'property', label: 'AWSVpc', name: 'arn', reference: null, ours: /"arn:\d"/ };
  assert.ok(isExplained(rule, difference));
  assert.ok(!isExplained({ ...rule, label: 'AWSEC2Subnet' }, difference));
  assert.ok(!isExplained({ ...rule, name: 'id' }, difference));
  assert.ok(!isExplained({ ...rule, reference: /.*/ }, difference));
  assert.ok(!isExplained({ ...rule, ours: null }, difference));
  assert.ok(!isExplained({ ...rule, ours: /"arn/ }, difference), 'a pattern is for the whole value');
  assert.ok(isExplained({ ...rule, node: { region: /"eu-.*"/, state: null } }, difference));
  assert.ok(!isExplained({ ...rule, node: { region: /"us-.*"/ } }, difference));
});

test('lists of the same items in another order are explained by a rule that says so', () => {
  const difference = (reference: string | undefined, ours: string | undefined): Difference => ({
    kind: 'property',
    node: vpc,
    name: 'names',
    reference,
    ours,
  });
  const rule: Rule = { kind: 'property', label: 'AWSVpc', name: 'names', items: 'same' };
  assert.ok(isExplained(rule, difference('["b", "a"]', '["a", "b"]')));
  assert.ok(!isExplained(rule, difference('["b", "a"]', '["a"]')));
  assert.ok(!isExplained(rule, difference('["b", "a", "a"]', '["a", "b", "b"]')));
  assert.ok(!isExplained(rule, difference(undefined, '["a"]')));
  assert.ok(!isExplained(rule, difference('"ab"', '"ba"')));
});

test('a list with more items is explained by a rule that says so', () => {
  const difference = (reference: string | undefined, ours: string): Difference => ({
    kind: 'property',
    node: vpc,
    name: 'names',
    reference,
    ours,
  });
  const rule: Rule = { kind: 'property', label: 'AWSVpc', name: 'names', items: 'more' };
  assert.ok(isExplained(rule, difference('["b"]', '["a", "b"]')));
  assert.ok(!isExplained(rule, difference('["c"]', '["a", "b"]')));
  assert.ok(!isExplained(rule, difference('["b", "a"]', '["a", "b"]')));
  assert.ok(!isExplained(rule, difference(undefined, '["a"]')));
});

test('an edge is explained only on its side, between its labels, with ends of the shape that the rule gives', () => {
  const difference: Difference = { kind: 'edge', only: 'ours', edge: { from: subnet, type: 'IN', to: vpc } };
  const rule: Rule = { kind: 'edge', only: 'ours', from: 'AWSEC2Subnet', type: 'IN', to: 'AWSVpc' };
  assert.ok(isExplained(rule, difference));
  assert.ok(!isExplained({ ...rule, only: 'reference' }, difference));
  assert.ok(!isExplained({ ...rule, from: 'AWSVpc' }, difference));
  assert.ok(!isExplained({ ...rule, type: 'OUT' }, difference));
  assert.ok(!isExplained({ ...rule, toNode: { region: null } }, difference));
});

test('what else must hold is asked of the difference and of both graphs', () => {
  const difference: Difference = { kind: 'edge', only: 'ours', edge: { from: subnet, type: 'IN', to: vpc } };
  const rule: Rule = {
    kind: 'edge',
    only: 'ours',
    from: 'AWSEC2Subnet',
    type: 'IN',
    to: 'AWSVpc',
    where: ({ edge: { from, type, to } }, { reference }) => reference.hasEdge(to, type, from),
  };
  const turned = viewGraph({
    nodes: [subnet, vpc],
    edges: [{ from: nodeKey(vpc), type: 'IN', to: nodeKey(subnet), properties: {} }],
  });
  const left = (reference: GraphView, ours: GraphView): Difference[] =>
    explain([difference], [{ row: 'a row', rules: [rule] }], { reference, ours }).unexplained;
  assert.deepEqual(left(turned, nothing), []);
  assert.deepEqual(left(nothing, turned), [difference]);
});

test('a rule of another kind explains nothing', () => {
  const rule: Rule = { kind: 'node', only: 'ours', label: 'AWSVpc' };
  assert.ok(isExplained(rule, { kind: 'node', only: 'ours', node: vpc }));
  assert.ok(!isExplained(rule, { kind: 'label', only: 'ours', node: vpc, name: 'Vpc' }));
});

test('edges of an explained node go with it, those of one that is not explained do not', () => {
  const differences: Difference[] = [
    { kind: 'edge', only: 'ours', edge: { from: subnet, type: 'IN', to: vpc } },
    { kind: 'node', only: 'ours', node: vpc },
    { kind: 'edge', only: 'reference', edge: { from: subnet, type: 'IN', to: vpc } },
  ];
  const rule: Rule = { kind: 'node', only: 'ours', label: 'AWSVpc' };
  assert.deepEqual(explain(differences, [{ row: 'a row', rules: [rule] }], graphs).unexplained, [differences[2]]);
  assert.equal(explain(differences, [], graphs).unexplained.length, 3);
});

test('the rules that explained something are known, so that the others can be named', () => {
  const [used, idle]: Rule[] = [
    { kind: 'node', only: 'ours', label: 'AWSVpc' },
    { kind: 'node', only: 'ours', label: 'AWSRole' },
  ];
  const found = explain([{ kind: 'node', only: 'ours', node: vpc }], [{ row: 'a row', rules: [idle!, used!] }], graphs);
  assert.deepEqual([...found.used], [used]);
});
