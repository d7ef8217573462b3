import type { Command } from 'commander';

import { isCaughtUp } from '../../consumers/caught-up.ts';
import type { Neo4jGraph } from '../../consumers/graph/neo4j-graph.ts';
import type { StageName } from '../../consumers/stages/stage.ts';
import { stageNames, startLoaders } from '../../consumers/load.ts';
import { ExitCode } from '../../platform/errors.ts';
import { type CommandContext, openContext } from '../context.ts';
import type { SetExitCode } from '../create-program.ts';
import { followGraph } from '../follow-graph.ts';
import { orInterrupted } from '../interrupt.ts';
import { withGraph } from '../open-graph.ts';
import { type OpenLog, withLog } from '../open-log.ts';
import { showProgress } from '../progress/show-progress.ts';
import {
  addGraphOptions,
  type GraphOptions,
  type GraphSettings,
  readGraphSettings,
  readStages,
} from '../settings/graph-settings.ts';
import { addLogOptions, type LogOptions, type LogSettings, readLogSettings } from '../settings/log-settings.ts';
import { addOutputOptions, type OutputOptions } from '../settings/output-settings.ts';

interface LoadOptions extends GraphOptions, LogOptions, OutputOptions {
  stages?: string;
  untilCaughtUp?: boolean;
}

export function addLoadCommand(program: Command, setExitCode: SetExitCode): void {
  const command = program
    .command('load')
    .description('keep a graph the same as the log, until Ctrl-C')
    .option('--stages <list>', `some of ${stageNames.join(', ')} [default: all]`)
    .option('--until-caught-up', 'end when all that is in the log has been applied');
  addOutputOptions(addLogOptions(addGraphOptions(command)));
  command.action(async (options: LoadOptions) => setExitCode(await load(options)));
}

async function load(options: LoadOptions): Promise<number> {
  using context = openContext(options);
  const stages = readStages(options.stages);
  const settings = readGraphSettings(options, context.environment);
  const logSettings = readLogSettings(options, context.environment);
  const incompleteScopes = await withGraph(settings, context, (graph) =>
    withLog(logSettings, context, (open) => applyLog({ open, graph, settings, logSettings, stages, options, context })),
  );
  const text = `All that is in the log has been applied${incompleteScopes.length === 0 ? '' : `; incomplete: ${incompleteScopes.join(', ')}`}.`;
  context.print(context.settings.json ? JSON.stringify({ caughtUp: true, incompleteScopes }, null, 2) : text);
  return incompleteScopes.length === 0 ? ExitCode.complete : ExitCode.partial;
}

interface ApplyOptions {
  open: OpenLog;
  graph: Neo4jGraph;
  settings: GraphSettings;
  logSettings: LogSettings;
  stages: readonly StageName[];
  options: LoadOptions;
  context: CommandContext;
}

/** Runs the loaders until Ctrl-C, or until all is applied; resolves with the scopes that the graph lacks records of. */
async function applyLog(parts: ApplyOptions): Promise<readonly string[]> {
  const { open, graph, settings, stages, options, context } = parts;
  const { log, admin, registry, topics } = open;
  const { topicPrefix } = parts.logSettings;
  const { logger, signal } = context;
  const loaders = await startLoaders({ log, registry, graph, ...settings, topicPrefix, stages, logger });
  try {
    using display = showProgress({ output: context.output, logger, quiet: context.settings.quiet });
    let incompleteScopes: readonly string[] = [];
    const following = followGraph({ graph, admin, topics, stages, logger, signal, onLag: display.onLag }, (lag) => {
      ({ incompleteScopes } = lag);
      return options.untilCaughtUp === true && isCaughtUp(lag);
    });
    await orInterrupted(Promise.race([following, loaders.failed]), signal);
    return incompleteScopes;
  } finally {
    await loaders.close();
  }
}
