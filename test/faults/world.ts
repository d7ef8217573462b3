import { randomUUID } from 'node:crypto';
import { isCaughtUp, readLag } from '../../consumers/caught-up.ts';
import { connectNeo4j } from '../../consumers/graph/connect-neo4j.ts';
import { classifyFailure } from '../../consumers/graph/failure.ts';
import type { Neo4jGraph } from '../../consumers/graph/neo4j-graph.ts';
import { stageNames } from '../../consumers/load.ts';
import { readRunState } from '../../consumers/run-state.ts';
import { connectLog } from '../../platform/kafka/connect-log.ts';
import type { Log } from '../../platform/kafka/log.ts';
import { readLog, type ReadMessage } from '../../platform/kafka/read-log.ts';
import { retryTransient } from '../../platform/retry.ts';
import { type Topics, topicSpecs, topicsOf } from '../../platform/topics.ts';
import { findFreePorts } from '../../stack/server/find-free-ports.ts';
import { type Stack, startStack } from '../../stack/stack.ts';
import type { ModelGraph } from '../model/law.ts';
import type { CollectorSettings } from '../support/collector-process.ts';
import type { LoaderSettings } from '../support/loader-process.ts';
import { primaryLabelOf, until } from '../support/pipeline.ts';
import { readGraph } from '../support/read-graph.ts';
import { TcpProxy } from '../support/tcp-proxy.ts';
import { Worker } from './worker.ts';

export type ServerName = 'kafka' | 'registry' | 'neo4j';

export interface WorldOptions {
  /** Partitions of the assets topic. Default 4. */
  partitions?: number;
  /** Rows per transaction of each loader process. Default 200 and 5,000. */
  loaders?: readonly number[];
  /** Default 1. With more of them no proxy stands before Kafka, and topics have as many replicas. */
  brokers?: number;
}

/**
 * Real servers behind proxies, loader processes that read through them, and a collector process while a run is collected.
 * What the tests themselves ask goes past the proxies.
 */
export interface World {
  stack: Stack;
  proxies: Record<ServerName, TcpProxy>;
  loaders: readonly Worker[];
  /** While a run is collected. */
  collector: Worker | undefined;
  graph: Neo4jGraph;
  log: Log;
  topicPrefix: string;
  topics: Topics;
  /** Resolves once the run is collected, however often that takes a new process. */
  collect(
    run: Pick<CollectorSettings, 'tag' | 'regions'>,
    environment: Readonly<Record<string, string>>,
  ): Promise<void>;
  /** Resolves when the graph holds the run and nothing in the log is left to apply or to clean. */
  untilLoaded(tag: number): Promise<void>;
  /** How many messages the stages have passed. */
  passed(): Promise<number>;
  readGraph(): Promise<ModelGraph>;
  deadLetters(): Promise<ReadMessage[]>;
  close(): Promise<void>;
}

/** The one sync that the benchmarks' AWS has. */
export const requestedSyncs = ['ec2:instance'];

/**
 * A transaction may take less than a large chunk of ours needs, and all of them together little more than they do. Half-open
 * connections are noticed after twice the keep-alive.
 */
const neo4jSettings = {
  'db.memory.transaction.max': '8m',
  'dbms.memory.transaction.total.max': '96m',
  'server.bolt.connection_keep_alive': '5s',
};

export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const { partitions = 4, loaders: chunkRows = [200, 5_000], brokers = 1 } = options;
  const [kafkaPort] = (await findFreePorts(1)) as [number];
  const kafkaProxy = await TcpProxy.start({ host: '127.0.0.1', port: kafkaPort });
  const stack = await startStack({
    ports: { kafka: kafkaPort },
    kafkaBrokers: brokers,
    ...(brokers === 1 ? { kafkaAdvertisedPort: kafkaProxy.port } : {}),
    neo4jSettings,
  });
  const server = stack.neo4j[0]!;
  const proxies = {
    kafka: kafkaProxy,
    registry: await TcpProxy.start({ host: '127.0.0.1', port: stack.registry.port }),
    neo4j: await TcpProxy.start({ host: '127.0.0.1', port: server.port }),
  };
  const direct = stack.kafkaBrokers.map(({ bootstrapServers }) => bootstrapServers);
  const log = connectLog({
    bootstrapServers: direct,
    clientId: 'test',
    ...(brokers === 1 ? { resolveAddress: () => ({ host: '127.0.0.1', port: kafkaPort }) } : {}),
  });
  const topicPrefix = `test-${randomUUID().slice(0, 8)}`;
  const topics = topicsOf(topicPrefix);
  const admin = await log.admin();
  await admin.ensureTopics(topicSpecs({ prefix: topicPrefix, partitions, replicationFactor: brokers }));
  const graph = await connectNeo4j({ uri: server.uri, user: server.user, password: server.password });
  const registry = new URL(stack.registry.url);
  registry.port = String(proxies.registry.port);
  const behindProxies = {
    kafka: brokers === 1 ? [`127.0.0.1:${kafkaProxy.port}`] : direct,
    registryUrl: registry.href,
    topicPrefix,
  };
  const startLoader = (rows: number): Worker => {
    const neo4j = { uri: `bolt://127.0.0.1:${proxies.neo4j.port}`, user: server.user, password: server.password };
    return new Worker('loader-process.ts', { ...behindProxies, neo4j, rows } satisfies LoaderSettings);
  };

  const world: World = {
    stack,
    proxies,
    loaders: chunkRows.map(startLoader),
    collector: undefined,
    graph,
    log,
    topicPrefix,
    topics,
    async collect(run, environment) {
      const settings: CollectorSettings = { ...behindProxies, ...run, requestedSyncs };
      world.collector = new Worker('collector-process.ts', settings, environment);
      await world.collector.done;
      world.collector = undefined;
    },
    async untilLoaded(tag) {
      await until(
        `tag ${tag} to be loaded`,
        () => whileAway(() => readRunState(graph, tag, () => 0n)),
        ({ state, incompleteScopes }) => state === 'loaded' || incompleteScopes.length > 0,
      );
      await until(
        'the loaders to catch up',
        () => whileAway(() => readLag(graph, admin, topics, stageNames)),
        isCaughtUp,
      );
    },
    passed: async () => {
      const [row] = await graph.query<{ passed: number }>('MATCH (f:_Fence) RETURN sum(f.offset) AS passed');
      return row!.passed;
    },
    readGraph: () => readGraph(graph, primaryLabelOf),
    deadLetters: async () =>
      (
        await Promise.all(
          [topics.assets, topics.hierarchy, topics.markers].map((topic) => readLog(log, topics.deadLetters(topic))),
        )
      ).flat(),
    async close() {
      const workers = world.collector === undefined ? world.loaders : [...world.loaders, world.collector];
      await Promise.all(workers.map((worker) => worker.end()));
      await admin.close();
      await graph.close();
      await Promise.all(Object.values(proxies).map((proxy) => proxy.close()));
      await stack.stop();
    },
  };
  return world;
}

/** A server to which something is being done may fail the one who looks, too. */
function whileAway<T>(look: () => Promise<T>): Promise<T> {
  const isTransient = (error: unknown): boolean =>
    ['transient', 'overload', 'too-large'].includes(classifyFailure(error));
  return retryTransient(look, { isTransient, maxDelayMs: 200 });
}
