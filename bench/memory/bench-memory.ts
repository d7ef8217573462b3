import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { startAws } from '../aws/start-aws.ts';
import { clearGraph } from '../clear-graph.ts';
import type { Result } from '../result.ts';
import type { Servers } from '../servers.ts';
import { topicsOf } from '../../platform/topics.ts';

/** Records that the stand-in's estate makes of one instance, about. */
const RECORDS_PER_INSTANCE = 6;

/** Peak memory of a collector and of a loader process at several sizes of the estate. */
export async function benchMemory(
  servers: Servers,
  sizes: readonly number[],
  say: (line: string) => void,
): Promise<Result[]> {
  const peaks: { assets: number; collector: number; loader: number }[] = [];
  for (const size of sizes) {
    const prefix = `bench.memory.${size}`;
    const instances = Math.ceil(size / RECORDS_PER_INSTANCE);
    const aws = await startAws({ instances, pageSize: 1000, regions: ['us-east-1'] });
    const { bootstrapServers, registryUrl, neo4j } = servers;
    const collector = await peakOf('collect.ts', { bootstrapServers, registryUrl, aws, prefix });
    await aws.stop();
    const admin = await servers.log.admin();
    const ends = await admin.offsets(topicsOf(prefix).assets);
    await admin.close();
    const messages = ends.reduce((sum, { high }) => sum + Number(high), 0);
    await clearGraph(servers.graph);
    const loader = await peakOf('load.ts', { bootstrapServers, registryUrl, neo4j, prefix, messages });
    peaks.push({ assets: messages, collector, loader });
    say(`memory at ${messages} assets: collector ${collector.toFixed(0)} MiB, loader ${loader.toFixed(0)} MiB`);
  }
  const [small, large] = [peaks[0]!, peaks.at(-1)!];
  return (['collector', 'loader'] as const).map((name) => ({
    name: `memory, ${name}`,
    unit: 'MiB at most',
    ours: large[name],
    note: `${large.assets} assets; ${small[name].toFixed(0)} MiB at ${small.assets}, so ${(large[name] / small[name]).toFixed(2)} times as much`,
  }));
}

async function peakOf(program: string, task: object): Promise<number> {
  const child = fork(path.join(import.meta.dirname, program), [JSON.stringify(task)]);
  const exited = once(child, 'exit');
  const [kibibytes] = (await Promise.race([
    once(child, 'message'),
    exited.then(([code]) => Promise.reject(new Error(`${program} ended with ${code}`))),
  ])) as [number];
  await exited;
  return kibibytes / 1024;
}
