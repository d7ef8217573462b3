import { connectNeo4j } from '../../consumers/graph/connect-neo4j.ts';
import type { Neo4jGraph } from '../../consumers/graph/neo4j-graph.ts';
import { type Service, type Stack, startStack } from '../../stack/stack.ts';

export interface SharedNeo4j {
  uri: string;
  user: string;
  password: string;
  release: () => Promise<void>;
}

/** The Neo4j server of the test run (TEST_NEO4J, TEST_NEO4J_PASSWORD), or one of the test's own. Its data is the caller's to clear. */
export async function sharedNeo4j(): Promise<SharedNeo4j> {
  const { TEST_NEO4J: uri, TEST_NEO4J_PASSWORD: password } = process.env;
  if (uri !== undefined && password !== undefined) return { uri, user: 'neo4j', password, release: async () => {} };
  const stack = await startStack({ services: ['neo4j'] });
  const server = stack.neo4j[0]!;
  return { uri: server.uri, user: server.user, password: server.password, release: () => stack.stop() };
}

/** A graph in that server. `close` ends both. */
export async function sharedGraph(): Promise<{ server: SharedNeo4j; graph: Neo4jGraph; close: () => Promise<void> }> {
  const server = await sharedNeo4j();
  const graph = await connectNeo4j(server);
  const close = async (): Promise<void> => {
    await graph.close();
    await server.release();
  };
  return { server, graph, close };
}

/** The same, with nothing but the bookkeeping's constraints in the graph. */
export async function emptyGraph(): ReturnType<typeof sharedGraph> {
  const shared = await sharedGraph();
  await shared.graph.query('MATCH (n) DETACH DELETE n');
  await shared.graph.prepareBookkeeping();
  return shared;
}

export interface Servers {
  kafka: string[];
  registryUrl: string;
  neo4j: { uri: string; user: string; password: string };
  release(): Promise<void>;
}

/** Kafka, the registry and Neo4j of the test run (TEST_KAFKA, TEST_REGISTRY and as above), or ones of the test's own. */
export async function testServers(): Promise<Servers> {
  const { TEST_KAFKA: kafka, TEST_REGISTRY: registryUrl, TEST_NEO4J: uri, TEST_NEO4J_PASSWORD: password } = process.env;
  if (kafka && registryUrl && uri && password)
    return { kafka: kafka.split(','), registryUrl, neo4j: { uri, user: 'neo4j', password }, release: async () => {} };
  return ownServers();
}

/** For tests that kill them. */
export async function ownServers(
  services: readonly Service[] = ['kafka', 'registry', 'neo4j'],
): Promise<Servers & { stack: Stack }> {
  const stack = await startStack({ services });
  const server = stack.neo4j[0]!;
  return {
    stack,
    kafka: [stack.kafka.bootstrapServers],
    registryUrl: stack.registry.url,
    neo4j: { uri: server.uri, user: server.user, password: server.password },
    release: () => stack.stop(),
  };
}
