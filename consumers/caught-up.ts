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
}

export async function readLag(
  graph: Graph,
  admin: Pick<LogAdmin, 'offsets'>,
  topics: Topics,
  stages: readonly StageName[],
): Promise<Lag> {
  const { fences, waiting } = await graph.transact(async (tx) => ({
    fences: await tx.fences(stages),
    waiting: await tx.markers({ kinds: ['scope', 'hierarchy'], states: ['waiting', 'incomplete'] }),
  }));
  const applied = new Map(fences.map((fence) => [`${fence.stage}/${placeOf(fence)}`, fence.offset]));
  const lag: Lag = {
    stages: {},
    waitingScopes: waiting.filter(({ state }) => state === 'waiting').length,
    incompleteScopes: waiting.filter(({ state }) => state === 'incomplete').map(({ subject }) => subject),
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

export function isCaughtUp(lag: Lag): boolean {
  return lag.waitingScopes === 0 && Object.values(lag.stages).every((left) => left === 0n);
}
