import type { Command } from 'commander';

import { Analysis } from '../../consumers/analysis/analysis.ts';
import { jobsWith } from '../../consumers/analysis/jobs.ts';
import { readGraphTotals } from '../../consumers/graph-totals.ts';
import { UsageError } from '../../platform/errors.ts';
import { loadCatalogue } from '../../schemas/catalogue.ts';
import { type CommandContext, openContext } from '../context.ts';
import type { SetExitCode } from '../create-program.ts';
import { exitCodeOf } from '../exit-code.ts';
import { openMonitor } from '../monitor/monitor.ts';
import { withGraph } from '../open-graph.ts';
import { withLog } from '../open-log.ts';
import { runPipeline } from '../run-pipeline.ts';
import { addCollectOptions, type CollectOptions, readCollectSettings } from '../settings/collect-settings.ts';
import {
  addGraphOptions,
  type GraphOptions,
  type GraphSettings,
  readGraphSettings,
} from '../settings/graph-settings.ts';
import { addLogOptions, type LogOptions, readLogSettings } from '../settings/log-settings.ts';
import { moduleNames, readModules } from '../settings/module-settings.ts';
import { addMonitorOptions, type MonitorOptions, readMonitorSettings } from '../settings/monitor-settings.ts';
import { addOutputOptions, type OutputOptions } from '../settings/output-settings.ts';
import { renderSummary } from '../summary/render-summary.ts';
import { makeSummary } from '../summary/summary.ts';

interface RunOptions extends CollectOptions, GraphOptions, LogOptions, MonitorOptions, OutputOptions {
  selectedModules?: string;
}

/** What the program does without a command: one run, collected and loaded. */
export function addRunCommand(program: Command, setExitCode: SetExitCode): void {
  program.option('--selected-modules <list>', `some of ${moduleNames.join(', ')} [default: all]`);
  addOutputOptions(addMonitorOptions(addLogOptions(addCollectOptions(addGraphOptions(program)))));
  program.argument('[command]').action(async (unknown: string | undefined, options: RunOptions) => {
    if (unknown !== undefined) throw new UsageError(`There is no command ${JSON.stringify(unknown)}: see --help.`);
    setExitCode(await run(options));
  });
}

async function run(options: RunOptions): Promise<number> {
  using context = openContext(options);
  const modules = readModules(options.selectedModules);
  const graphSettings = readGraphSettings(options, context.environment);
  const collectSettings = readCollectSettings(options);
  const logSettings = readLogSettings(options, context.environment);
  if (!modules.has('aws')) return await prepareGraph(graphSettings, modules.has('create-indexes'), context);

  const monitorSettings = readMonitorSettings(options, context.environment);
  await using monitor = await openMonitor({ command: 'run', settings: monitorSettings, context });
  return await withGraph(graphSettings, context, (graph) =>
    withLog(logSettings, context, async (open) => {
      const { topicPrefix } = logSettings;
      const result = await runPipeline({ open, graph, topicPrefix, graphSettings, collectSettings, context, monitor });
      const findings = { ...result, wantsOrganization: collectSettings.organizationAccountIds !== undefined };
      const summary = makeSummary(findings);
      context.print(context.settings.json ? JSON.stringify(summary, null, 2) : renderSummary(summary));
      return exitCodeOf(findings);
    }),
  );
}

/** Without the module `aws` nothing is collected. */
async function prepareGraph(
  settings: GraphSettings,
  createsIndexes: boolean,
  context: CommandContext,
): Promise<number> {
  return withGraph(settings, context, async (graph) => {
    if (createsIndexes) {
      await graph.prepareBookkeeping();
      await graph.prepare(loadCatalogue().all());
      await new Analysis({ graph, jobs: jobsWith(settings.permissionRelationships) }).prepare();
    }
    const totals = await readGraphTotals(graph);
    const done = createsIndexes ? 'Constraints and indexes are there' : 'Nothing to do';
    const text = `${done}; nothing was collected, because --selected-modules leaves out aws.`;
    context.print(context.settings.json ? JSON.stringify({ status: 'complete', graph: totals }, null, 2) : text);
    return 0;
  });
}
