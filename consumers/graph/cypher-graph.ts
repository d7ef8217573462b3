/** Runs one statement and gives its records. */
export type Run = <T extends object>(text: string, parameters: Record<string, unknown>) => Promise<T[]>;

/**
 * Neo4j plans a statement anew when the graph has grown since: of no use where indexes are named and every row is looked
 * up by its key, and it costs more than the rows of a small batch.
 * https://neo4j.com/docs/cypher-manual/current/planning-and-tuning/query-tuning/#cypher-replanning
 */
export const KEEP_PLAN = 'CYPHER replan=skip ';

/**
 * A graph that speaks Cypher: the port of what is written as Cypher and cannot be said with the methods of Graph. Derived
 * values are; the stages are not.
 */
export interface CypherGraph {
  /** Creates constraints and indexes that are not there; cheap for those that this process knows of. */
  define(statements: readonly string[]): Promise<void>;
  /** Runs the work in one transaction and commits. An error rolls back and is thrown as it came; see failure.ts. */
  transactCypher<T>(work: (run: Run) => Promise<T>): Promise<T>;
}
