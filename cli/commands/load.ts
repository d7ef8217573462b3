import type { Command } from 'commander';

import { stageNames } from '../../consumers/load.ts';
import { requireFollowing } from '../../consumers/rebuild/rebuild-note.ts';
import { ExitCode } from '../../platform/errors.ts';
import { applyLog } from '../apply-log.ts';
import { openContext } from '../context.ts';
import type { SetExitCode } from '../create-program.ts';
import { openMonitor } from '../monitor/monitor.ts';
import { withGraph } from '../open-graph.ts';
import { withLog } from '../open-log.ts';
import { showProgress } from '../progress/show-progress.ts';
import { addGraphOptions, type GraphOptions, readGraphSettings, readStages } from '../settings/graph-settings.ts';
import { addLogOptions, type LogOptions, readLogSettings } from '../settings/log-settings.ts';
import { addMonitorOptions, type MonitorOptions, readMonitorSettings } from '../settings/monitor-settings.ts';
import { addOutputOptions, type OutputOptions } from '../settings/output-settings.ts';

interface LoadOptions extends GraphOptions, LogOptions, MonitorOptions, OutputOptions {
  stages?: string;
  untilCaughtUp?: boolean;
}

export function addLoadCommand(program: Command, setExitCode: SetExitCode): void {
  const command = program
    .command('load')
    .description('keep a graph the same as the log, until Ctrl-C')
    .option('--stages <list>', `some of ${stageNames.join(', ')} [default: all]`)
    .option('--until-caught-up', 'end when all that is in the log has been applied');
  addOutputOptions(addMonitorOptions(addLogOptions(addGraphOptions(command))));
  command.action(async (options: LoadOptions) => setExitCode(await load(options)));
}

async function load(options: LoadOptions): Promise<number> {
  using context = openContext(options);
  const stages = readStages(options.stages);
  const settings = readGraphSettings(options, context.environment);
  const logSettings = readLogSettings(options, context.environment);
  const monitorSettings = readMonitorSettings(options, context.environment);
  await using monitor = await openMonitor({ command: 'load', settings: monitorSettings, context });
  const { incompleteScopes } = await withGraph(settings, context, async (graph) => {
    await requireFollowing(graph, settings.graphName);
    return withLog(logSettings, context, async (open) => {
      using display = showProgress({ output: context.output, logger: context.logger, quiet: context.settings.quiet });
      return await applyLog({
        ...{ open, graph, settings, logSettings, stages, context, monitor, onLag: display.onLag },
        endsWhenCaughtUp: options.untilCaughtUp === true,
      });
    });
  });
  const text = `All that is in the log has been applied${incompleteScopes.length === 0 ? '' : `; incomplete: ${incompleteScopes.join(', ')}`}.`;
  context.print(context.settings.json ? JSON.stringify({ caughtUp: true, incompleteScopes }, null, 2) : text);
  return incompleteScopes.length === 0 ? ExitCode.complete : ExitCode.partial;
}
