import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';

import { type Lag, readLag } from '../consumers/caught-up.ts';
import type { LogBoundsByTopic } from '../consumers/status/partition-lags.ts';
import { classifyFailure } from '../consumers/graph/failure.ts';
import type { Neo4jGraph } from '../consumers/graph/neo4j-graph.ts';
import { readRunState, type RunState } from '../consumers/run-state.ts';
import type { StageName } from '../consumers/stages/stage.ts';
import { messageOf } from '../platform/errors.ts';
import type { LogAdmin } from '../platform/kafka/log.ts';
import type { Topics } from '../platform/topics.ts';

export interface FollowOptions {
  graph: Neo4jGraph;
  admin: LogAdmin;
  topics: Topics;
  stages: readonly StageName[];
  /** What the stages have to pass. Default: all that is in the log at each look. */
  bounds?: LogBoundsByTopic;
  logger: Logger;
  signal: AbortSignal;
  /** Told at each look. */
  onLag?: (lag: Lag) => void;
  /** Between two looks. Default 500. */
  pollMs?: number;
}

/**
 * Looks again and again how far the graph is until the condition holds; goes on through outages that pass.
 * @throws the signal's reason
 */
export async function followGraph(
  options: FollowOptions,
  isDone: (lag: Lag) => boolean | Promise<boolean>,
): Promise<void> {
  const { graph, admin, topics, stages, bounds, logger, signal, onLag, pollMs = 500 } = options;
  for (;;) {
    signal.throwIfAborted();
    try {
      const lag = await readLag(graph, admin, topics, stages, bounds);
      onLag?.(lag);
      if (await isDone(lag)) return;
    } catch (error) {
      if (classifyFailure(error) !== 'transient') throw error;
      logger.debug({ reason: messageOf(error) }, 'the state of the graph cannot be read now');
    }
    await sleep(pollMs, undefined, { signal }).catch(() => undefined);
  }
}

/**
 * Resolves when the graph holds all of a run that has been written to the log by now.
 * @throws the signal's reason
 */
export async function waitUntilLoaded(options: FollowOptions, updateTag: number): Promise<RunState> {
  const { graph, admin, topics } = options;
  const starts = new Map<string, bigint>();
  for (const topic of [topics.assets, topics.hierarchy]) {
    for (const { partition, low } of await admin.offsets(topic)) starts.set(`${topic}/${partition}`, low);
  }
  // An earlier run with this tag may have left its end in the graph: this run's markers must have been read first.
  const markers = await admin.offsets(topics.markers);
  let state: RunState | undefined;
  await followGraph(options, async () => {
    const fences = await graph.transact((tx) => tx.fences(['cleanup']));
    const isRead = markers.every(
      ({ partition, low, high }) =>
        high === low ||
        fences.some((fence) => fence.topic === topics.markers && fence.partition === partition && fence.offset >= high),
    );
    if (!isRead) return false;
    state = await readRunState(graph, updateTag, (topic, partition) => starts.get(`${topic}/${partition}`) ?? 0n);
    return state.state === 'loaded';
  });
  return state!;
}
