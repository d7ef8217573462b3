import { isCaughtUp, type Lag } from '../consumers/caught-up.ts';
import type { LogBoundsByTopic } from '../consumers/status/partition-lags.ts';
import type { Neo4jGraph } from '../consumers/graph/neo4j-graph.ts';
import { type LoadOptions, startLoaders } from '../consumers/load.ts';
import type { StageName } from '../consumers/stages/stage.ts';
import { noTelemetry } from '../platform/telemetry/telemetry.ts';
import type { CommandContext } from './context.ts';
import { followGraph } from './follow-graph.ts';
import { orInterrupted } from './interrupt.ts';
import type { Monitor } from './monitor/monitor.ts';
import type { OpenLog } from './open-log.ts';
import type { LoaderSettings } from './settings/graph-settings.ts';
import type { LogSettings } from './settings/log-settings.ts';

export interface ApplyOptions extends Pick<LoadOptions, 'until' | 'logEnd'> {
  open: OpenLog;
  graph: Neo4jGraph;
  settings: LoaderSettings;
  logSettings: Pick<LogSettings, 'topicPrefix'>;
  stages: readonly StageName[];
  context: CommandContext;
  /** What the stages have to pass to have caught up. Default: all that is in the log at each look. */
  bounds?: LogBoundsByTopic;
  endsWhenCaughtUp: boolean;
  /** Is told how the loaders are. Default: nobody. */
  monitor?: Monitor;
  onLag: (lag: Lag) => void;
}

/**
 * Runs the loaders until Ctrl-C, or until all is applied and cleaned; resolves with what was found then.
 * @throws what the loaders throw, and the context's signal's reason
 */
export async function applyLog(options: ApplyOptions): Promise<Lag> {
  const {
    open,
    graph,
    settings,
    logSettings,
    stages,
    context,
    bounds,
    endsWhenCaughtUp,
    onLag,
    until,
    logEnd,
    monitor,
  } = options;
  const { log, admin, registry, topics } = open;
  const { topicPrefix } = logSettings;
  const { logger, signal } = context;
  const loaders = await startLoaders({
    ...settings,
    ...{ log, registry, graph, topicPrefix, stages, until, logEnd, logger, signal },
    telemetry: monitor?.telemetry ?? noTelemetry,
    onPoll: (stage) => monitor?.onPoll(stage),
  });
  try {
    monitor?.ready();
    monitor?.watch(graph, open);
    let last: Lag | undefined;
    const following = followGraph(
      { graph, admin, topics, stages, logger, signal, onLag, ...(bounds === undefined ? {} : { bounds }) },
      (lag) => {
        last = lag;
        return endsWhenCaughtUp && isCaughtUp(lag);
      },
    );
    await orInterrupted(Promise.race([following, loaders.failed]), signal);
    return last!;
  } finally {
    await Promise.all([monitor?.endWatch(), loaders.close()]);
  }
}
