import type { Neo4jGraph } from '../../consumers/graph/neo4j-graph.ts';

export async function dropConstraints(graph: Neo4jGraph): Promise<void> {
  for (const { name } of await graph.query<{ name: string }>('SHOW CONSTRAINTS YIELD name'))
    await graph.query(`DROP CONSTRAINT \`${name}\``);
}

/** All but those that a database has from its beginning. Those of constraints go with these. */
export async function dropIndexes(graph: Neo4jGraph): Promise<void> {
  for (const { name } of await graph.query<{ name: string }>(
    "SHOW INDEXES YIELD name, type WHERE type <> 'LOOKUP' RETURN name",
  ))
    await graph.query(`DROP INDEX \`${name}\``);
}
