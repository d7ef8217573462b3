import { setTimeout as sleep } from 'node:timers/promises';
import { isCaughtUp, readLag } from '../consumers/caught-up.ts';
import { stageNames, startLoaders } from '../consumers/load.ts';
import { topicSpecs, topicsOf } from '../platform/topics.ts';
import { startAws } from './aws/start-aws.ts';
import { clearGraph } from './clear-graph.ts';
import { fillLog } from './fill-log.ts';
import type { Result } from './result.ts';
import { type Servers, silent } from './servers.ts';

const estate = { accounts: 5, regions: ['us-east-1', 'eu-west-1'], instances: 500, pageSize: 1000 };

/** From the start of the collector and all loader stages to the complete graph, cleanup included. */
export async function benchEndToEnd(servers: Servers): Promise<Result[]> {
  const prefix = 'bench.end-to-end';
  const { log, registry, graph } = servers;
  await clearGraph(graph);
  const aws = await startAws(estate);
  const admin = await log.admin();
  await admin.ensureTopics(topicSpecs({ prefix }));
  const started = performance.now();
  const loaders = await startLoaders({ log, registry, graph, topicPrefix: prefix, graphName: 'bench', logger: silent });
  try {
    const summary = await fillLog(servers, aws, { prefix, updateTag: 1_767_225_600 });
    const collected = (performance.now() - started) / 1000;
    while (!isCaughtUp(await Promise.race([readLag(graph, admin, topicsOf(prefix), stageNames), loaders.failed]))) {
      await sleep(100);
    }
    const seconds = (performance.now() - started) / 1000;
    const records = Object.values(summary.recordsByType).reduce((sum, count) => sum + count, 0);
    const note = `${estate.accounts} accounts x ${estate.regions.length} regions x ${estate.instances} instances, ${records} records; collected after ${collected.toFixed(1)} s`;
    return [{ name: 'end to end', unit: 's', ours: seconds, note }];
  } finally {
    await loaders.close();
    await admin.close();
    await aws.stop();
  }
}
