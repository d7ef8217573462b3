import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { messageOf } from '../platform/errors.ts';
import type { Log } from '../platform/kafka/log.ts';
import { type Topics, topicsOf } from '../platform/topics.ts';
import { createDecoder } from '../schemas/codec.ts';
import type { SchemaRegistry } from '../schemas/registry.ts';
import { Cleaner } from './cleanup/cleaner.ts';
import { classifyFailure } from './graph/failure.ts';
import type { Graph } from './graph/graph.ts';
import { type ChunkLimits } from './runner/chunks.ts';
import { DeadLetters } from './dead-letters/dead-letters.ts';
import { Gate, type PartitionEnd } from './runner/gate.ts';
import { LogBounds } from './runner/log-bounds.ts';
import { StageRunner, type StageProgress } from './runner/stage-runner.ts';
import { SchemaBook } from './schema-book.ts';
import { cleanupStage } from './stages/cleanup-stage.ts';
import { linksStage } from './stages/links-stage.ts';
import { nodesStage } from './stages/nodes-stage.ts';
import { asOfRun, type Stage, type StageName } from './stages/stage.ts';

export const stageNames: readonly StageName[] = ['nodes', 'links', 'cross-links', 'cleanup'];

export interface LoadOptions {
  log: Log;
  registry: SchemaRegistry;
  graph: Graph;
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
  logger: Logger;
  onProgress?: (progress: StageProgress) => void;
}

export interface Loaders {
  /** Rejects when a stage cannot go on; never resolves. */
  failed: Promise<never>;
  /** Finishes or rolls back the chunks at hand and leaves the groups. */
  close(): Promise<void>;
}

/** Starts loaders for some or all stages in this process; more processes with the same options share the partitions. */
export async function startLoaders(options: LoadOptions): Promise<Loaders> {
  const { log, registry, graph, graphName = 'cartography', stages = stageNames, logger } = options;
  const topics = topicsOf(options.topicPrefix);
  const admin = await log.admin();
  const producer = await log.producer();
  const bounds = new LogBounds(admin, [topics.assets, topics.hierarchy, topics.markers]);
  const book = new SchemaBook(registry, [topics.assets, topics.hierarchy]);
  const cleaning = stages.includes('cleanup')
    ? new CleaningLoop(
        new Cleaner({
          graph,
          lookup: (name) => book.lookup(name),
          called: (short, asOf) => book.called(short, asOf),
          low: (topic, partition) => bounds.knownLow(topic, partition),
          logger,
        }),
        logger,
      )
    : undefined;
  const closeConnections = async (): Promise<void> => {
    await producer.close();
    await admin.close();
  };
  try {
    await graph.prepareBookkeeping();
    await graph.prepare(await book.all());
    await bounds.refresh();
  } catch (error) {
    await closeConnections();
    throw error;
  }
  const runners = stages.map((name) => {
    const stage = makeStage(name, options, book, bounds, () => cleaning?.wake());
    return new StageRunner({
      ...options,
      stage: options.until === undefined ? stage : asOfRun(stage, options.until),
      consumer: log.consumer({ groupId: `${graphName}.${name}`, topics: readBy(name, topics) }),
      decoder: createDecoder(registry),
      // Edges of one account all lock its node: more transactions only wait for each other.
      transactionsAtOnce: name === 'nodes' ? 4 : 1,
      deadLetters: new DeadLetters(producer, (topic) => topics.deadLetters(topic)),
      bounds,
    });
  });
  const failed = Promise.race([
    ...runners.map((runner) => runner.failed),
    ...(cleaning === undefined ? [] : [cleaning.failed]),
  ]);
  failed.catch(() => undefined);
  const close = async (): Promise<void> => {
    await Promise.all([...runners.map((runner) => runner.close()), cleaning?.close()]);
    await closeConnections();
  };
  try {
    await Promise.all(runners.map((runner) => runner.start()));
  } catch (error) {
    await close();
    throw error;
  }
  cleaning?.start();
  return { failed, close };
}

/** The topics that a stage reads. */
export function readBy(stage: StageName, topics: Topics): string[] {
  return stage === 'cleanup' ? [topics.markers] : [topics.assets, topics.hierarchy];
}

function makeStage(
  name: StageName,
  { graph, gateTimeoutMs = 3_600_000, logEnd, logger }: LoadOptions,
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
        logEnd,
        logger,
      });
      return linksStage(name, graph, gate, (recordType) => book.lookup(recordType));
    }
    case 'cleanup':
      return cleanupStage(graph, onMarkers);
  }
}

/** Lets the cleaner go its rounds: soon after markers came, and again while some wait for their gate. */
class CleaningLoop {
  readonly #cleaner: Cleaner;
  readonly #logger: Logger;
  readonly #failure = Promise.withResolvers<never>();
  readonly #stop = new AbortController();
  #running: Promise<void> | undefined;
  #pauseMs = 0;

  constructor(cleaner: Cleaner, logger: Logger) {
    this.#cleaner = cleaner;
    this.#logger = logger;
    this.#failure.promise.catch(() => undefined);
  }

  get failed(): Promise<never> {
    return this.#failure.promise;
  }

  start(): void {
    this.#running = this.#run();
  }

  wake(): void {
    this.#pauseMs = 100;
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    let failures = 0;
    while (!this.#stop.signal.aborted) {
      try {
        const round = await this.#cleaner.round();
        failures = 0;
        const isBusy = round.done > 0 || round.waiting > 0 || round.hasMore;
        this.#pauseMs = isBusy ? 500 : Math.min(this.#pauseMs * 2 + 300, 5_000);
        if (round.done > 0) this.#logger.debug(round, 'cleaned');
      } catch (error) {
        if (!['transient', 'too-large'].includes(classifyFailure(error))) return this.#failure.reject(error);
        this.#logger[++failures < 3 ? 'debug' : 'warn'](
          { error: messageOf(error), failures },
          'the cleanup failed and is tried again',
        );
        this.#pauseMs = Math.min(200 * 2 ** failures, 10_000);
      }
      await this.#pause();
    }
  }

  /** In small steps, so that wake is noticed. */
  async #pause(): Promise<void> {
    const until = Date.now();
    while (!this.#stop.signal.aborted && Date.now() - until < this.#pauseMs)
      await sleep(100, undefined, { signal: this.#stop.signal }).catch(() => undefined);
  }
}
