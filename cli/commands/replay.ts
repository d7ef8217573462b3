import type { Command } from 'commander';

import { UsageError } from '../../platform/errors.ts';
import { openContext } from '../context.ts';
import type { SetExitCode } from '../create-program.ts';
import { withGraph } from '../open-graph.ts';
import { withLog } from '../open-log.ts';
import { rebuild } from '../rebuild.ts';
import { addGraphOptions, type GraphOptions, readGraphSettings } from '../settings/graph-settings.ts';
import { addLogOptions, type LogOptions, readLogSettings } from '../settings/log-settings.ts';
import { addOutputOptions, type OutputOptions } from '../settings/output-settings.ts';
import { given, readInteger } from '../settings/values.ts';
import { exitCodeOfRebuild, renderRebuild } from '../summary/render-rebuild.ts';

interface ReplayOptions extends GraphOptions, LogOptions, OutputOptions {
  until?: string;
}

export function addReplayCommand(program: Command, setExitCode: SetExitCode): void {
  const command = program
    .command('replay')
    .description('build a graph anew from the log alone, in an empty database; started again it goes on')
    .option('--until <tag>', 'stop at this run: leave out what later runs wrote');
  addOutputOptions(addLogOptions(addGraphOptions(command)));
  command.action(async (options: ReplayOptions) => setExitCode(await replay(options)));
}

async function replay(options: ReplayOptions): Promise<number> {
  using context = openContext(options);
  const settings = readGraphSettings(options, context.environment);
  const logSettings = readLogSettings(options, context.environment);
  const tag = given('--until', options.until);
  const until = tag === undefined ? null : readInteger(tag, { min: 1 });
  if (options.graph === undefined) {
    throw new UsageError(
      'replay needs --graph, so that it takes no records from the loaders of another graph: give a new name, e.g. --graph rebuilt.',
      { setting: '--graph' },
    );
  }
  const result = await withGraph(settings, context, (graph) =>
    withLog(logSettings, context, (open) => rebuild({ open, graph, settings, logSettings, until, context }), {
      isReadOnly: true,
    }),
  );
  context.print(context.settings.json ? JSON.stringify(result, null, 2) : renderRebuild(result, options));
  return exitCodeOfRebuild(result);
}
