import { startLoaders } from '../../consumers/load.ts';
import type { StageName } from '../../consumers/stages/stage.ts';
import type { Log } from '../../platform/kafka/log.ts';
import { type Servers, silent } from '../servers.ts';

let groups = 0;

export interface StageRun {
  stage: StageName;
  prefix: string;
  /** How many messages the stage has to pass. */
  messages: number;
}

/**
 * Runs one stage over a whole log. Resolves with the seconds from the first batch that Kafka hands out to the last
 * commit: joining a consumer group takes as long for ten records as for ten million.
 */
export async function timeStage(
  servers: Pick<Servers, 'log' | 'registry' | 'graph'>,
  { stage, prefix, messages }: StageRun,
): Promise<number> {
  const done = Promise.withResolvers<number>();
  let startedMs: number | undefined;
  let passed = 0;
  const log: Log = {
    ...servers.log,
    consumer(options) {
      const consumer = servers.log.consumer(options);
      return {
        start: (handle) =>
          consumer.start((batch) => {
            if (batch.messages.length > 0) startedMs ??= performance.now();
            return handle(batch);
          }),
        failed: consumer.failed,
        close: () => consumer.close(),
      };
    },
  };
  const loaders = await startLoaders({
    log,
    registry: servers.registry,
    graph: servers.graph,
    graphName: `bench-${process.pid}-${groups++}`,
    topicPrefix: prefix,
    stages: [stage],
    gateTimeoutMs: 0,
    logger: silent,
    onProgress: (progress) => {
      passed += progress.messages;
      if (passed >= messages) done.resolve((performance.now() - startedMs!) / 1000);
    },
  });
  try {
    return await Promise.race([done.promise, loaders.failed]);
  } finally {
    await loaders.close();
  }
}
