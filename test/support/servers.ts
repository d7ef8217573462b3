import { startStack } from '../../stack/stack.ts';

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
