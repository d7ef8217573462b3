/* Loads a graph until it is killed, or told to end (SIGTERM); prints a line once it has begun. Its settings are JSON in the first parameter. */
import { pino } from 'pino';
import { connectNeo4j } from '../../consumers/graph/connect-neo4j.ts';
import { startLoaders } from '../../consumers/load.ts';
import type { StageName } from '../../consumers/stages/stage.ts';
import { connectLog } from '../../platform/kafka/connect-log.ts';
import { connectRegistry } from '../../schemas/registry.ts';

export interface LoaderSettings {
  kafka: string[];
  registryUrl: string;
  neo4j: { uri: string; user: string; password: string };
  topicPrefix: string;
  rows: number;
  /** Default: all. */
  stages?: readonly StageName[];
}

const { kafka, registryUrl, neo4j, topicPrefix, rows, stages } = JSON.parse(process.argv[2]!) as LoaderSettings;
const log = connectLog({
  bootstrapServers: kafka,
  clientId: 'loader-process',
  // The least that Kafka allows: a killed member is missed for so long.
  sessionTimeoutMs: 6_000,
  heartbeatIntervalMs: 500,
  requestTimeoutMs: 5_000,
});
const graph = await connectNeo4j(neo4j);
const loaders = await startLoaders({
  log,
  registry: connectRegistry({ url: registryUrl }),
  graph,
  graphName: topicPrefix,
  topicPrefix,
  ...(stages === undefined ? {} : { stages }),
  limits: { rows, bytes: 1_000_000 },
  logger: pino({ level: process.env['TEST_LOG'] ?? 'silent' }, pino.destination({ fd: 2, sync: true })),
});
process.once('SIGTERM', () => void loaders.close().then(() => process.exit()));
console.log('begun');
await loaders.failed;
