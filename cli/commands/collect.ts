import type { Command } from 'commander';

import type { Progress } from '../../producers/progress.ts';
import { shardsTopicSpec } from '../../platform/topics.ts';
import { collectRun } from '../collect-run.ts';
import { openContext } from '../context.ts';
import type { SetExitCode } from '../create-program.ts';
import { exitCodeOf } from '../exit-code.ts';
import { withLog } from '../open-log.ts';
import { openMonitor } from '../monitor/monitor.ts';
import { showProgress } from '../progress/show-progress.ts';
import {
  addCollectOptions,
  addShardOption,
  type CollectOptions,
  readCollectSettings,
} from '../settings/collect-settings.ts';
import { addLogOptions, type LogOptions, readLogSettings } from '../settings/log-settings.ts';
import { addMonitorOptions, type MonitorOptions, readMonitorSettings } from '../settings/monitor-settings.ts';
import { addOutputOptions, type OutputOptions } from '../settings/output-settings.ts';
import { renderSummary } from '../summary/render-summary.ts';
import { makeSummary } from '../summary/summary.ts';

type CollectCommandOptions = CollectOptions & LogOptions & MonitorOptions & OutputOptions;

export function addCollectCommand(program: Command, setExitCode: SetExitCode): void {
  const command = program.command('collect').description('read AWS once and write the log; load nothing');
  addOutputOptions(addMonitorOptions(addLogOptions(addShardOption(addCollectOptions(command)))));
  command.action(async (options: CollectCommandOptions) => setExitCode(await collectOnce(options)));
}

async function collectOnce(options: CollectCommandOptions): Promise<number> {
  using context = openContext(options);
  const settings = readCollectSettings(options);
  const logSettings = readLogSettings(options, context.environment);
  const monitorSettings = readMonitorSettings(options, context.environment);
  await using monitor = await openMonitor({ command: 'collect', settings: monitorSettings, context });
  const run = await withLog(logSettings, context, async ({ log, admin, registry, topics }) => {
    if (settings.shard !== undefined) await admin.ensureTopics([shardsTopicSpec(logSettings.topics)]);
    const producer = await log.producer();
    monitor.ready();
    try {
      using display = showProgress({ output: context.output, logger: context.logger, quiet: context.settings.quiet });
      const onProgress = (progress: Progress): void => {
        display.onCollect(progress);
        monitor.onCollect(progress);
      };
      const { signal } = context;
      const { telemetry } = monitor;
      return await collectRun({ log, producer, registry, topics, settings, context, signal, onProgress, telemetry });
    } finally {
      await producer.close().catch(() => undefined);
    }
  });
  const findings = { run, wantsOrganization: settings.organizationAccountIds !== undefined };
  const summary = makeSummary({ ...findings, seconds: run.seconds });
  context.print(context.settings.json ? JSON.stringify(summary, null, 2) : renderSummary(summary));
  return exitCodeOf(findings);
}
