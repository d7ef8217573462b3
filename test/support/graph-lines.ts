import type { Neo4jGraph } from '../../consumers/graph/neo4j-graph.ts';

/**
 * Every node and edge with all its properties, the loaders' and the clock's too, as sorted lines: equal before and after
 * means that nothing was written. Nodes that only the loaders keep (fences, markers) are left out.
 */
export async function graphLines(graph: Neo4jGraph): Promise<string[]> {
  const nodes = await graph.query<{ labels: string[]; props: Record<string, unknown> }>(
    "MATCH (n) WHERE none(label IN labels(n) WHERE label STARTS WITH '_') RETURN labels(n) AS labels, properties(n) AS props",
  );
  const edges = await graph.query<{ from: string; type: string; to: string; props: Record<string, unknown> }>(
    'MATCH (a)-[e]->(b) RETURN a.id AS from, type(e) AS type, b.id AS to, properties(e) AS props',
  );
  return [
    ...nodes.map(({ labels, props }) => `node ${labels.toSorted().join(':')} ${lineOf(props)}`),
    ...edges.map(({ from, type, to, props }) => `edge ${from} -${type}-> ${to} ${lineOf(props)}`),
  ].sort();
}

function lineOf(props: Record<string, unknown>): string {
  return JSON.stringify(Object.entries(props).sort(([a], [b]) => (a < b ? -1 : 1)));
}
