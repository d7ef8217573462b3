import type { AwsStandIn } from '../../stack/aws/stand-in.ts';
import { startStack } from '../../stack/stack.ts';
import { firstWave } from './first-wave.ts';
import { dumpGraph } from './graph-dump.ts';
import type { SyncedGraph } from './reference-graph.ts';
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
    const seconds = [await runOurs({ ...run, updateTag })];
    const dump = await dumpGraph(stack.neo4j[0]!);
    if (twice) seconds.push(await runOurs({ ...run, updateTag: updateTag + 1 }));
    say(`our runs took ${seconds.map((each) => each.toFixed(1)).join(', ')} s`);
    return { dump, seconds };
  } finally {
    await stack.stop();
  }
}
