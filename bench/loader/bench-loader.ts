import type { BenchAws } from '../aws/start-aws.ts';
import { clearGraph } from '../clear-graph.ts';
import { fillLog } from '../fill-log.ts';
import { median, timed, type Timed } from '../measure.ts';
import type { Result } from '../result.ts';
import type { Servers } from '../servers.ts';
import { topicsOf } from '../../platform/topics.ts';
import { bareLinkSteps, bareNodeSteps, prepareBare, runBare } from './bare-loop.ts';
import { readRows, type TypedRows } from './read-rows.ts';
import { timeStage } from './time-stage.ts';

/** The loaders keep several transactions in flight; the bare loop may too. */
const BARE_SESSIONS = 4;
const firstTag = 1_767_225_600;

type Step = (tag: 0 | 1) => Promise<Timed>;
type Side = 'ours' | 'bare';
const steps = ['nodes, first sync', 'links, first sync', 'nodes, unchanged', 'links, unchanged'] as const;

/** Loaders against bare loops over the same rows, in alternating rounds; the first round warms the server up. */
export async function benchLoader(
  servers: Servers,
  aws: BenchAws,
  options: { rounds: number },
  say: (line: string) => void,
): Promise<Result[]> {
  const prefixes = ['bench.loader.first', 'bench.loader.second'] as const;
  for (const [index, prefix] of prefixes.entries())
    await fillLog(servers, aws, { prefix, updateTag: firstTag + index });
  const logs: TypedRows[][] = [];
  for (const prefix of prefixes) logs.push(await readRows(servers.log, servers.registry, topicsOf(prefix).assets));
  await prepareBare(servers.graph, logs[0]!);

  const nodes = logs.map(bareNodeSteps);
  const links = logs.map(bareLinkSteps);
  const rowsOf = (of: (typeof nodes)[number]): number => of.reduce((sum, { rows }) => sum + rows.length, 0);
  const messages = rowsOf(nodes[0]!);
  const stage =
    (name: 'nodes' | 'links'): Step =>
    (tag) =>
      timed(servers.neo4jPid, () => timeStage(servers, { stage: name, prefix: prefixes[tag], messages }));
  const loop =
    (of: typeof nodes): Step =>
    (tag) =>
      timed(servers.neo4jPid, () => runBare(servers.graph, of[tag]!, BARE_SESSIONS));
  const sides: Record<Side, [Step, Step]> = {
    ours: [stage('nodes'), stage('links')],
    bare: [loop(nodes), loop(links)],
  };

  const times: Record<Side, Timed[][]> = { ours: [[], [], [], []], bare: [[], [], [], []] };
  for (let round = 0; round <= options.rounds; round++) {
    await clearGraph(servers.graph);
    const order: Side[] = round % 2 === 0 ? ['ours', 'bare'] : ['bare', 'ours'];
    for (const step of steps.keys()) {
      for (const side of order) {
        const time = await sides[side][step % 2]!(step < 2 ? 0 : 1);
        if (round > 0) times[side][step]!.push(time);
        say(
          `loader round ${round}: ${steps[step]}, ${side}: ${time.seconds.toFixed(2)} s, server ${time.serverCpuSeconds?.toFixed(1)} CPU s`,
        );
      }
    }
  }
  return steps.map((name, step) => {
    const rows = step % 2 === 0 ? messages : rowsOf(links[0]!);
    const [ours, bare] = [times.ours[step]!, times.bare[step]!];
    const rate = (of: readonly Timed[]): number => rows / median(of.map(({ seconds }) => seconds));
    const cpu = (of: readonly Timed[]): number => median(of.map(({ serverCpuSeconds }) => serverCpuSeconds ?? NaN));
    return {
      name: `loader, ${name}`,
      unit: step % 2 === 0 ? 'rows/s' : 'edges/s',
      ours: rate(ours),
      bare: rate(bare),
      ratio: rate(ours) / rate(bare),
      note: `${rows} rows; server CPU ${cpu(ours).toFixed(1)} s against ${cpu(bare).toFixed(1)} s`,
    };
  });
}
