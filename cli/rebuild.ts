import { type LogBoundsByTopic, readBounds } from '../consumers/status/partition-lags.ts';
import { readGraphTotals } from '../consumers/graph-totals.ts';
import type { Neo4jGraph } from '../consumers/graph/neo4j-graph.ts';
import { readBy, stageNames } from '../consumers/load.ts';
import { readRuns } from '../consumers/rebuild/read-runs.ts';
import type { PartitionEnd } from '../consumers/runner/gate.ts';
import { claimGraph, readRebuildNote } from '../consumers/rebuild/rebuild-note.ts';
import { UsageError } from '../platform/errors.ts';
import { createDecoder } from '../schemas/codec.ts';
import { applyLog } from './apply-log.ts';
import type { CommandContext } from './context.ts';
import { formatNumberOf } from './format.ts';
import type { OpenLog } from './open-log.ts';
import { ReplayProgress } from './progress/replay-progress.ts';
import { showNowAndThen } from './progress/show-progress.ts';
import type { LoaderSettings } from './settings/graph-settings.ts';
import type { LogSettings } from './settings/log-settings.ts';

export interface RebuildOptions {
  open: OpenLog;
  graph: Neo4jGraph;
  settings: LoaderSettings;
  logSettings: Pick<LogSettings, 'topicPrefix'>;
  /** The run at which the graph stops; null: all that is in the log at the start. */
  until: number | null;
  context: CommandContext;
}

export interface RebuildResult {
  /** `partial`: the log lacks records that complete scopes had. */
  status: 'complete' | 'partial';
  graph: string;
  until: number | null;
  /** Whether it went on with what an earlier start had done. */
  resumed: boolean;
  /** Positions in the log, those that compaction has emptied among them. */
  records: number;
  seconds: number;
  incompleteScopes: string[];
  /** Runs after `until` that are in the log, whose records may have replaced older ones. */
  laterRuns: number;
  nodes: number;
  relationships: number;
}

/**
 * Builds a graph from the log as it is now, with the loaders that keep graphs up to date, and resolves when it has all of it.
 * @throws UsageError, InfrastructureError, and the context's signal's reason
 */
export async function rebuild(options: RebuildOptions): Promise<RebuildResult> {
  const { open, graph, settings, logSettings, until, context } = options;
  const startedAtMs = performance.now();
  const laterRuns = until === null ? 0 : await countLaterRuns(open, until, context.signal);
  if ((await readRebuildNote(graph)) === undefined) await requireUnusedName(open, settings.graphName);
  const resumed = await claimGraph(graph, { graphName: settings.graphName, until });
  if (resumed) context.say('going on with the rebuild that this database holds');
  if (laterRuns > 0) {
    context.logger.warn(
      { until, laterRuns },
      'later runs are in the log: Kafka may have removed the records that they wrote anew (compaction); scopes that lack any are named at the end',
    );
  }
  const bounds = await readBounds(open.admin, open.topics, stageNames);
  const records = sizeOf(bounds, [open.topics.assets, open.topics.hierarchy]);
  const steps = stageNames.reduce((sum, stage) => sum + sizeOf(bounds, readBy(stage, open.topics)), 0);
  const progress = new ReplayProgress({ records, steps });
  using _display = showNowAndThen(
    { output: context.output, logger: context.logger, quiet: context.settings.quiet },
    () => progress.render(),
    () => progress.totals(),
  );
  const { incompleteScopes } = await applyLog({
    ...{ open, graph, settings, logSettings, stages: stageNames, context, bounds },
    ...(until === null ? {} : { until }),
    logEnd: endOf(bounds, [open.topics.assets, open.topics.hierarchy]),
    endsWhenCaughtUp: true,
    onLag: (lag) => progress.apply(lag),
  });
  const { nodes, relationships } = await readGraphTotals(graph);
  return {
    status: incompleteScopes.length === 0 ? 'complete' : 'partial',
    graph: settings.graphName,
    until,
    resumed,
    records,
    seconds: (performance.now() - startedAtMs) / 1_000,
    incompleteScopes,
    laterRuns,
    nodes,
    relationships,
  };
}

/** @throws UsageError unless the log has the end of this run */
async function countLaterRuns({ log, registry, topics }: OpenLog, until: number, signal: AbortSignal): Promise<number> {
  const runs = await readRuns(log, createDecoder(registry), topics.markers, { signal });
  const ended = runs.filter(({ hasEnded }) => hasEnded).map(({ updateTag }) => updateTag);
  if (!ended.includes(until)) {
    const known = ended.length === 0 ? 'none' : `${ended.length > 5 ? '..., ' : ''}${ended.slice(-5).join(', ')}`;
    throw new UsageError(`--until ${until}: no run with this tag has ended in the log; those that have: ${known}.`, {
      setting: '--until',
    });
  }
  return runs.filter(({ updateTag }) => updateTag > until).length;
}

/** Two databases that are loaded under one name would each get half of the records. */
async function requireUnusedName({ admin, topics }: OpenLog, graphName: string): Promise<void> {
  for (const stage of stageNames) {
    const group = `${graphName}.${stage}`;
    const members = await admin.memberCount(group);
    if (members > 0) {
      throw new UsageError(
        `--graph ${graphName}: ${formatNumberOf(members, 'loader')} of stage ${stage} run under this name for another database: give a new name, or stop them.`,
        { setting: '--graph' },
      );
    }
    // Its loaders may only be away for now.
    if (await admin.hasCommitted(group, readBy(stage, topics))) {
      throw new UsageError(
        `--graph ${graphName}: stage ${stage} has read this log under this name for another database: give a new name. (If that database is gone for good: delete Kafka's consumer groups ${graphName}.*.)`,
        { setting: '--graph' },
      );
    }
  }
}

function sizeOf(bounds: LogBoundsByTopic, topics: readonly string[]): number {
  return topics.flatMap((topic) => bounds.get(topic) ?? []).reduce((sum, { low, high }) => sum + Number(high - low), 0);
}

function endOf(bounds: LogBoundsByTopic, topics: readonly string[]): PartitionEnd[] {
  return topics.flatMap((topic) =>
    (bounds.get(topic) ?? []).map(({ partition, high }) => ({ topic, partition, offset: Number(high) })),
  );
}
