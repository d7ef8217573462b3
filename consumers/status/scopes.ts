import { Label } from '../graph/names.ts';
import type { Neo4jGraph } from '../graph/neo4j-graph.ts';

/** How a scope ended last, and what the graph has of it. Times in milliseconds. */
export interface ScopeState {
  scope: string;
  outcome: string;
  reason: string | null;
  tag: number;
  endedAt: number;
  asOf: number | null;
}

export interface ScopeFilter {
  account?: string;
  /** Leaves out those that ended `complete`. */
  onlyOpen?: boolean;
  limit?: number;
}

/** The scopes of accounts and organizations, the one that ended first at the top. */
export async function readScopes(graph: Neo4jGraph, filter: ScopeFilter = {}): Promise<ScopeState[]> {
  const { account = null, onlyOpen = false, limit = 2 ** 31 - 1 } = filter;
  return graph.query<ScopeState>(
    `MATCH (s:${Label.scope}) WHERE s.outcome IS NOT NULL AND ($account IS NULL OR s.accountId = $account) AND (NOT $onlyOpen OR s.outcome <> 'complete')
     RETURN s.id AS scope, s.outcome AS outcome, s.reason AS reason, s.tag AS tag, s.endedAt AS endedAt, s.asOf AS asOf
     ORDER BY endedAt, scope LIMIT toInteger($limit)`,
    { account, onlyOpen, limit },
  );
}
