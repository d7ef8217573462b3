import type { Logger } from 'pino';
import type { Log } from '../platform/kafka/log.ts';
import { noTelemetry, type Telemetry } from '../platform/telemetry/telemetry.ts';
import { type Topics, topicsOf } from '../platform/topics.ts';
import { createDecoder } from '../schemas/codec.ts';
import type { SchemaRegistry } from '../schemas/registry.ts';
import { Analysis } from './analysis/analysis.ts';
import { Analyst } from './analysis/analyst.ts';
import { jobsWith } from './analysis/jobs.ts';
import type { PermissionRelationship } from './analysis/permissions/permission-relationship.ts';
import { prepareSyncMetadata, writeSyncMetadata } from './analysis/sync-metadata.ts';
import { Cleaner, type CleanupRound } from './cleanup/cleaner.ts';
import type { CypherGraph } from './graph/cypher-graph.ts';
import type { Graph } from './graph/graph.ts';
import { type ChunkLimits } from './runner/chunks.ts';
import { DeadLetters, mostLetterBytes } from './dead-letters/dead-letters.ts';
import { Gate, type PartitionEnd } from './runner/gate.ts';
import { LogBounds } from './runner/log-bounds.ts';
import { Rounds } from './runner/rounds.ts';
import { StageRunner, type StageProgress } from './runner/stage-runner.ts';
import { SchemaBook } from './schema-book.ts';
import { analysisStage } from './stages/analysis-stage.ts';
import { cleanupStage } from './stages/cleanup-stage.ts';
import { linksStage } from './stages/links-stage.ts';
import { nodesStage } from './stages/nodes-stage.ts';
import { asOfRun, type Stage, type StageName } from './stages/stage.ts';

export const stageNames: readonly StageName[] = ['nodes', 'links', 'cross-links', 'cleanup', 'analysis'];

export interface LoadOptions {
  log: Log;
  registry: SchemaRegistry;
  graph: Graph & CypherGraph;
  /** Names the graph: prefixes its consumer groups, so that several graphs read one log side by side. Default `cartography`. */
  graphName?: string;
  topicPrefix?: string;
  /** Default: all. */
  stages?: readonly StageName[];
  limits?: ChunkLimits;
  /** How long a record waits for its account's marker before it is linked without. Default one hour. */
  gateTimeoutMs?: number;
  /** Leaves out what runs with a larger update tag wrote. Default: nothing. */
  until?: number | undefined;
  /** See GateOptions. */
  logEnd?: readonly PartitionEnd[] | undefined;
  /** Who may do what with which assets. Default: Cartography's (permission-relationship.ts). */
  permissionRelationships?: readonly PermissionRelationship[];
  logger: Logger;
  onProgress?: (progress: StageProgress) => void;
  /** Called again and again by each stage's consumer while it is at work; see ConsumerOptions. */
  onPoll?: (stage: StageName) => void;
  /** Default: none. */
  telemetry?: Telemetry;
  /** Ends a start that waits, such as for the other members of a group; it then rejects with the reason. Without meaning once they run. */
  signal?: AbortSignal;
}

export interface Loaders {
  /** Rejects when a stage cannot go on; never resolves. */
  failed: Promise<never>;
  /** Finishes or rolls back the chunks at hand and leaves the groups. */
  close(): Promise<void>;
}

/** Starts loaders for some or all stages in this process; more processes with the same options share the partitions. */
export async function startLoaders(options: LoadOptions): Promise<Loaders> {
  const {
    log,
    registry,
    graph,
    graphName = 'cartography',
    stages = stageNames,
    logger,
    onPoll,
    telemetry = noTelemetry,
  } = options;
  const topics = topicsOf(options.topicPrefix);
  const admin = await log.admin();
  const producer = await log.producer({ maxMessageBytes: mostLetterBytes });
  const bounds = new LogBounds(admin, [topics.assets, topics.hierarchy, topics.markers]);
  const book = new SchemaBook(registry, [topics.assets, topics.hierarchy]);
  const low = (topic: string, partition: number): bigint => bounds.knownLow(topic, partition);
  const analysis = new Analysis({ graph, jobs: jobsWith(options.permissionRelationships) });
  const analyst = new Analyst({
    graph,
    update: async (subjects, runs, signal) => {
      await analysis.update(subjects, signal);
      await writeSyncMetadata(graph, runs);
    },
    low,
  });
  const analysing = stages.includes('analysis')
    ? new Rounds('the analysis', (signal) => analyst.round(signal), logger)
    : undefined;
  const cleaner = new Cleaner({
    graph,
    lookup: (name) => book.lookup(name),
    called: (short, asOf) => book.called(short, asOf),
    low,
    metrics: telemetry.metrics,
    logger,
  });
  const clean = async (): Promise<CleanupRound> => {
    const round = await cleaner.round();
    if (round.done > 0) analysing?.wake();
    return round;
  };
  const cleaning = stages.includes('cleanup') ? new Rounds('the cleanup', clean, logger) : undefined;
  const rounds = [cleaning, analysing].filter((one) => one !== undefined);
  const closeConnections = async (): Promise<void> => {
    await producer.close();
    await admin.close();
  };
  try {
    await graph.prepareBookkeeping();
    await graph.prepare(await book.all());
    if (analysing !== undefined) {
      await analysis.prepare();
      await prepareSyncMetadata(graph);
    }
    await bounds.refresh();
  } catch (error) {
    await closeConnections();
    throw error;
  }
  const runners = stages.map((name) => {
    const stage = makeStage(name, options, book, bounds, () => rounds.forEach((one) => one.wake()));
    return new StageRunner({
      ...options,
      stage: options.until === undefined ? stage : asOfRun(stage, options.until),
      consumer: log.consumer({
        groupId: `${graphName}.${name}`,
        topics: readBy(name, topics),
        onPoll: () => onPoll?.(name),
      }),
      decoder: createDecoder(registry),
      // Edges of one account all lock its node: more transactions only wait for each other.
      transactionsAtOnce: name === 'nodes' ? 4 : 1,
      deadLetters: new DeadLetters(producer, (topic) => topics.deadLetters(topic)),
      bounds,
    });
  });
  const failed = Promise.race([...runners.map((runner) => runner.failed), ...rounds.map((one) => one.failed)]);
  failed.catch(() => undefined);
  const close = async (): Promise<void> => {
    await Promise.all([...runners, ...rounds].map((one) => one.close()));
    await closeConnections();
  };
  const endStart = (): void => void Promise.allSettled(runners.map((runner) => runner.close()));
  options.signal?.addEventListener('abort', endStart);
  try {
    options.signal?.throwIfAborted();
    await Promise.all(runners.map((runner) => runner.start()));
    options.signal?.throwIfAborted();
  } catch (error) {
    await close();
    options.signal?.throwIfAborted();
    throw error;
  } finally {
    options.signal?.removeEventListener('abort', endStart);
  }
  for (const one of rounds) one.start();
  return { failed, close };
}

/** The topics that a stage reads. */
export function readBy(stage: StageName, topics: Topics): string[] {
  return readsMarkers(stage) ? [topics.markers] : [topics.assets, topics.hierarchy];
}

/** Whether a stage reads the markers, and not the records. */
export function readsMarkers(stage: StageName): boolean {
  return stage === 'cleanup' || stage === 'analysis';
}

function makeStage(
  name: StageName,
  { graph, gateTimeoutMs = 3_600_000, logEnd, logger, telemetry = noTelemetry }: LoadOptions,
  book: SchemaBook,
  bounds: LogBounds,
  onMarkers: () => void,
): Stage {
  switch (name) {
    case 'nodes':
      return nodesStage(graph);
    case 'links':
    case 'cross-links': {
      const gate = new Gate({
        graph,
        wait: name === 'links' ? 'account' : 'run',
        timeoutMs: gateTimeoutMs,
        low: (topic, partition) => bounds.knownLow(topic, partition),
        onTimeout: () => telemetry.metrics.add('cartography_stream_gate_timeouts_total', { stage: name }),
        logEnd,
        logger,
      });
      return linksStage(name, graph, gate, (recordType) => book.lookup(recordType));
    }
    case 'cleanup':
      return cleanupStage(graph, onMarkers);
    case 'analysis':
      return analysisStage(graph, onMarkers);
  }
}
