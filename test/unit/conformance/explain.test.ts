import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Difference } from '../../conformance/compare.ts';
import { explain, type Rule } from '../../conformance/explain.ts';
import type { DumpedNode } from '../../conformance/graph-dump.ts';

const node = (label: string, id: string, properties: Record<string, string> = {}): DumpedNode => ({
  label,
  id,
  labels: [label],
  properties,
});
const vpc = node('AWSVpc', 'vpc-1', { region: '"eu-west-1"' });
const subnet = node('AWSEC2Subnet', 'subnet-1');

function isExplained(rule: Rule, difference: Difference): boolean {
  return explain([difference], [{ row: 'a row', rules: [rule] }]).unexplained.length === 0;
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
  const rule: Rule = { kind: 'property', label: 'AWSVpc', name: 'names', sameItems: true };
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
  const rule: Rule = { kind: 'property', label: 'AWSVpc', name: 'names', moreItems: true };
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

test('an edge that is turned is explained only where the other graph has it the other way round', () => {
  const [one, other] = [node('AWSVpc', 'vpc-2'), node('AWSVpc', 'vpc-3')];
  const ours: Difference = { kind: 'edge', only: 'ours', edge: { from: one, type: 'LIKE', to: other } };
  const turned: Difference = { kind: 'edge', only: 'reference', edge: { from: other, type: 'LIKE', to: one } };
  const rules = (['ours', 'reference'] as const).map((only): Rule => ({
    kind: 'edge',
    only,
    from: 'AWSVpc',
    type: 'LIKE',
    to: 'AWSVpc',
    turned: true,
  }));
  const left = (...differences: Difference[]): Difference[] =>
    explain(differences, [{ row: 'a row', rules }]).unexplained;
  assert.deepEqual(left(ours, turned), []);
  assert.deepEqual(left(ours), [ours]);
  assert.deepEqual(left(ours, { ...turned, edge: ours.edge }).length, 2);
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
  assert.deepEqual(explain(differences, [{ row: 'a row', rules: [rule] }]).unexplained, [differences[2]]);
  assert.equal(explain(differences, []).unexplained.length, 3);
});

test('the rules that explained something are known, so that the others can be named', () => {
  const [used, idle]: Rule[] = [
    { kind: 'node', only: 'ours', label: 'AWSVpc' },
    { kind: 'node', only: 'ours', label: 'AWSRole' },
  ];
  const found = explain([{ kind: 'node', only: 'ours', node: vpc }], [{ row: 'a row', rules: [idle!, used!] }]);
  assert.deepEqual([...found.used], [used]);
});
