import type { LogAdmin } from '../platform/kafka/log.ts';
import type { Topics } from '../platform/topics.ts';
import type { Graph, GraphTransaction, StoredMarker } from './graph/graph.ts';
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
  const isApplied = lags.every(({ left }) => left === 0n);
  const { pending, waitingAnalyses, within } = await graph.transact(async (tx) => ({
    pending: await tx.countPendingMarkers(),
    waitingAnalyses: await tx.countWaitingAnalyses(),
    // What waits for later records only matters when all else is done; to tell it apart takes the markers themselves.
    within: bounds === undefined || !isApplied ? undefined : await countWithin(tx, bounds),
  }));
  const lag: Lag = {
    stages: {},
    waitingScopes: within?.scopes ?? pending.waiting,
    incompleteScopes: pending.incomplete,
    waitingAnalyses: within?.analyses ?? waitingAnalyses,
  };
  for (const stage of stages) lag.stages[stage] = 0n;
  for (const { stage, left } of lags) lag.stages[stage] = (lag.stages[stage] ?? 0n) + left;
  return lag;
}

/** What waits and is of these bounds; `scopes` is undefined where there are more markers than are looked at. */
async function countWithin(
  tx: GraphTransaction,
  bounds: LogBoundsByTopic,
): Promise<{ scopes: number | undefined; analyses: number }> {
  const isWithin = checkWithin(bounds);
  const pending = await tx.pendingMarkers('', looksAt);
  const notes = await tx.markers({ kind: 'analysis', state: 'waiting' });
  return {
    scopes:
      pending.length === looksAt
        ? undefined
        : pending.filter((marker) => marker.state === 'waiting' && isWithin(marker)).length,
    analyses: new Set(notes.filter(isWithin).map(({ subject }) => subject)).size,
  };
}

/** Makes the check whether all that a marker covers is within these bounds. */
function checkWithin(bounds: LogBoundsByTopic): (marker: StoredMarker) => boolean {
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
