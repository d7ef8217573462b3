import { type DumpedNode, type GraphDump, nodeKey } from './graph-dump.ts';

/** Nodes whose id differs on purpose, and by what they are compared instead: undefined leaves a node its own id. */
export interface Alignment {
  label: string;
  idOf: (properties: DumpedNode['properties']) => string | undefined;
}

/** The graph with other ids for the nodes that are named, and for the ends of their edges; the property `id` stays what it is. */
export function alignIds({ nodes, edges }: GraphDump, alignments: readonly Alignment[]): GraphDump {
  const keys = new Map<string, string>();
  const aligned = nodes.map((node) => {
    const id = alignments.find(({ label }) => label === node.label)?.idOf(node.properties);
    if (id === undefined) return node;
    const renamed = { ...node, id };
    keys.set(nodeKey(node), nodeKey(renamed));
    return renamed;
  });
  const end = (key: string): string => keys.get(key) ?? key;
  return { nodes: aligned, edges: edges.map((edge) => ({ ...edge, from: end(edge.from), to: end(edge.to) })) };
}
