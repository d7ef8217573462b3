import type { AwsStandIn } from '../../stack/aws/stand-in.ts';
import { startStack } from '../../stack/stack.ts';
import { firstWave } from './first-wave.ts';
import { dumpGraph } from './graph-dump.ts';
import type { SyncedGraph } from './reference-graph.ts';
import { measureRun } from './run-cost.ts';
import { runOurs } from './run-ours.ts';

/** This project's graph of the estate after its first run; with `twice` a second one is timed too. */
export async function makeOurGraph(
  aws: AwsStandIn,
  { twice, logFile, say }: { twice: boolean; logFile: string; say: (line: string) => void },
): Promise<SyncedGraph> {
  const stack = await startStack({ log: say });
  try {
    const updateTag = Math.floor(Date.now() / 1000);
    const { environment, summary } = aws;
    const run = {
      stack,
      aws: environment,
      regions: summary.regions,
      requestedSyncs: firstWave,
      logFile,
    };
    const neo4j = stack.neo4j[0]!;
    const measure = (tag: number) => measureRun(aws, neo4j.pid, () => runOurs({ ...run, updateTag: tag }));
    const runs = [await measure(updateTag)];
    const dump = await dumpGraph(neo4j);
    if (twice) runs.push(await measure(updateTag + 1));
    const seconds = runs.map(({ result }) => result);
    say(`our runs took ${seconds.map((each) => each.toFixed(1)).join(', ')} s`);
    return { dump, seconds, costs: runs.map(({ cost }) => cost) };
  } finally {
    await stack.stop();
  }
}
