import type { Neo4jGraph } from './graph/neo4j-graph.ts';

/** What is in the graph, the loaders' bookkeeping aside. */
export interface GraphTotals {
  nodes: number;
  relationships: number;
  /** A node counts for each of its labels. */
  nodesByLabel: Record<string, number>;
  relationshipsByType: Record<string, number>;
}

export async function readGraphTotals(graph: Neo4jGraph): Promise<GraphTotals> {
  const labels = await graph.query<{ name: string; count: number }>(
    "MATCH (n) UNWIND labels(n) AS name WITH name, count(*) AS count WHERE NOT name STARTS WITH '_' RETURN name, count ORDER BY name",
  );
  const types = await graph.query<{ name: string; count: number }>(
    'MATCH ()-[e]->() RETURN type(e) AS name, count(*) AS count ORDER BY name',
  );
  const [nodes] = await graph.query<{ count: number }>(
    "MATCH (n) WHERE none(label IN labels(n) WHERE label STARTS WITH '_') RETURN count(n) AS count",
  );
  return {
    nodes: nodes!.count,
    relationships: types.reduce((sum, { count }) => sum + count, 0),
    nodesByLabel: Object.fromEntries(labels.map(({ name, count }) => [name, count])),
    relationshipsByType: Object.fromEntries(types.map(({ name, count }) => [name, count])),
  };
}
