import { mkdtemp, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { CartographyError } from '../../platform/errors.ts';
import { startAwsStandIn } from '../../stack/aws/stand-in.ts';
import { alignIds } from './align-ids.ts';
import { compare } from './compare.ts';
import { estateOf } from './estate.ts';
import { explain } from './explain.ts';
import { alignments, explanations } from './explanations.ts';
import { viewGraph } from './graph-view.ts';
import { readOptions } from './options.ts';
import { makeOurGraph } from './our-graph.ts';
import { makeReferenceGraph } from './reference-graph.ts';
import { renderIdleRules, renderTables, renderTimes, renderUnexplained } from './render.ts';

/*
 * npm run conformance -- [--accounts 2] [--instances 10] [--seed 42] [--scale 1] [--reuse] [--time] [--examples 2]
 *
 * Cartography itself and this project read the same made-up AWS, each into its own Neo4j, and the graphs are compared.
 * Ends with 0 when docs/differences.md explains every difference, with 1 when it does not.
 */

const say = (line: string): void => void process.stderr.write(`${line}\n`);
const print = (text: string): void => void process.stdout.write(`${text}\n`);

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  const estate = estateOf(options);
  const folder = await mkdtemp(path.join(os.tmpdir(), 'cartography-stream-conformance-'));
  say(`logs and graphs of the runs: ${folder}`);
  const aws = await startAwsStandIn({ ...estate, log: say });
  try {
    const logFile = (name: string): string => path.join(folder, `${name}.log`);
    const reference = await makeReferenceGraph(aws, estate, { ...options, logFile: logFile('reference'), say });
    const ours = await makeOurGraph(aws, { twice: options.time, logFile: logFile('ours'), say });
    for (const [name, { dump }] of Object.entries({ reference, ours })) {
      await writeFile(path.join(folder, `${name}.json`), JSON.stringify(dump));
    }
    const dumps = { reference: alignIds(reference.dump, alignments), ours: alignIds(ours.dump, alignments) };
    const comparison = compare(dumps.reference, dumps.ours);
    const graphs = { reference: viewGraph(dumps.reference), ours: viewGraph(dumps.ours) };
    const explained = explain(comparison.differences, explanations, graphs);
    print(renderTables(comparison, explained));
    const idle = renderIdleRules(explanations, explained);
    if (idle !== '') print(`\nRules that explain nothing in this estate:\n${idle}`);
    if (options.time) print(`\n${renderTimes(reference, ours)}`);
    if (explained.unexplained.length === 0) return 0;
    print(`\nNot explained by docs/differences.md:\n${renderUnexplained(explained.unexplained, options.examples)}`);
    return 1;
  } finally {
    await aws.stop();
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  say(error instanceof CartographyError ? error.message : String((error as Error).stack));
  process.exitCode = error instanceof CartographyError ? error.exitCode : 1;
}
