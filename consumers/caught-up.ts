import type { LogAdmin } from '../platform/kafka/log.ts';
import type { Topics } from '../platform/topics.ts';
import type { Graph, StoredMarker } from './graph/graph.ts';
import { offsetsOf, placeOf } from './runner/gate.ts';
import type { StageName } from './stages/stage.ts';
import { type LogBoundsByTopic, readPartitionLags } from './status/partition-lags.ts';

/** How far a graph's stages are behind the end of the log. */
export interface Lag {
  /** Records left, by stage. */
  stages: Record<string, bigint>;
  /** Complete scopes that wait for their cleanup, and those whose end-to-end check failed. */
  waitingScopes: number;
  incompleteScopes: string[];
  /** Accounts and organizations whose derived values are to be made. */
  waitingAnalyses: number;
}

/** Waiting markers that are looked at one by one. */
const looksAt = 5_000;

/** @param bounds What the stages have to pass. Default: all that is in the log now. */
export async function readLag(
  graph: Graph,
  admin: Pick<LogAdmin, 'offsets'>,
  topics: Topics,
  stages: readonly StageName[],
  bounds?: LogBoundsByTopic,
): Promise<Lag> {
  const lags = await readPartitionLags(graph, admin, topics, stages, bounds);
  const { pending, looked, analyses } = await graph.transact(async (tx) => ({
    pending: await tx.countPendingMarkers(),
    looked: bounds === undefined ? [] : await tx.pendingMarkers('', looksAt),
    analyses: await tx.markers({ kinds: ['analysis'], states: ['waiting'] }),
  }));
  const lag: Lag = {
    stages: {},
    // What waits for later records can only be told apart, and only matters, when little is left.
    waitingScopes:
      bounds === undefined || looked.length === looksAt
        ? pending.waiting
        : looked.filter(({ state }) => state === 'waiting').filter(within(bounds)).length,
    incompleteScopes: pending.incomplete,
    waitingAnalyses: new Set(analyses.map(({ subject }) => subject)).size,
  };
  for (const stage of stages) lag.stages[stage] = 0n;
  for (const { stage, left } of lags) lag.stages[stage] = (lag.stages[stage] ?? 0n) + left;
  return lag;
}

/** Makes the check whether all that a marker covers is within these bounds. */
function within(bounds: LogBoundsByTopic): (marker: StoredMarker) => boolean {
  const ends = new Map(
    [...bounds].flatMap(([topic, partitions]) =>
      partitions.map(({ partition, high }) => [placeOf({ topic, partition }), high]),
    ),
  );
  return (marker) => offsetsOf(marker).every((end) => BigInt(end.offset) <= (ends.get(placeOf(end)) ?? 0n));
}

/** Whether all is done that the stages that `lag` was read for do. */
export function isCaughtUp({ stages, waitingScopes, waitingAnalyses }: Lag): boolean {
  return (
    Object.values(stages).every((left) => left === 0n) &&
    (waitingScopes === 0 || !('cleanup' in stages)) &&
    (waitingAnalyses === 0 || !('analysis' in stages))
  );
}
