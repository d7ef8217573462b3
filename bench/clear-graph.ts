import type { Neo4jGraph } from '../consumers/graph/neo4j-graph.ts';

/** Deletes all nodes; constraints and indexes stay. */
export async function clearGraph(graph: Neo4jGraph): Promise<void> {
  for (;;) {
    const [answer] = await graph.query<{ gone: number }>(
      'MATCH (n) WITH n LIMIT 20000 DETACH DELETE n RETURN count(n) AS gone',
    );
    if (answer!.gone === 0) return;
  }
}
