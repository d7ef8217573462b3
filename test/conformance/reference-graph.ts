import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { AwsStandIn, AwsStandInOptions } from '../../stack/aws/stand-in.ts';
import { cacheFolder } from '../../stack/install/cache-folder.ts';
import { installReference, runReference } from '../../stack/reference/run-reference.ts';
import { startStack } from '../../stack/stack.ts';
import { firstWave } from './first-wave.ts';
import { dumpGraph, type GraphDump } from './graph-dump.ts';
import { measureRun, type RunCost } from './run-cost.ts';

export interface SyncedGraph {
  dump: GraphDump;
  /** Of the first sync, into an empty database, and the second one, with nothing changed. */
  seconds: number[];
  /** Of the same; not known of graphs that were kept before it was measured. */
  costs?: RunCost[];
}

const stackFolder = path.join(import.meta.dirname, '..', '..', 'stack');

/**
 * The reference's graph of the estate after two runs: only then are all its edges there. It is kept, and with `reuse` an
 * earlier one over the same estate is taken.
 */
export async function makeReferenceGraph(
  aws: AwsStandIn,
  estate: AwsStandInOptions,
  { reuse, logFile, say }: { reuse: boolean; logFile: string; say: (line: string) => void },
): Promise<SyncedGraph> {
  const file = keptFile(estate);
  const kept = reuse ? await readFile(file).catch(() => undefined) : undefined;
  if (kept !== undefined) {
    say(`the reference's graph is the one of an earlier run: ${file}`);
    return JSON.parse(gunzipSync(kept).toString()) as SyncedGraph;
  }
  const python = await installReference(say);
  const stack = await startStack({ services: ['neo4j'], log: say });
  try {
    const neo4j = stack.neo4j[0]!;
    const updateTag = Math.floor(Date.now() / 1000);
    const seconds: number[] = [];
    const costs: RunCost[] = [];
    for (const run of [0, 1]) {
      const { result, cost } = await measureRun(aws, neo4j.pid, () =>
        runReference({
          python,
          neo4j,
          aws: aws.environment,
          regions: aws.summary.regions,
          requestedSyncs: firstWave,
          updateTag: updateTag + run,
          logFile,
        }),
      );
      seconds.push(result);
      costs.push(cost);
      say(`the reference's run ${run + 1} of 2 took ${seconds[run]!.toFixed(1)} s`);
    }
    const graph = { dump: await dumpGraph(neo4j), seconds, costs };
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, gzipSync(JSON.stringify(graph)));
    return graph;
  } finally {
    await stack.stop();
  }
}

/** Named for everything that the graph depends on: the estate, the stand-in, the reference and what it is asked for. */
function keptFile(estate: AwsStandInOptions): string {
  const hash = createHash('sha256').update(JSON.stringify([estate, firstWave]));
  for (const name of globSync(['aws/*.py', '*/requirements.txt'], { cwd: stackFolder }).sort()) {
    hash.update(name).update(readFileSync(path.join(stackFolder, name)));
  }
  return path.join(cacheFolder(), '..', 'conformance', `reference-${hash.digest('hex').slice(0, 12)}.json.gz`);
}
