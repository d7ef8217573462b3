import type { Side } from './compare.ts';
import { type DumpedNode, type GraphDump, nodeKey } from './graph-dump.ts';

/** What a rule may ask about the rest of a graph. */
export interface GraphView {
  hasEdge: (from: DumpedNode, type: string, to: DumpedNode) => boolean;
  /** The nodes that edges of the type lead to. */
  targets: (from: DumpedNode, type: string) => readonly DumpedNode[];
  /** The nodes that edges of the type come from. */
  sources: (to: DumpedNode, type: string) => readonly DumpedNode[];
  nodesOf: (label: string) => readonly DumpedNode[];
}

export type Graphs = Readonly<Record<Side, GraphView>>;

export function viewGraph({ nodes, edges }: GraphDump): GraphView {
  const byKey = new Map(nodes.map((node) => [nodeKey(node), node]));
  const byLabel = Map.groupBy(nodes, ({ label }) => label);
  const outgoing = Map.groupBy(edges, ({ from, type }) => endKey(from, type));
  const incoming = Map.groupBy(edges, ({ to, type }) => endKey(to, type));
  const targets = (from: DumpedNode, type: string): DumpedNode[] =>
    (outgoing.get(endKey(nodeKey(from), type)) ?? []).map(({ to }) => byKey.get(to)!);
  return {
    hasEdge: (from, type, to) => targets(from, type).some((node) => nodeKey(node) === nodeKey(to)),
    targets,
    sources: (to, type) => (incoming.get(endKey(nodeKey(to), type)) ?? []).map(({ from }) => byKey.get(from)!),
    nodesOf: (label) => byLabel.get(label) ?? [],
  };
}

function endKey(end: string, type: string): string {
  return `${end} ${type}`;
}
