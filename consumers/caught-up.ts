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
}

export async function readLag(
  graph: Graph,
  admin: Pick<LogAdmin, 'offsets'>,
  topics: Topics,
  stages: readonly StageName[],
): Promise<Lag> {
  const lags = await readPartitionLags(graph, admin, topics, stages);
  const waiting = await graph.transact((tx) =>
    tx.markers({ kinds: ['scope', 'hierarchy'], states: ['waiting', 'incomplete'] }),
  );
  const lag: Lag = {
    stages: {},
    waitingScopes: waiting.filter(({ state }) => state === 'waiting').length,
    incompleteScopes: waiting.filter(({ state }) => state === 'incomplete').map(({ subject }) => subject),
  };
  for (const stage of stages) lag.stages[stage] = 0n;
  for (const { stage, left } of lags) lag.stages[stage] = (lag.stages[stage] ?? 0n) + left;
  return lag;
}

export function isCaughtUp(lag: Lag): boolean {
  return lag.waitingScopes === 0 && Object.values(lag.stages).every((left) => left === 0n);
}
