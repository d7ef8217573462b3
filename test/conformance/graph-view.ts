import type { Side } from './compare.ts';
import { type DumpedNode, type GraphDump, nodeKey } from './graph-dump.ts';

/** What a rule may ask about the rest of a graph. */
export interface GraphView {
  hasEdge: (from: DumpedNode, type: string, to: DumpedNode) => boolean;
  /** Whether an edge of one of these types leads to the node. */
  isTarget: (node: DumpedNode, types: readonly string[]) => boolean;
  nodesOf: (label: string) => readonly DumpedNode[];
}

export type Graphs = Readonly<Record<Side, GraphView>>;

export function viewGraph({ nodes, edges }: GraphDump): GraphView {
  const edgeKeys = new Set(edges.map(({ from, type, to }) => edgeKey(from, type, to)));
  const targets = new Set(edges.map(({ type, to }) => targetKey(type, to)));
  const byLabel = Map.groupBy(nodes, ({ label }) => label);
  return {
    hasEdge: (from, type, to) => edgeKeys.has(edgeKey(nodeKey(from), type, nodeKey(to))),
    isTarget: (node, types) => types.some((type) => targets.has(targetKey(type, nodeKey(node)))),
    nodesOf: (label) => byLabel.get(label) ?? [],
  };
}

function edgeKey(from: string, type: string, to: string): string {
  return `${from} -${type}-> ${to}`;
}

function targetKey(type: string, to: string): string {
  return `${type} ${to}`;
}
