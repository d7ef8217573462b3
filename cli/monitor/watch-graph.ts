import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';

import { countLetters } from '../../consumers/dead-letters/letters.ts';
import type { Neo4jGraph } from '../../consumers/graph/neo4j-graph.ts';
import { placeOf } from '../../consumers/runner/gate.ts';
import { type OrganizationNode, readOrganizations } from '../../consumers/status/organizations.ts';
import type { PartitionLag } from '../../consumers/status/partition-lags.ts';
import { readScopes } from '../../consumers/status/scopes.ts';
import { messageOf } from '../../platform/errors.ts';
import type { Metrics } from '../../platform/telemetry/metrics.ts';
import { readStatus, type ScopeStatus, scopeStatus, type Status, type StatusSource } from '../read-status.ts';

/** What a look at the graph and the log finds. */
export interface GraphView extends Status {
  organizations: OrganizationNode[];
  /** Scopes that did not end `complete`, at most `mostOpenScopes`. */
  openScopes: ScopeStatus[];
}

export interface WatchOptions {
  graph: Neo4jGraph;
  source: StatusSource;
  metrics: Metrics;
  logger: Logger;
  /** Told of each look, or why it failed. */
  onView: (view: GraphView) => void;
  onFailure: (reason: string) => void;
  signal: AbortSignal;
  /** Between two looks, at least. Default 5,000. */
  intervalMs?: number;
}

const mostOpenScopes = 200;
/** Looks take at most this part of the time: the larger the graph, the rarer they are. */
const shareOfTime = 0.1;

/** Looks at the graph and the log again and again, and sets the gauges. Ends with the signal; never rejects. */
export async function watchGraph(options: WatchOptions): Promise<void> {
  const { graph, source, metrics, logger, onView, onFailure, signal, intervalMs = 5_000 } = options;
  const letters = countLettersAnew(source, signal);
  const isAsked = findStanding();
  while (!signal.aborted) {
    const startedAtMs = performance.now();
    try {
      const status = await readStatus(graph, source, { letters, isAsked });
      const organizations = await readOrganizations(graph);
      const open = await readScopes(graph, { onlyOpen: true, limit: mostOpenScopes });
      setGauges(metrics, status);
      onView({ ...status, organizations, openScopes: open.map((scope) => scopeStatus(scope)) });
    } catch (error) {
      if (signal.aborted) return;
      metrics.add('cartography_stream_watch_failures_total', {});
      logger.debug({ reason: messageOf(error) }, 'the state of the graph cannot be read now');
      onFailure(messageOf(error));
    }
    const tookMs = performance.now() - startedAtMs;
    await sleep(Math.max(intervalMs, tookMs / shareOfTime), undefined, { signal }).catch(() => undefined);
  }
}

/** What moves on between two looks waits for nothing. */
function findStanding(): (lag: PartitionLag) => boolean {
  const seen = new Map<string, bigint>();
  return (lag) => {
    const place = `${lag.stage}/${placeOf(lag)}`;
    const isStanding = seen.get(place) === lag.at;
    seen.set(place, lag.at);
    return isStanding;
  };
}

/** The letters are counted by reading their topics: only where something was written there since the last count. */
function countLettersAnew(source: StatusSource, signal: AbortSignal): () => Promise<Record<string, number>> {
  let counted: { ends: string; letters: Record<string, number> } | undefined;
  return async () => {
    const { admin, topics } = source;
    const dead = [topics.assets, topics.hierarchy, topics.markers].map((topic) => topics.deadLetters(topic));
    const offsets = await Promise.all(dead.map((topic) => admin.offsets(topic)));
    const ends = offsets
      .flat()
      .map(({ low, high }) => `${low}-${high}`)
      .join(' ');
    if (counted?.ends !== ends) counted = { ends, letters: await countLetters(source.log, source.topics, { signal }) };
    return counted.letters;
  };
}

function setGauges(metrics: Metrics, status: Status): void {
  const { stages, deadLetters, scopesByOutcome, scopesWaiting, incompleteScopes, accounts, runs } = status;
  for (const { stage, partitions } of stages) {
    for (const { topic, partition, lag } of partitions)
      metrics.set('cartography_stream_lag_records', { stage, topic, partition: String(partition) }, lag);
  }
  for (const [topic, count] of Object.entries(deadLetters))
    metrics.set('cartography_stream_dead_letters', { topic }, count);
  metrics.replace(
    'cartography_stream_scopes',
    Object.entries(scopesByOutcome).map(([outcome, count]) => [{ outcome }, count]),
  );
  metrics.set('cartography_stream_scopes_waiting', {}, scopesWaiting);
  metrics.set('cartography_stream_scopes_incomplete', {}, incompleteScopes.length);
  metrics.replace(
    'cartography_stream_account_as_of_timestamp_seconds',
    accounts.flatMap(({ id, asOf }) => (asOf === null ? [] : [[{ account: id }, Date.parse(asOf) / 1_000]])),
  );
  const [started] = runs;
  const ended = runs.find(({ state }) => state === 'loading' || state === 'loaded');
  const at = ({ ageSeconds }: { ageSeconds: number }): number => Math.floor(Date.now() / 1_000) - ageSeconds;
  if (started !== undefined)
    metrics.set('cartography_stream_last_run_timestamp_seconds', { state: 'started' }, started.updateTag);
  if (ended !== undefined) metrics.set('cartography_stream_last_run_timestamp_seconds', { state: 'ended' }, at(ended));
}
