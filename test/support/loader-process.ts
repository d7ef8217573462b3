/* Loads a graph until it is killed; prints a line once it has begun. Its settings are JSON in the first parameter. */
import { pino } from 'pino';
import { connectNeo4j } from '../../consumers/graph/connect-neo4j.ts';
import { startLoaders } from '../../consumers/load.ts';
import { connectLog } from '../../platform/kafka/connect-log.ts';
import { connectRegistry } from '../../schemas/registry.ts';

export interface LoaderSettings {
  kafka: string[];
  registryUrl: string;
  neo4j: { uri: string; user: string; password: string };
  topicPrefix: string;
  rows: number;
}

const { kafka, registryUrl, neo4j, topicPrefix, rows } = JSON.parse(process.argv[2]!) as LoaderSettings;
const log = connectLog({
  bootstrapServers: kafka,
  clientId: 'loader-process',
  // The least that Kafka allows: a killed member is missed for so long.
  sessionTimeoutMs: 6_000,
  heartbeatIntervalMs: 500,
  requestTimeoutMs: 5_000,
});
const loaders = await startLoaders({
  log,
  registry: connectRegistry({ url: registryUrl }),
  graph: await connectNeo4j(neo4j),
  graphName: topicPrefix,
  topicPrefix,
  limits: { rows, bytes: 1_000_000 },
  logger: pino({ level: process.env['TEST_LOG'] ?? 'silent' }, pino.destination({ fd: 2, sync: true })),
});
console.log('begun');
await loaders.failed;
