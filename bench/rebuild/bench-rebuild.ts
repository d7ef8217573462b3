import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { topicsOf } from '../../platform/topics.ts';
import type { BenchAws } from '../aws/start-aws.ts';
import { clearGraph } from '../clear-graph.ts';
import { fillLog } from '../fill-log.ts';
import { bareLinkSteps, bareNodeSteps, prepareBare, runBare } from '../loader/bare-loop.ts';
import { readRows } from '../loader/read-rows.ts';
import { median, timed, type Timed } from '../measure.ts';
import type { Result } from '../result.ts';
import type { Servers } from '../servers.ts';
import { importCsv } from './neo4j-import.ts';
import { timeRebuild } from './time-rebuild.ts';
import { writeCsv } from './write-csv.ts';

const BARE_SESSIONS = 4;
const prefix = 'bench.rebuild';
type Side = 'ours' | 'bare' | 'import';

/** A whole rebuild against bare loops over the same rows, and against Neo4j's own import of the same data as CSV files. */
export async function benchRebuild(
  servers: Servers,
  aws: BenchAws,
  options: { rounds: number },
  say: (line: string) => void,
): Promise<Result[]> {
  await fillLog(servers, aws, { prefix, updateTag: 1_767_225_600 });
  const rows = await readRows(servers.log, servers.registry, topicsOf(prefix).assets);
  await prepareBare(servers.graph, rows);
  const [nodes, links] = [bareNodeSteps(rows), bareLinkSteps(rows)];
  const records = nodes.reduce((sum, step) => sum + step.rows.length, 0);
  const folder = await mkdtemp(path.join(os.tmpdir(), 'cartography-stream-csv-'));
  try {
    const csv = await writeCsv(rows, folder);
    const sides: Record<Side, () => Promise<number | void>> = {
      ours: () => timeRebuild(servers, prefix),
      bare: async () => {
        await runBare(servers.graph, nodes, BARE_SESSIONS);
        await runBare(servers.graph, links, BARE_SESSIONS);
      },
      import: () => importCsv(csv.parameters),
    };
    const times: Record<Side, Timed[]> = { ours: [], bare: [], import: [] };
    for (let round = 0; round <= options.rounds; round++) {
      const order = Object.keys(sides) as Side[];
      for (const side of round % 2 === 0 ? order : order.reverse()) {
        await clearGraph(servers.graph);
        const time = await timed(servers.neo4jPid, sides[side]);
        if (round > 0) times[side].push(time);
        say(
          `rebuild round ${round}: ${side}: ${time.seconds.toFixed(2)} s, server ${time.serverCpuSeconds?.toFixed(1)} CPU s`,
        );
      }
    }
    const rate = (side: Side): number => records / median(times[side].map(({ seconds }) => seconds));
    const what = `${records} records, ${csv.nodes} nodes, ${csv.edges} edges`;
    return [
      line(
        'rebuild, against the bare loop',
        rate('ours'),
        rate('bare'),
        `${what}; all stages to the end of the cleanup`,
      ),
      line('rebuild, against neo4j-admin import', rate('ours'), rate('import'), 'CSV files ready; no server, no Kafka'),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function line(name: string, ours: number, bare: number, note: string): Result {
  return { name, unit: 'records/s', ours, bare, ratio: ours / bare, note };
}
