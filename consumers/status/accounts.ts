import { Label } from '../graph/names.ts';
import type { Neo4jGraph } from '../graph/neo4j-graph.ts';

/** What the graph knows of one account's latest run. Times in milliseconds. */
export interface AccountState {
  id: string;
  /** As the graph has it. */
  name: string | null;
  /** Of the newest run that came to the account's end; null before the first. */
  tag: number | null;
  /** Number of its scopes by outcome, those of a run under way included. */
  outcomes: Record<string, number>;
  /** The newest end of a scope. */
  endedAt: number;
  /** The graph has what all these scopes held then or later; null while none was ever applied whole. */
  asOf: number | null;
}

interface ScopeGroup {
  account: string;
  tag: number;
  outcome: string;
  scopes: number;
  endedAt: number;
  asOf: number | null;
}

/**
 * The accounts by id. A scope that the account's latest run no longer asked for is left out: its age says nothing about
 * the account's. Neither does one that was never read whole: its outcome says it.
 */
export async function readAccounts(graph: Neo4jGraph): Promise<AccountState[]> {
  const groups = await graph.query<ScopeGroup>(
    `MATCH (s:${Label.scope}) WHERE s.accountId IS NOT NULL AND s.outcome IS NOT NULL
     RETURN s.accountId AS account, s.tag AS tag, s.outcome AS outcome, count(*) AS scopes, max(s.endedAt) AS endedAt, min(s.asOf) AS asOf`,
  );
  const ended = await graph.query<{ account: string; tag: number }>(
    `MATCH (m:${Label.marker}) WHERE m.key STARTS WITH 'account|' RETURN m.subject AS account, max(m.tag) AS tag`,
  );
  const names = await graph.query<{ id: string; name: string | null }>(
    'MATCH (a:AWSAccount) WHERE a.id IN $ids RETURN a.id AS id, a.name AS name',
    { ids: [...new Set(groups.map(({ account }) => account))] },
  );
  const tags = new Map(ended.map(({ account, tag }) => [account, tag]));
  const nameOf = new Map(names.map(({ id, name }) => [id, name]));
  return [...Map.groupBy(groups, ({ account }) => account)]
    .map(([id, all]) => {
      const tag = tags.get(id) ?? null;
      const latest = all.filter((group) => tag === null || group.tag >= tag);
      const outcomes: Record<string, number> = {};
      for (const { outcome, scopes } of latest) outcomes[outcome] = (outcomes[outcome] ?? 0) + scopes;
      const applied = latest.flatMap(({ asOf }) => asOf ?? []);
      return {
        id,
        name: nameOf.get(id) ?? null,
        tag,
        outcomes,
        endedAt: Math.max(...all.map(({ endedAt }) => endedAt)),
        asOf: applied.length === 0 ? null : Math.min(...applied),
      };
    })
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}
