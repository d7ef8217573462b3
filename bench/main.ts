import { mkdir, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { startAws } from './aws/start-aws.ts';
import { benchCollector } from './collector/bench-collector.ts';
import { benchEndToEnd } from './end-to-end.ts';
import { benchLoader } from './loader/bench-loader.ts';
import { benchMemory } from './memory/bench-memory.ts';
import { benchRebuild } from './rebuild/bench-rebuild.ts';
import type { Result } from './result.ts';
import { benchScale } from './scale/bench-scale.ts';
import { type Servers, startServers } from './servers.ts';
import { renderTable } from './render-table.ts';

/* npm run bench -- [--only collector,loader,rebuild,scale,end-to-end,memory] [--rounds 3] [--instances 4000] [--write] */

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    instances: { type: 'string', default: '4000' },
    write: { type: 'boolean', default: false },
  },
});
const rounds = Number(values.rounds);
const instances = Number(values.instances);
const region = 'us-east-1';
const say = (line: string): void => void process.stderr.write(`${line}\n`);

type Part = (servers: Servers) => Promise<Result[]>;
const withAws =
  (instances: number, part: (servers: Servers, aws: Awaited<ReturnType<typeof startAws>>) => Promise<Result[]>): Part =>
  async (servers) => {
    const aws = await startAws({ instances, pageSize: 1000, regions: [region] });
    try {
      return await part(servers, aws);
    } finally {
      await aws.stop();
    }
  };
const parts: Record<string, Part> = {
  // More of them, so that starting and ending count as little as in a real run.
  collector: withAws(4 * instances, (servers, aws) => benchCollector(servers, aws, { rounds, region }, say)),
  loader: withAws(instances, (servers, aws) => benchLoader(servers, aws, { rounds }, say)),
  rebuild: withAws(instances, (servers, aws) => benchRebuild(servers, aws, { rounds }, say)),
  scale: withAws(2 * instances, (servers, aws) => benchScale(servers, aws, [1, 2, 4], say)),
  'end-to-end': benchEndToEnd,
  memory: (servers) => benchMemory(servers, [10_000, 200_000], say),
};

const chosen = values.only?.split(',') ?? Object.keys(parts);
const unknown = chosen.find((name) => !(name in parts));
if (unknown !== undefined || !(rounds > 0) || !(instances > 0)) {
  say(`--only takes ${Object.keys(parts).join(', ')}; --rounds and --instances take whole numbers above 0`);
  process.exit(2);
}

const servers = await startServers();
const results: Result[] = [];
try {
  for (const name of chosen) results.push(...(await parts[name]!(servers)));
} finally {
  await servers.stop();
}
process.stdout.write(renderTable(results));
if (values.write) {
  const folder = path.join(import.meta.dirname, 'results');
  await mkdir(folder, { recursive: true });
  const at = new Date().toISOString();
  const machine = {
    cpu: os.cpus()[0]?.model,
    cores: os.availableParallelism(),
    memoryGiB: Math.round(os.totalmem() / 2 ** 30),
    node: process.version,
  };
  await writeFile(
    path.join(folder, `${at.slice(0, 10)}.json`),
    `${JSON.stringify({ at, machine, rounds, instances, results }, null, 2)}\n`,
  );
}
