import { pino } from 'pino';
import { connectNeo4j, type Neo4jConfig } from '../consumers/graph/connect-neo4j.ts';
import type { Neo4jGraph } from '../consumers/graph/neo4j-graph.ts';
import { connectLog } from '../platform/kafka/connect-log.ts';
import type { Log } from '../platform/kafka/log.ts';
import { connectRegistry, type SchemaRegistry } from '../schemas/registry.ts';
import { startStack } from '../stack/stack.ts';

/** What the parts of the benchmark share: real servers on this machine. */
export interface Servers {
  bootstrapServers: string;
  registryUrl: string;
  neo4j: Neo4jConfig & { uri: string; user: string; password: string };
  neo4jPid: number | undefined;
  log: Log;
  registry: SchemaRegistry;
  graph: Neo4jGraph;
  stop(): Promise<void>;
}

export const silent = pino({ level: 'silent' });

/** Starts Kafka, the registry and Neo4j. They end with this process. */
export async function startServers(): Promise<Servers> {
  const stack = await startStack({ log: (line) => process.stderr.write(`${line}\n`) });
  const server = stack.neo4j[0]!;
  const neo4j = { uri: server.uri, user: server.user, password: server.password };
  const graph = await connectNeo4j(neo4j);
  return {
    bootstrapServers: stack.kafka.bootstrapServers,
    registryUrl: stack.registry.url,
    neo4j,
    neo4jPid: server.pid,
    log: connectLog({ bootstrapServers: [stack.kafka.bootstrapServers], clientId: 'bench' }),
    registry: connectRegistry({ url: stack.registry.url }),
    graph,
    async stop() {
      await graph.close();
      await stack.stop();
    },
  };
}
