import { connectNeo4j } from '../consumers/graph/connect-neo4j.ts';
import { describeNeo4jFailure, isNeo4jFailure } from '../consumers/graph/failure.ts';
import type { Neo4jGraph } from '../consumers/graph/neo4j-graph.ts';
import { readSecret, type Secret } from '../platform/secrets/secret.ts';
import type { CommandContext } from './context.ts';
import { findLocalNeo4j } from './local-stack.ts';
import type { GraphSettings } from './settings/graph-settings.ts';

/**
 * Connects to Neo4j, asking for the password where the user wants to be asked, and closes when the work is done.
 * @throws UsageError, InfrastructureError; what Neo4j refuses the work becomes one too
 */
export async function withGraph<T>(
  settings: GraphSettings,
  context: CommandContext,
  work: (graph: Neo4jGraph) => Promise<T>,
): Promise<T> {
  const { graph, uri, password } = await openGraph(settings, context);
  try {
    return await work(graph);
  } catch (error) {
    throw isNeo4jFailure(error) ? describeNeo4jFailure(error, uri, password) : error;
  } finally {
    await graph.close();
  }
}

async function openGraph(
  settings: GraphSettings,
  context: CommandContext,
): Promise<{ graph: Neo4jGraph; uri: string; password: Secret | undefined }> {
  for (const note of settings.notes) context.logger.warn(note);
  const running = settings.local === undefined ? undefined : await findLocalNeo4j(context.environment);
  const isLocal = settings.local === 'any' || (running !== undefined && isSameServer(settings.neo4j.uri, running.uri));
  const local = isLocal ? running : undefined;
  if (local !== undefined) context.say(`Neo4j: the local stack's at ${local.uri} (name another with --neo4j-uri)`);
  const config = { ...settings.neo4j, ...local };
  // Before the connection's time limit runs: a prompt takes its time.
  if (config.password !== undefined) await readSecret(config.password);
  const password = typeof config.password === 'object' ? config.password : undefined;
  return { graph: await connectNeo4j(config), uri: config.uri, password };
}

function isSameServer(given: string, local: string): boolean {
  const [a, b] = [new URL(given), new URL(local)];
  return ['localhost', '127.0.0.1'].includes(a.hostname) && (a.port || '7687') === b.port;
}
