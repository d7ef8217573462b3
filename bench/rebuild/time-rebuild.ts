import { setTimeout as sleep } from 'node:timers/promises';
import { isCaughtUp, readLag } from '../../consumers/caught-up.ts';
import { readBounds } from '../../consumers/status/partition-lags.ts';
import { type Loaders, stageNames, startLoaders } from '../../consumers/load.ts';
import { topicsOf } from '../../platform/topics.ts';
import { type Servers, silent } from '../servers.ts';

let rebuilds = 0;

/** Builds the graph of a log, as `replay` does, with all stages in this process. Resolves with the seconds until it is complete. */
export async function timeRebuild(
  servers: Pick<Servers, 'log' | 'registry' | 'graph'>,
  prefix: string,
): Promise<number> {
  const { log, registry, graph } = servers;
  const topics = topicsOf(prefix);
  const admin = await log.admin();
  let loaders: Loaders | undefined;
  try {
    const bounds = await readBounds(admin, topics, stageNames);
    const started = performance.now();
    loaders = await startLoaders({
      ...{ log, registry, graph, topicPrefix: prefix, logger: silent },
      graphName: `bench-rebuild-${process.pid}-${rebuilds++}`,
    });
    for (;;) {
      const lag = await Promise.race([readLag(graph, admin, topics, stageNames, bounds), loaders.failed]);
      if (isCaughtUp(lag)) break;
      await sleep(500);
    }
    return (performance.now() - started) / 1_000;
  } finally {
    await loaders?.close();
    await admin.close();
  }
}
