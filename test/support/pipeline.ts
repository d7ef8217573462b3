import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino, type Logger } from 'pino';
import { isCaughtUp, type Lag, readLag } from '../../consumers/caught-up.ts';
import { connectNeo4j } from '../../consumers/graph/connect-neo4j.ts';
import { classifyFailure } from '../../consumers/graph/failure.ts';
import type { Neo4jGraph } from '../../consumers/graph/neo4j-graph.ts';
import { type LoadOptions, type Loaders, stageNames, startLoaders } from '../../consumers/load.ts';
import { readRunState, type RunState } from '../../consumers/run-state.ts';
import { connectLog } from '../../platform/kafka/connect-log.ts';
import type { KafkaConfig } from '../../platform/kafka/kafka-config.ts';
import type { Log, LogAdmin, LogProducer } from '../../platform/kafka/log.ts';
import { type Topics, topicSpecs, topicsOf } from '../../platform/topics.ts';
import { collect, type CollectOptions } from '../../producers/run.ts';
import type { RunSummary } from '../../producers/summarize.ts';
import { syncs } from '../../producers/syncs.ts';
import { loadCatalogue } from '../../schemas/catalogue.ts';
import { createEncoder } from '../../schemas/codec.ts';
import { connectRegistry, type SchemaRegistry } from '../../schemas/registry.ts';
import { registerSchemas, subjectsOf } from '../../schemas/register-schemas.ts';
import { type AwsStandIn, type AwsStandInOptions, startAwsStandIn } from '../../stack/aws/stand-in.ts';
import type { ModelGraph } from '../model/law.ts';
import { lawOfLog } from './law-of-log.ts';
import { readGraph } from './read-graph.ts';
import { type ReadMessage, readLog } from '../../platform/kafka/read-log.ts';
import { type Servers, testServers } from './servers.ts';

export const catalogue = loadCatalogue();
const limitMs = 600_000;

/** Real servers and a made-up AWS: started once per file, shared by its tests. */
export interface Lab {
  aws: AwsStandIn;
  servers: Servers;
  /** Topics of its own and an emptied Neo4j, so that tests are independent. */
  open(options?: PipelineOptions): Promise<Pipeline>;
  close(): Promise<void>;
}

export interface PipelineOptions {
  kafka?: Partial<KafkaConfig>;
  /** Partitions of the assets topic. Default 4. */
  partitions?: number;
}

export type RunOptions = { tag: number } & Partial<Omit<CollectOptions, 'updateTag'>>;

export interface Pipeline {
  topicPrefix: string;
  topics: Topics;
  log: Log;
  admin: LogAdmin;
  registry: SchemaRegistry;
  producer: LogProducer;
  graph: Neo4jGraph;
  collect(run: RunOptions): Promise<RunSummary>;
  /** Starts all stages, by default into `graph`; they end with the pipeline at the latest. */
  load(options?: Partial<LoadOptions>): Promise<Loaders>;
  /** Resolves when the graph holds the run. */
  untilLoaded(tag: number, graph?: Neo4jGraph): Promise<RunState>;
  /** Resolves when nothing in the log is left to apply or to clean. */
  untilCaughtUp(graph?: Neo4jGraph): Promise<Lag>;
  /** Collects, and waits until it is loaded. */
  runOnce(run: RunOptions): Promise<RunSummary>;
  graphOf(graph?: Neo4jGraph): Promise<ModelGraph>;
  /** What the graph must be by all that is in the log. */
  law(): Promise<ModelGraph>;
  deadLetters(): Promise<ReadMessage[]>;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function startLab(estate: AwsStandInOptions, starting: Promise<Servers> = testServers()): Promise<Lab> {
  const [aws, servers] = await Promise.all([startAwsStandIn(estate), starting]);
  Object.assign(process.env, aws.environment);
  return {
    aws,
    servers,
    open: (options = {}) => openPipeline(aws, servers, options),
    close: async () => {
      await Promise.all([aws.stop(), servers.release()]);
    },
  };
}

async function openPipeline(
  aws: AwsStandIn,
  servers: Servers,
  { kafka = {}, partitions = 4 }: PipelineOptions,
): Promise<Pipeline> {
  const topicPrefix = `test-${randomUUID().slice(0, 8)}`;
  const topics = topicsOf(topicPrefix);
  const logger = testLogger();
  const log = connectLog({ bootstrapServers: servers.kafka, clientId: 'test', heartbeatIntervalMs: 200, ...kafka });
  const registry = connectRegistry({ url: servers.registryUrl });
  const admin = await log.admin();
  await admin.ensureTopics(topicSpecs({ prefix: topicPrefix, partitions }));
  await registerSchemas(registry, subjectsOf(catalogue, topics));
  const producer = await log.producer();
  const graph = await connectNeo4j(servers.neo4j);
  await emptyGraph(graph);
  const running = new Set<Loaders>();
  const orFailed = <T>(work: Promise<T>): Promise<T> => Promise.race([work, ...[...running].map((one) => one.failed)]);

  const pipeline: Pipeline = {
    topicPrefix,
    topics,
    log,
    admin,
    registry,
    producer,
    graph,
    collect: ({ tag, ...options }) =>
      orFailed(
        collect({
          producer,
          encoder: createEncoder(registry, catalogue),
          catalogue,
          topics,
          logger,
          updateTag: tag,
          syncAllProfiles: true,
          regions: aws.summary.regions,
          ...options,
        }),
      ),
    load: async (options = {}) => {
      const loaders = await startLoaders({
        log,
        registry,
        graph,
        graphName: topicPrefix,
        topicPrefix,
        logger,
        ...options,
      });
      const entry: Loaders = {
        failed: loaders.failed,
        close: async () => {
          if (running.delete(entry)) await loaders.close();
        },
      };
      running.add(entry);
      return entry;
    },
    untilLoaded: (tag, of = graph) =>
      until(
        `tag ${tag} to be loaded`,
        () => orFailed(readRunState(of, tag, () => 0n)),
        ({ state }) => state === 'loaded',
      ),
    untilCaughtUp: (of = graph) =>
      until('the loaders to catch up', () => orFailed(readLag(of, admin, topics, stageNames)), isCaughtUp),
    runOnce: async (run) => {
      const summary = await pipeline.collect(run);
      await pipeline.untilLoaded(run.tag);
      return summary;
    },
    graphOf: (of = graph) => readGraph(of, primaryLabelOf),
    law: () => lawOfLog(log, registry, topics),
    deadLetters: async () =>
      (
        await Promise.all(
          [topics.assets, topics.hierarchy, topics.markers].map((topic) => readLog(log, topics.deadLetters(topic))),
        )
      ).flat(),
    [Symbol.asyncDispose]: async () => {
      await Promise.all([...running].map((loaders) => loaders.close()));
      await producer.close();
      await admin.close();
      await graph.close();
    },
  };
  return pipeline;
}

const primaryLabels = new Set(catalogue.all().map(({ label }) => label));
const extraLabels = new Map(
  catalogue.all().map(({ label, labels }) => [label, new Set(labels.filter((one) => one !== label))]),
);

/** A label may be one record type's own and an extra one of another (AWSIpRule): the most special one names the node. */
function primaryLabelOf(labels: readonly string[]): string {
  const own = labels.filter((label) => primaryLabels.has(label));
  return own.filter((label) => !own.some((other) => extraLabels.get(other)!.has(label))).join('&');
}

/** How many scopes a run over everything has for each account. */
export function scopesPerAccount(regions: number): number {
  return syncs.reduce((sum, { scope }) => sum + (scope === 'global' ? 1 : regions), 0);
}

export async function emptyGraph(graph: Neo4jGraph): Promise<void> {
  await graph.query('MATCH (n) DETACH DELETE n');
}

export function testLogger(): Logger {
  return pino({ level: process.env['TEST_LOG'] ?? 'silent' }, pino.destination({ fd: 2, sync: true }));
}

/** Asks until the answer will do, also through outages; rejects after two minutes with what was waited for and the last answer. */
export async function until<T>(what: string, ask: () => Promise<T>, isEnough: (answer: T) => boolean): Promise<T> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    let answer: T | Error;
    try {
      answer = await ask();
      if (isEnough(answer)) return answer;
    } catch (error) {
      if (classifyFailure(error) !== 'transient') throw error;
      answer = error as Error;
    }
    if (performance.now() > deadline) {
      const last =
        answer instanceof Error
          ? answer.message
          : JSON.stringify(answer, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
      throw new Error(`waited ${limitMs / 1000} s in vain for ${what}; last: ${last}`);
    }
    await sleep(100);
  }
}
