import type { LogAdmin } from '../platform/kafka/log.ts';
import type { Topics } from '../platform/topics.ts';
import type { Graph } from './graph/graph.ts';
import type { StageName } from './stages/stage.ts';
import { readPartitionLags } from './status/partition-lags.ts';

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
  const lags = await readPartitionLags(graph, admin, topics, stages);
  const { waiting, analyses } = await graph.transact(async (tx) => ({
    waiting: await tx.markers({ kinds: ['scope', 'hierarchy'], states: ['waiting', 'incomplete'] }),
    analyses: await tx.markers({ kinds: ['analysis'], states: ['waiting'] }),
  }));
  const lag: Lag = {
    stages: {},
    waitingScopes: waiting.filter(({ state }) => state === 'waiting').length,
    incompleteScopes: waiting.filter(({ state }) => state === 'incomplete').map(({ subject }) => subject),
    waitingAnalyses: new Set(analyses.map(({ subject }) => subject)).size,
  };
  for (const stage of stages) lag.stages[stage] = 0n;
  for (const { stage, left } of lags) lag.stages[stage] = (lag.stages[stage] ?? 0n) + left;
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
