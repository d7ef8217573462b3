import { connectNeo4j } from '../consumers/graph/connect-neo4j.ts';
import type { Neo4jGraph } from '../consumers/graph/neo4j-graph.ts';
import type { CommandContext } from './context.ts';
import { findLocalNeo4j } from './local-stack.ts';
import type { GraphSettings } from './settings/graph-settings.ts';
import { ask } from './terminal/ask.ts';

/**
 * Connects to Neo4j and makes sure that it answers; asks for the password where the user wants to be asked.
 * @throws UsageError, InfrastructureError
 */
export async function openGraph(settings: GraphSettings, context: CommandContext): Promise<Neo4jGraph> {
  for (const note of settings.notes) context.logger.warn(note);
  const local = settings.isDefault ? await findLocalNeo4j(context.environment) : undefined;
  if (local !== undefined) context.say(`Neo4j: the local stack's at ${local.uri} (name another with --neo4j-uri)`);
  const config = { ...settings.neo4j, ...local };
  if (settings.promptForPassword) {
    config.password = await ask({ text: 'Neo4j password: ', setting: '--neo4j-password-prompt', isSecret: true });
  }
  return connectNeo4j(config);
}
