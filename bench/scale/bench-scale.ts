import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isCaughtUp, readLag } from '../../consumers/caught-up.ts';
import { readBounds } from '../../consumers/status/partition-lags.ts';
import { stageNames } from '../../consumers/load.ts';
import type { LogAdmin } from '../../platform/kafka/log.ts';
import { topicsOf } from '../../platform/topics.ts';
import type { BenchAws } from '../aws/start-aws.ts';
import { clearGraph } from '../clear-graph.ts';
import { fillLog } from '../fill-log.ts';
import { timed } from '../measure.ts';
import type { Result } from '../result.ts';
import type { Servers } from '../servers.ts';
import type { LoaderTask } from './load.ts';

const prefix = 'bench.scale';

/** The same log loaded by 1, 2 and 4 processes with all stages: what each gains, and whose CPU it takes. */
export async function benchScale(
  servers: Servers,
  aws: BenchAws,
  counts: readonly number[],
  say: (line: string) => void,
): Promise<Result[]> {
  await fillLog(servers, aws, { prefix, updateTag: 1_767_225_600 });
  const admin = await servers.log.admin();
  const ends = await admin.offsets(topicsOf(prefix).assets);
  const records = ends.reduce((sum, { high }) => sum + Number(high), 0);
  const results: Result[] = [];
  try {
    // The first one warms the server up.
    for (const [run, count] of [counts[0]!, ...counts].entries()) {
      await clearGraph(servers.graph);
      const { seconds, serverCpu, clientCpu } = await timeLoaders(servers, admin, count, `bench-scale-${run}`);
      const note = `CPU cores used: server ${(serverCpu / seconds).toFixed(2)}, loaders ${(clientCpu / seconds).toFixed(2)}; ${records} records in ${seconds.toFixed(1)} s`;
      say(`scale: ${count} loaders: ${note}`);
      const ours = records / seconds;
      const alone = results[0]?.ours ?? ours;
      if (run > 0)
        results.push({
          name: `${count} loader processes`,
          unit: 'records/s',
          ours,
          bare: alone,
          ratio: ours / alone,
          note,
        });
    }
  } finally {
    await admin.close();
  }
  return results;
}

async function timeLoaders(
  servers: Servers,
  admin: LogAdmin,
  count: number,
  graphName: string,
): Promise<{ seconds: number; serverCpu: number; clientCpu: number }> {
  const { bootstrapServers, registryUrl, neo4j } = servers;
  const task: LoaderTask = { bootstrapServers, registryUrl, neo4j, prefix, graphName };
  const loaders = Array.from({ length: count }, () =>
    fork(path.join(import.meta.dirname, 'load.ts'), [JSON.stringify(task)]),
  );
  try {
    for (const stage of stageNames) {
      while ((await admin.memberCount(`${graphName}.${stage}`)) < count) await sleep(200);
    }
    const bounds = await readBounds(admin, topicsOf(prefix), stageNames);
    const { seconds, serverCpuSeconds } = await timed(servers.neo4jPid, async () => {
      for (const loader of loaders) loader.send('go');
      for (;;) {
        const lag = await readLag(servers.graph, admin, topicsOf(prefix), stageNames, bounds);
        if (isCaughtUp(lag)) return;
        await sleep(200);
      }
    });
    const used = await Promise.all(loaders.map(askForCpu));
    return { seconds, serverCpu: serverCpuSeconds ?? NaN, clientCpu: used.reduce((sum, one) => sum + one) };
  } finally {
    for (const loader of loaders) loader.kill('SIGKILL');
  }
}

async function askForCpu(loader: ChildProcess): Promise<number> {
  const answer = once(loader, 'message');
  loader.send('end');
  const [seconds] = (await answer) as [number];
  return seconds;
}
