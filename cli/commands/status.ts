import type { Command } from 'commander';

import { InfrastructureError } from '../../platform/errors.ts';
import { readState } from '../../stack/commands/stack-state.ts';
import { defaultDataDir } from '../../stack/data-dir.ts';
import { openContext } from '../context.ts';
import type { SetExitCode } from '../create-program.ts';
import { withGraph } from '../open-graph.ts';
import { withLog } from '../open-log.ts';
import { readFullStatus } from '../read-status.ts';
import { renderStatus } from '../render-status.ts';
import { addGraphOptions, type GraphOptions, readGraphSettings } from '../settings/graph-settings.ts';
import { addLogOptions, type LogOptions, readLogSettings } from '../settings/log-settings.ts';
import { addOutputOptions, type OutputOptions } from '../settings/output-settings.ts';

type StatusOptions = GraphOptions & LogOptions & OutputOptions;

export function addStatusCommand(program: Command, setExitCode: SetExitCode): void {
  const command = program.command('status').description('say how far a graph is behind the log, and what it waits for');
  addOutputOptions(addLogOptions(addGraphOptions(command)));
  command.action(async (options: StatusOptions) => setExitCode(await showStatus(options)));
}

async function showStatus(options: StatusOptions): Promise<number> {
  using context = openContext(options);
  const settings = readGraphSettings(options, context.environment);
  const logSettings = readLogSettings(options, context.environment);
  if (logSettings.servers === undefined && (await readState(defaultDataDir(context.environment))) === undefined) {
    throw new InfrastructureError(
      'CS_KAFKA',
      'There is no Kafka to ask: set --kafka-bootstrap-servers, or start the local stack with `stack up`.',
      { setting: '--kafka-bootstrap-servers' },
    );
  }
  const status = await withGraph(settings, context, (graph) =>
    withLog(logSettings, context, (open) => readFullStatus(graph, open), { isReadOnly: true }),
  );
  context.print(context.settings.json ? JSON.stringify(status, null, 2) : renderStatus(status));
  return 0;
}
