import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compare } from '../../conformance/compare.ts';
import type { DumpedNode, GraphDump } from '../../conformance/graph-dump.ts';

const account: DumpedNode = {
  label: 'AWSAccount',
  id: '1',
  labels: ['AWSAccount', 'Tenant'],
  properties: { name: '"a"' },
};
const vpc: DumpedNode = {
  label: 'AWSVpc',
  id: 'vpc-1',
  labels: ['AWSVpc'],
  properties: { id: '"vpc-1"', state: '"on"' },
};
const owns = { from: 'AWSAccount|1', type: 'RESOURCE', to: 'AWSVpc|vpc-1', properties: {} };
const graph: GraphDump = { nodes: [account, vpc], edges: [owns] };

test('equal graphs have no differences, whatever the order of what they hold', () => {
  const { differences, labels, types } = compare(graph, { nodes: [vpc, account], edges: [owns] });
  assert.deepEqual(differences, []);
  assert.deepEqual(labels.get('AWSVpc'), { reference: 1, ours: 1, equal: 1 });
  assert.deepEqual(types.get('RESOURCE'), { reference: 1, ours: 1, equal: 1 });
});

test('a node and an edge that one graph lacks are differences of their own', () => {
  const { differences, labels } = compare(graph, { nodes: [account], edges: [] });
  assert.deepEqual(differences, [
    { kind: 'node', only: 'reference', node: vpc },
    { kind: 'edge', only: 'reference', edge: { from: account, type: 'RESOURCE', to: vpc } },
  ]);
  assert.deepEqual(labels.get('AWSVpc'), { reference: 1, ours: 0, equal: 0 });
});

test('a node that is there twice is found, and so is an edge', () => {
  const { differences } = compare(graph, { nodes: [...graph.nodes, vpc], edges: [owns, owns] });
  assert.deepEqual(
    differences.map((difference) => [difference.kind, 'only' in difference ? difference.only : undefined]),
    [
      ['node', 'ours'],
      ['edge', 'ours'],
    ],
  );
});

test('labels, properties and properties of edges are compared one by one', () => {
  const changed: GraphDump = {
    nodes: [account, { ...vpc, labels: ['AWSVpc', 'Vpc'], properties: { id: '"vpc-1"', cidr: '"10.0.0.0/8"' } }],
    edges: [{ ...owns, properties: { since: '1' } }],
  };
  const { differences, labels, types } = compare(graph, changed);
  assert.deepEqual(differences, [
    { kind: 'label', only: 'ours', node: vpc, name: 'Vpc' },
    { kind: 'property', node: vpc, name: 'state', reference: '"on"', ours: undefined },
    { kind: 'property', node: vpc, name: 'cidr', reference: undefined, ours: '"10.0.0.0/8"' },
    {
      kind: 'edge property',
      edge: { from: account, type: 'RESOURCE', to: vpc },
      name: 'since',
      reference: undefined,
      ours: '1',
    },
  ]);
  assert.deepEqual(labels.get('AWSVpc'), { reference: 1, ours: 1, equal: 0 });
  assert.deepEqual(types.get('RESOURCE'), { reference: 1, ours: 1, equal: 0 });
});
