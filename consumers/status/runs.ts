import { Label } from '../graph/names.ts';
import type { Neo4jGraph } from '../graph/neo4j-graph.ts';
import { readRunState } from '../run-state.ts';
import type { GateOptions } from '../runner/gate.ts';

/** What the graph knows of one run. */
export interface RunOverview {
  tag: number;
  /** As RunState has it; `unfinished`: its end never came, and a later run has started. */
  state: 'collecting' | 'loading' | 'loaded' | 'unfinished';
  /** When it ended, or started where that has not come; milliseconds. */
  at: number;
  accountsPlanned: number;
  accountsEnded: number;
  /** Number of scopes by outcome; empty before its end. */
  outcomes: Record<string, number>;
  waitingScopes: number;
  incompleteScopes: number;
}

/** The newest runs, newest first. `low`: the first offset that is still in the log. */
export async function readRuns(graph: Neo4jGraph, low: GateOptions['low'], limit = 5): Promise<RunOverview[]> {
  // A run has a marker of its start and one of its end, which comes first by kind.
  const markers = await graph.query<{ tag: number; value: string }>(
    `MATCH (m:${Label.marker} {subject: 'run'}) WITH m ORDER BY m.kind
     WITH m.tag AS tag, head(collect(m.value)) AS value RETURN tag, value ORDER BY tag DESC LIMIT toInteger($limit)`,
    { limit },
  );
  const ended = await graph.query<{ tag: number; accounts: number }>(
    `MATCH (m:${Label.marker}) WHERE m.key STARTS WITH 'account|' AND m.tag IN $tags RETURN m.tag AS tag, count(*) AS accounts`,
    { tags: markers.map(({ tag }) => tag) },
  );
  const accountsEnded = new Map(ended.map(({ tag, accounts }) => [tag, accounts]));
  const runs: RunOverview[] = [];
  for (const [index, { tag, value }] of markers.entries()) {
    const { accounts, outcomes, at } = JSON.parse(value) as RunMarkerValue;
    const run = await readRunState(graph, tag, low);
    runs.push({
      tag,
      state: run.state === 'collecting' && index > 0 ? 'unfinished' : run.state,
      at,
      accountsPlanned: accounts.length,
      accountsEnded: accountsEnded.get(tag) ?? 0,
      outcomes: Object.fromEntries(Object.entries(outcomes).filter(([, count]) => count > 0)),
      waitingScopes: run.waitingScopes,
      incompleteScopes: run.incompleteScopes.length,
    });
  }
  return runs;
}

interface RunMarkerValue {
  accounts: string[];
  outcomes: Record<string, number>;
  at: number;
}
