import type { GraphTotals } from '../consumers/graph-totals.ts';
import { readGraphTotals } from '../consumers/graph-totals.ts';
import type { Neo4jGraph } from '../consumers/graph/neo4j-graph.ts';
import { type Loaders, stageNames, startLoaders } from '../consumers/load.ts';
import { noTelemetry } from '../platform/telemetry/telemetry.ts';
import { requireFollowing } from '../consumers/rebuild/rebuild-note.ts';
import { loadCatalogue } from '../schemas/catalogue.ts';
import { registerSchemas, subjectsOf } from '../schemas/register-schemas.ts';
import type { Progress } from '../producers/progress.ts';
import type { RunSummary } from '../producers/summarize.ts';
import type { CommandContext } from './context.ts';
import { collectRun } from './collect-run.ts';
import { followGraph, waitUntilLoaded } from './follow-graph.ts';
import { orInterrupted } from './interrupt.ts';
import type { Monitor } from './monitor/monitor.ts';
import type { OpenLog } from './open-log.ts';
import { showProgress } from './progress/show-progress.ts';
import type { CollectSettings } from './settings/collect-settings.ts';
import type { LoaderSettings } from './settings/graph-settings.ts';

export interface PipelineOptions {
  open: OpenLog;
  graph: Neo4jGraph;
  topicPrefix: string;
  graphSettings: LoaderSettings;
  collectSettings: CollectSettings;
  context: CommandContext;
  monitor?: Monitor;
}

export interface PipelineResult {
  run: RunSummary;
  /** Complete scopes that the loaders left alone because the graph lacks records of them. */
  incompleteScopes: string[];
  totals: GraphTotals;
  seconds: number;
}

/**
 * Collects and loads side by side, in this process, and resolves when the graph holds the whole run.
 * @throws what collect and the loaders throw, and the context's signal's reason
 */
export async function runPipeline(options: PipelineOptions): Promise<PipelineResult> {
  const { open, graph, topicPrefix, graphSettings, collectSettings, context, monitor } = options;
  const startedAtMs = performance.now();
  const { log, admin, registry, topics } = open;
  const stop = new AbortController();
  const signal = AbortSignal.any([context.signal, stop.signal]);
  using display = showProgress({ output: context.output, logger: context.logger, quiet: context.settings.quiet });
  const producer = await log.producer();
  let loaders: Loaders | undefined;
  let watching: Promise<void> | undefined;
  let collecting: Promise<RunSummary> | undefined;
  try {
    await requireFollowing(graph, graphSettings.graphName);
    // All of them before the loaders start, so that constraints and indexes are made at once and not in the middle of the load.
    await registerSchemas(registry, subjectsOf(loadCatalogue(), topics));
    const { telemetry = noTelemetry } = monitor ?? {};
    loaders = await startLoaders({
      log,
      registry,
      graph,
      topicPrefix,
      ...graphSettings,
      logger: context.logger,
      telemetry,
      signal,
      onPoll: (stage) => monitor?.onPoll(stage),
    });
    monitor?.ready();
    monitor?.watch(graph, open);
    const follow = { graph, admin, topics, stages: stageNames, logger: context.logger, signal, onLag: display.onLag };
    const onProgress = (progress: Progress): void => {
      display.onCollect(progress);
      monitor?.onCollect(progress);
    };
    const settings = collectSettings;
    collecting = collectRun({ log, producer, registry, topics, settings, context, signal, onProgress, telemetry });
    const isCollected = collecting.then(
      () => true,
      () => true,
    );
    let hasEnded = false;
    void isCollected.then(() => (hasEnded = true));
    watching = followGraph(follow, () => hasEnded).catch(() => undefined);
    const run = await Promise.race([collecting, loaders.failed]);
    await watching;
    const state = await Promise.race([orInterrupted(waitUntilLoaded(follow, run.updateTag), signal), loaders.failed]);
    const totals = await readGraphTotals(graph);
    return {
      run,
      incompleteScopes: state.incompleteScopes,
      totals,
      seconds: (performance.now() - startedAtMs) / 1_000,
    };
  } finally {
    stop.abort();
    await Promise.allSettled([collecting, watching, monitor?.endWatch(), loaders?.close()]);
    await producer.close().catch(() => undefined);
  }
}
