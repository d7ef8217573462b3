import { countLetters } from '../consumers/dead-letters/letters.ts';
import { Label } from '../consumers/graph/names.ts';
import type { Neo4jGraph } from '../consumers/graph/neo4j-graph.ts';
import { stageNames } from '../consumers/load.ts';
import { placeOf } from '../consumers/runner/gate.ts';
import { readAccounts } from '../consumers/status/accounts.ts';
import { type GateWait, readGateWaits } from '../consumers/status/gate-waits.ts';
import { type PartitionLag, readPartitionLags } from '../consumers/status/partition-lags.ts';
import { type RunOverview, readRuns } from '../consumers/status/runs.ts';
import { readScopes, type ScopeState } from '../consumers/status/scopes.ts';
import type { Log, LogAdmin } from '../platform/kafka/log.ts';
import type { Topics } from '../platform/topics.ts';
import { findWaitingShards } from '../producers/shards/combine-shards.ts';
import { readShards } from '../producers/shards/read-shards.ts';
import { createDecoder } from '../schemas/codec.ts';
import type { SchemaRegistry } from '../schemas/registry.ts';

export interface ScopeStatus {
  scope: string;
  outcome: string;
  reason: string | null;
  updateTag: number;
  /** Since it ended. */
  ageSeconds: number;
  /** ISO 8601: the graph has what was there then or later; null while it was never applied whole. */
  asOf: string | null;
}

export interface AccountStatus {
  id: string;
  name: string | null;
  /** Of the newest run that came to the account's end. */
  updateTag: number | null;
  outcomes: Record<string, number>;
  /** Since its newest scope ended. */
  ageSeconds: number;
  /** As of ScopeStatus, of the scope for which it is the longest ago. */
  asOf: string | null;
}

export interface RunStatus {
  updateTag: number;
  state: RunOverview['state'];
  /** Since it ended, or started where it has not. */
  ageSeconds: number;
  accounts: { planned: number; ended: number };
  outcomes: Record<string, number>;
  waitingScopes: number;
  incompleteScopes: number;
  /** Where collectors share the run and it has not ended: the shards that have not (FullStatus only). */
  waitingForShards?: number[];
}

export interface StageStatus {
  stage: string;
  /** Records left. */
  lag: number;
  /** The next offset to apply, and what is left. */
  partitions: { topic: string; partition: number; offset: number; lag: number }[];
  /** What its gate waits for. */
  waitsFor: GateWait[];
}

/** How far one graph is with its log. */
export interface Status {
  caughtUp: boolean;
  /** The newest first. */
  runs: RunStatus[];
  stages: StageStatus[];
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
  /** By id. */
  accounts: AccountStatus[];
  scopesByOutcome: Record<string, number>;
}

/** With each scope. */
export interface FullStatus extends Status {
  /** The newest end of each scope, the oldest first. */
  scopes: ScopeStatus[];
}

export interface StatusSource {
  log: Log;
  admin: Pick<LogAdmin, 'offsets' | 'messageAt'>;
  topics: Topics;
}

export interface ShardsSource {
  log: Log;
  admin: Pick<LogAdmin, 'topicIds'>;
  registry: SchemaRegistry;
  topics: Topics;
}

export type FullStatusSource = StatusSource & ShardsSource;

export interface StatusOptions {
  now?: number;
  /** Counts the dead letters. Default: by reading their topics. */
  letters?: () => Promise<Record<string, number>>;
  /** As of GateWaitOptions. */
  isAsked?: (lag: PartitionLag) => boolean;
}

/** Without the scopes, of which there may be a million. */
export async function readStatus(
  graph: Neo4jGraph,
  source: StatusSource,
  {
    now = Date.now(),
    letters = () => countLetters(source.log, source.topics),
    isAsked = () => true,
  }: StatusOptions = {},
): Promise<Status> {
  const { admin, topics } = source;
  const lags = await readPartitionLags(graph, admin, topics, stageNames);
  const { scopesWaiting, incomplete, analysesWaiting } = await graph.transact(async (tx) => {
    const { waiting, incomplete } = await tx.countPendingMarkers();
    return { scopesWaiting: waiting, incomplete, analysesWaiting: await tx.countWaitingAnalyses() };
  });
  const waits = await readGateWaits({ graph, admin, topics, lags, isAsked });
  const lows = new Map(lags.map((lag) => [placeOf(lag), lag.low]));
  const runs = await readRuns(graph, (topic, partition) => lows.get(placeOf({ topic, partition })) ?? 0n);
  const accounts = await readAccounts(graph);
  const outcomes = await graph.query<{ outcome: string; scopes: number }>(
    `MATCH (s:${Label.scope}) WHERE s.outcome IS NOT NULL RETURN s.outcome AS outcome, count(*) AS scopes ORDER BY outcome`,
  );
  const stages = stageNames.map((stage) =>
    stageStatus(
      stage,
      lags.filter((lag) => lag.stage === stage),
      waits[stage],
    ),
  );
  const ageOf = (at: number): number => Math.max(0, Math.round((now - at) / 1_000));
  return {
    caughtUp: scopesWaiting === 0 && analysesWaiting === 0 && stages.every(({ lag }) => lag === 0),
    runs: runs.map(({ tag, at, accountsPlanned, accountsEnded, state, ...counts }) => ({
      updateTag: tag,
      state,
      ageSeconds: ageOf(at),
      accounts: { planned: accountsPlanned, ended: accountsEnded },
      ...counts,
    })),
    stages,
    lag: Object.fromEntries(stages.map(({ stage, lag }) => [stage, lag])),
    scopesWaiting,
    analysesWaiting,
    incompleteScopes: incomplete.toSorted(),
    deadLetters: await letters(),
    accounts: accounts.map(({ id, name, tag, outcomes, endedAt, asOf }) => ({
      id,
      name,
      updateTag: tag,
      outcomes,
      ageSeconds: ageOf(endedAt),
      asOf: asOf === null ? null : new Date(asOf).toISOString(),
    })),
    scopesByOutcome: Object.fromEntries(outcomes.map(({ outcome, scopes }) => [outcome, scopes])),
  };
}

export async function readFullStatus(graph: Neo4jGraph, source: FullStatusSource): Promise<FullStatus> {
  const status = await readStatus(graph, source);
  const scopes = (await readScopes(graph)).map((scope) => scopeStatus(scope));
  return { ...status, runs: await addWaitingShards(source, status.runs), scopes };
}

/** Says of runs that have not ended which shards they wait for. */
export async function addWaitingShards(source: ShardsSource, runs: readonly RunStatus[]): Promise<RunStatus[]> {
  const { log, admin, topics, registry } = source;
  const isOpen = ({ state }: RunStatus): boolean => state === 'collecting' || state === 'unfinished';
  if (!runs.some(isOpen) || !(await admin.topicIds([topics.shards])).has(topics.shards)) return [...runs];
  const decoder = createDecoder(registry);
  return Promise.all(
    runs.map(async (run) => {
      if (!isOpen(run)) return run;
      const waitingForShards = findWaitingShards(await readShards({ log, decoder }, topics.shards, run.updateTag));
      return waitingForShards.length === 0 ? run : { ...run, waitingForShards };
    }),
  );
}

export function scopeStatus({ scope, outcome, reason, tag, endedAt, asOf }: ScopeState, now = Date.now()): ScopeStatus {
  return {
    scope,
    outcome,
    reason,
    updateTag: tag,
    ageSeconds: Math.max(0, Math.round((now - endedAt) / 1_000)),
    asOf: asOf === null ? null : new Date(asOf).toISOString(),
  };
}

function stageStatus(stage: string, lags: readonly PartitionLag[], waitsFor: GateWait[] = []): StageStatus {
  return {
    stage,
    lag: Number(lags.reduce((sum, { left }) => sum + left, 0n)),
    partitions: lags.map((lag) => ({
      topic: lag.topic,
      partition: lag.partition,
      offset: Number(lag.at),
      lag: Number(lag.left),
    })),
    waitsFor,
  };
}
