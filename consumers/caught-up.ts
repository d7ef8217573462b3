import type { LogAdmin, PartitionOffsets } from '../platform/kafka/log.ts';
import type { Topics } from '../platform/topics.ts';
import { readBy } from './load.ts';
import type { Graph, StoredMarker } from './graph/graph.ts';
import { offsetsOf, placeOf } from './runner/gate.ts';
import type { StageName } from './stages/stage.ts';

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

/** Where the log begins and ends, by topic. */
export type LogBoundsByTopic = ReadonlyMap<string, readonly PartitionOffsets[]>;

export async function readBounds(
  admin: Pick<LogAdmin, 'offsets'>,
  topics: Topics,
  stages: readonly StageName[],
): Promise<LogBoundsByTopic> {
  const names = [...new Set(stages.flatMap((stage) => readBy(stage, topics)))];
  return new Map(await Promise.all(names.map(async (name) => [name, await admin.offsets(name)] as const)));
}

/** @param bounds What the stages have to pass. Default: all that is in the log now. */
export async function readLag(
  graph: Graph,
  admin: Pick<LogAdmin, 'offsets'>,
  topics: Topics,
  stages: readonly StageName[],
  bounds?: LogBoundsByTopic,
): Promise<Lag> {
  const { fences, pending, looked, analyses } = await graph.transact(async (tx) => ({
    fences: await tx.fences(stages),
    pending: await tx.countPendingMarkers(),
    looked: bounds === undefined ? [] : await tx.pendingMarkers('', looksAt),
    analyses: await tx.markers({ kinds: ['analysis'], states: ['waiting'] }),
  }));
  const applied = new Map(fences.map((fence) => [`${fence.stage}/${placeOf(fence)}`, fence.offset]));
  const lag: Lag = {
    stages: {},
    // What waits for later records can only be told apart, and only matters, when little is left.
    waitingScopes:
      bounds === undefined || looked.length === looksAt
        ? pending.waiting
        : looked.filter((marker) => marker.state === 'waiting' && isWithin(marker, bounds)).length,
    incompleteScopes: pending.incomplete,
    waitingAnalyses: new Set(analyses.map(({ subject }) => subject)).size,
  };
  const all = bounds ?? (await readBounds(admin, topics, stages));
  for (const stage of stages) {
    let left = 0n;
    for (const topic of readBy(stage, topics)) {
      for (const { partition, low, high } of all.get(topic)!) {
        const at = applied.get(`${stage}/${topic}/${partition}`) ?? 0n;
        if (at < high) left += high - (at > low ? at : low);
      }
    }
    lag.stages[stage] = left;
  }
  return lag;
}

/** Whether all that the marker covers is within these bounds. */
function isWithin(marker: StoredMarker, bounds: LogBoundsByTopic): boolean {
  const ends = new Map(
    [...bounds].flatMap(([topic, partitions]) =>
      partitions.map(({ partition, high }) => [placeOf({ topic, partition }), high]),
    ),
  );
  return offsetsOf(marker).every((end) => BigInt(end.offset) <= (ends.get(placeOf(end)) ?? 0n));
}

/** Whether all is done that the stages that `lag` was read for do. */
export function isCaughtUp({ stages, waitingScopes, waitingAnalyses }: Lag): boolean {
  return (
    Object.values(stages).every((left) => left === 0n) &&
    (waitingScopes === 0 || !('cleanup' in stages)) &&
    (waitingAnalyses === 0 || !('analysis' in stages))
  );
}
