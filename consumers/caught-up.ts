import type { LogAdmin } from '../platform/kafka/log.ts';
import type { Topics } from '../platform/topics.ts';
import { readBy } from './load.ts';
import type { Graph } from './graph/graph.ts';
import { placeOf } from './runner/gate.ts';
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

export async function readLag(
  graph: Graph,
  admin: Pick<LogAdmin, 'offsets'>,
  topics: Topics,
  stages: readonly StageName[],
): Promise<Lag> {
  const { fences, waiting, analyses } = await graph.transact(async (tx) => ({
    fences: await tx.fences(stages),
    waiting: await tx.markers({ kinds: ['scope', 'hierarchy'], states: ['waiting', 'incomplete'] }),
    analyses: await tx.markers({ kinds: ['analysis'], states: ['waiting'] }),
  }));
  const applied = new Map(fences.map((fence) => [`${fence.stage}/${placeOf(fence)}`, fence.offset]));
  const lag: Lag = {
    stages: {},
    waitingScopes: waiting.filter(({ state }) => state === 'waiting').length,
    incompleteScopes: waiting.filter(({ state }) => state === 'incomplete').map(({ subject }) => subject),
    waitingAnalyses: new Set(analyses.map(({ subject }) => subject)).size,
  };
  const ends = new Map<string, Awaited<ReturnType<LogAdmin['offsets']>>>();
  for (const stage of stages) {
    let left = 0n;
    for (const topic of readBy(stage, topics)) {
      if (!ends.has(topic)) ends.set(topic, await admin.offsets(topic));
      for (const { partition, low, high } of ends.get(topic)!) {
        const at = applied.get(`${stage}/${topic}/${partition}`) ?? 0n;
        left += high - (at > low ? at : low);
      }
    }
    lag.stages[stage] = left;
  }
  return lag;
}

/** Whether all is done that the stages that `lag` was read for do. */
export function isCaughtUp({ stages, waitingScopes, waitingAnalyses }: Lag): boolean {
  return (
    Object.values(stages).every((left) => left === 0n) &&
    (waitingScopes === 0 || !('cleanup' in stages)) &&
    (waitingAnalyses === 0 || !('analysis' in stages))
  );
}
