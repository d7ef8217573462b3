import { type DumpedEdge, type DumpedNode, type GraphDump, nodeKey } from './graph-dump.ts';

/** Which graph has what the other one lacks. */
export type Side = 'reference' | 'ours';

export interface NodeDifference {
  kind: 'node';
  only: Side;
  node: DumpedNode;
}

/** One label of a node that both have. */
export interface LabelDifference {
  kind: 'label';
  only: Side;
  node: DumpedNode;
  name: string;
}

/** One property of a node that both have; undefined: it is not set. */
export interface PropertyDifference {
  kind: 'property';
  node: DumpedNode;
  name: string;
  reference: string | undefined;
  ours: string | undefined;
}

export interface EdgeDifference {
  kind: 'edge';
  only: Side;
  edge: Ends;
}

/** One property of an edge that both have. */
export interface EdgePropertyDifference {
  kind: 'edge property';
  edge: Ends;
  name: string;
  reference: string | undefined;
  ours: string | undefined;
}

/** An edge with its ends as the graph that has it shows them. */
export interface Ends {
  from: DumpedNode;
  type: string;
  to: DumpedNode;
}

export type Difference =
  NodeDifference | LabelDifference | PropertyDifference | EdgeDifference | EdgePropertyDifference;

/** How many a graph has of a label or edge type, and how many are the same in both with everything about them. */
export interface Count {
  reference: number;
  ours: number;
  equal: number;
}

export interface Comparison {
  differences: Difference[];
  labels: Map<string, Count>;
  types: Map<string, Count>;
}

/** Node by node, label by label, property by property and edge by edge. */
export function compare(reference: GraphDump, ours: GraphDump): Comparison {
  const differences: Difference[] = [];
  const labels = new Map<string, Count>();
  pair(grouped(reference.nodes, nodeKey), grouped(ours.nodes, nodeKey), (left, right) => {
    const found = compareNodes(left, right);
    differences.push(...found);
    count(labels, (left ?? right)!.label, left, right, found.length === 0);
  });
  const types = new Map<string, Count>();
  const ends = { reference: nodesByKey(reference), ours: nodesByKey(ours) };
  pair(grouped(reference.edges, edgeKey), grouped(ours.edges, edgeKey), (left, right) => {
    const found = compareEdges(left, right, ends);
    differences.push(...found);
    count(types, (left ?? right)!.type, left, right, found.length === 0);
  });
  return { differences, labels, types };
}

function compareNodes(left: DumpedNode | undefined, right: DumpedNode | undefined): Difference[] {
  if (left === undefined || right === undefined) {
    return [{ kind: 'node', only: left === undefined ? 'ours' : 'reference', node: (left ?? right)! }];
  }
  const only = (side: Side, have: string[], lack: string[]): Difference[] =>
    have.filter((name) => !lack.includes(name)).map((name) => ({ kind: 'label', only: side, node: left, name }));
  return [
    ...only('reference', left.labels, right.labels),
    ...only('ours', right.labels, left.labels),
    ...changed(left.properties, right.properties).map((change): Difference => ({
      kind: 'property',
      node: left,
      ...change,
    })),
  ];
}

function compareEdges(
  left: DumpedEdge | undefined,
  right: DumpedEdge | undefined,
  nodes: Record<Side, Map<string, DumpedNode>>,
): Difference[] {
  const [side, edge]: [Side, DumpedEdge] = left === undefined ? ['ours', right!] : ['reference', left];
  const ends: Ends = { from: nodes[side].get(edge.from)!, type: edge.type, to: nodes[side].get(edge.to)! };
  if (left === undefined || right === undefined) return [{ kind: 'edge', only: side, edge: ends }];
  return changed(left.properties, right.properties).map((change) => ({ kind: 'edge property', edge: ends, ...change }));
}

interface Change {
  name: string;
  reference: string | undefined;
  ours: string | undefined;
}

function changed(reference: Record<string, string>, ours: Record<string, string>): Change[] {
  return [...new Set([...Object.keys(reference), ...Object.keys(ours)])]
    .filter((name) => reference[name] !== ours[name])
    .map((name) => ({ name, reference: reference[name], ours: ours[name] }));
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  return Map.groupBy(items, keyOf);
}

function edgeKey({ from, type, to }: DumpedEdge): string {
  return `${from} -${type}-> ${to}`;
}

/** Of several with one key, the first goes with the first of the other side, and so on. */
function pair<T>(
  reference: Map<string, T[]>,
  ours: Map<string, T[]>,
  meet: (left: T | undefined, right: T | undefined) => void,
): void {
  for (const key of new Set([...reference.keys(), ...ours.keys()])) {
    const [left, right] = [reference.get(key) ?? [], ours.get(key) ?? []];
    for (let index = 0; index < Math.max(left.length, right.length); index++) meet(left[index], right[index]);
  }
}

function nodesByKey({ nodes }: GraphDump): Map<string, DumpedNode> {
  return new Map(nodes.map((node) => [nodeKey(node), node]));
}

function count(counts: Map<string, Count>, name: string, left: unknown, right: unknown, isEqual: boolean): void {
  const found = counts.get(name) ?? { reference: 0, ours: 0, equal: 0 };
  counts.set(name, {
    reference: found.reference + (left === undefined ? 0 : 1),
    ours: found.ours + (right === undefined ? 0 : 1),
    equal: found.equal + (isEqual ? 1 : 0),
  });
}
