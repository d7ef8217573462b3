import { pino } from 'pino';
import { Analyst } from '../../../consumers/analysis/analyst.ts';
import { Cleaner } from '../../../consumers/cleanup/cleaner.ts';
import { readBy, stageNames } from '../../../consumers/load.ts';
import { classifyFailure } from '../../../consumers/graph/failure.ts';
import { shortName } from '../../../consumers/graph/names.ts';
import { DeadLetters } from '../../../consumers/dead-letters/dead-letters.ts';
import { Gate } from '../../../consumers/runner/gate.ts';
import { LogBounds } from '../../../consumers/runner/log-bounds.ts';
import { StageRunner } from '../../../consumers/runner/stage-runner.ts';
import { analysisStage } from '../../../consumers/stages/analysis-stage.ts';
import { cleanupStage } from '../../../consumers/stages/cleanup-stage.ts';
import { linksStage } from '../../../consumers/stages/links-stage.ts';
import { nodesStage } from '../../../consumers/stages/nodes-stage.ts';
import type { Stage, StageName } from '../../../consumers/stages/stage.ts';
import type { LogProducer } from '../../../platform/kafka/log.ts';
import type { Decoder } from '../../../schemas/codec.ts';
import { type Client, MemoryGraph } from '../memory-graph/memory-graph.ts';
import type { Store } from '../memory-graph/store.ts';
import { topics } from '../play.ts';
import { universe } from '../universe.ts';
import type { Mutant } from './mutant.ts';
import type { Process } from './scheduler.ts';
import type { SimulatedLog } from './simulated-log.ts';

const logger = pino({ level: 'silent' });
const schemas = new Map(universe.map((schema) => [schema.name, schema]));

export interface LoaderOptions {
  process: Process;
  log: SimulatedLog;
  store: Store;
  client: Client;
  decoder: Decoder;
  chunkRows: number;
  gateTimeoutMs: number;
  mutant: Mutant;
  /** Told of what ends the loader. */
  onFailure: (error: unknown) => void;
}

/** One process with all stages, wired as consumers/load.ts wires them. */
export async function startSimulatedLoader(options: LoaderOptions): Promise<void> {
  const { process, log, store, client, chunkRows, mutant, onFailure } = options;
  const graph = new MemoryGraph(store, { ...client, ...mutant.client?.() });
  const bounds = new LogBounds(await log.admin(), [topics.assets, topics.hierarchy, topics.markers]);
  await bounds.refresh();
  const makeStage = (name: StageName): Stage => {
    if (name === 'nodes') return nodesStage(graph);
    if (name === 'cleanup') return cleanupStage(graph, () => undefined);
    if (name === 'analysis') return analysisStage(graph, () => undefined);
    const gate = new Gate({
      graph,
      wait: name === 'links' ? 'account' : 'run',
      timeoutMs: options.gateTimeoutMs,
      low: (topic, partition) => bounds.knownLow(topic, partition),
      logger,
      now: () => process.scheduler.now,
    });
    return linksStage(name, graph, mutant.gate?.(gate) ?? gate, (recordType) =>
      Promise.resolve(schemas.get(recordType)),
    );
  };
  for (const name of stageNames) {
    const stage = makeStage(name);
    const runner = new StageRunner({
      stage: mutant.stage?.(stage) ?? stage,
      consumer: log.consumer(process, `simulation.${name}`, readBy(name, topics)),
      graph,
      decoder: mutant.decoder?.(options.decoder) ?? options.decoder,
      deadLetters: new DeadLetters(log.producer(process) as LogProducer, (topic) => topics.deadLetters(topic)),
      bounds,
      limits: { rows: chunkRows, bytes: 1e6 },
      transactionsAtOnce: name === 'nodes' ? 3 : 1,
      clock: process,
      logger,
    });
    runner.failed.catch(onFailure);
    await runner.start();
  }
  void goRounds(makeCleaner({ ...options, graph, bounds }), process, onFailure);
  void goRounds(makeAnalyst({ ...options, graph, bounds }), process, onFailure);
}

/** Goes rounds for as long as the process lives. */
async function goRounds(
  worker: { round(): Promise<unknown> },
  process: Process,
  onFailure: (error: unknown) => void,
): Promise<void> {
  for (;;) {
    await process.sleep();
    await worker.round().catch((error: unknown) => {
      if (!['transient', 'overload'].includes(classifyFailure(error))) onFailure(error);
    });
  }
}

interface WorkerOptions {
  graph: MemoryGraph;
  bounds: Pick<LogBounds, 'knownLow'>;
  mutant: Mutant;
}

/** Only its gate is simulated: what it writes is Cypher. */
function makeAnalyst({ graph, bounds, mutant }: WorkerOptions): Analyst {
  return new Analyst({
    graph,
    update: () => Promise.resolve(),
    low: mutant.low ?? ((topic, partition) => bounds.knownLow(topic, partition)),
  });
}

export function makeCleaner({ graph, bounds, mutant }: WorkerOptions): Cleaner {
  return new Cleaner({
    graph,
    lookup: (name) => Promise.resolve(schemas.get(name)),
    called: (short) => Promise.resolve(universe.find(({ name }) => shortName(name) === short)),
    low: mutant.low ?? ((topic, partition) => bounds.knownLow(topic, partition)),
    batchRecords: 2,
    markersPerRound: 10,
    logger,
  });
}
