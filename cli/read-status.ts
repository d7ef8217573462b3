import { isCaughtUp, type Lag, readLag } from '../consumers/caught-up.ts';
import { readLetters } from '../consumers/dead-letters/letters.ts';
import { Label } from '../consumers/graph/names.ts';
import type { Neo4jGraph } from '../consumers/graph/neo4j-graph.ts';
import { stageNames } from '../consumers/load.ts';
import type { Log, LogAdmin } from '../platform/kafka/log.ts';
import type { Topics } from '../platform/topics.ts';

export interface ScopeStatus {
  scope: string;
  outcome: string;
  reason: string | null;
  updateTag: number;
  /** Since it ended. */
  ageSeconds: number;
}

/** How far one graph is with its log. */
export interface Status {
  caughtUp: boolean;
  /** Records left, by stage. */
  lag: Record<string, number>;
  /** Complete scopes whose cleanup waits for the links stage. */
  scopesWaiting: number;
  /** Accounts and organizations whose derived values wait for the cleanup. */
  analysesWaiting: number;
  /** Complete scopes of which the graph lacks records. */
  incompleteScopes: string[];
  /** Dead letters that nobody has dealt with, by topic. */
  deadLetters: Record<string, number>;
  scopesByOutcome: Record<string, number>;
  /** The newest end of each scope, the oldest first. */
  scopes: ScopeStatus[];
}

export async function readStatus(
  graph: Neo4jGraph,
  { log, admin, topics }: { log: Log; admin: Pick<LogAdmin, 'offsets'>; topics: Topics },
  now: number = Date.now(),
): Promise<Status> {
  const lag: Lag = await readLag(graph, admin, topics, stageNames);
  const scopes = await graph.query<{
    scope: string;
    outcome: string;
    reason: string | null;
    tag: number;
    endedAt: number;
  }>(
    `MATCH (s:${Label.scope}) WHERE s.outcome IS NOT NULL
     RETURN s.id AS scope, s.outcome AS outcome, s.reason AS reason, s.tag AS tag, s.endedAt AS endedAt
     ORDER BY endedAt, scope`,
  );
  const letters = await readLetters(log, topics);
  const deadLetters = Object.fromEntries(
    [topics.assets, topics.hierarchy, topics.markers].map((topic) => [
      topics.deadLetters(topic),
      letters.filter((letter) => letter.topic === topic).length,
    ]),
  );
  const byOutcome = Map.groupBy(scopes, ({ outcome }) => outcome);
  return {
    caughtUp: isCaughtUp(lag),
    lag: Object.fromEntries(Object.entries(lag.stages).map(([stage, left]) => [stage, Number(left)])),
    scopesWaiting: lag.waitingScopes,
    analysesWaiting: lag.waitingAnalyses,
    incompleteScopes: lag.incompleteScopes,
    deadLetters,
    scopesByOutcome: Object.fromEntries([...byOutcome].map(([outcome, list]) => [outcome, list.length])),
    scopes: scopes.map(({ scope, outcome, reason, tag, endedAt }) => ({
      scope,
      outcome,
      reason,
      updateTag: tag,
      ageSeconds: Math.max(0, Math.round((now - endedAt) / 1_000)),
    })),
  };
}
