import { readFile } from 'node:fs/promises';

import type { Neo4jConfig } from '../consumers/graph/connect-neo4j.ts';
import { defaultDataDir } from '../stack/data-dir.ts';
import { readState } from '../stack/commands/stack-state.ts';
import { startStack } from '../stack/stack.ts';
import type { CommandContext } from './context.ts';
import { orInterrupted } from './interrupt.ts';
import type { LogSettings } from './settings/log-settings.ts';

export interface LocalLog {
  servers: NonNullable<LogSettings['servers']>;
  /** Ends what was started for the command; the data stays. */
  stop(): Promise<void>;
}

/** The log of the local stack where one runs, else its Kafka and registry for as long as the command lasts. */
export async function findLocalLog({ environment, say, logger, signal }: CommandContext): Promise<LocalLog> {
  const dataDir = defaultDataDir(environment);
  const running = await readState(dataDir);
  if (running !== undefined) {
    say(
      `Kafka and registry: the local stack's at ${running.bootstrapServers} (name others with --kafka-bootstrap-servers)`,
    );
    return { servers: serversAt(running.bootstrapServers, running.registryUrl), stop: () => Promise.resolve() };
  }
  say(`No --kafka-bootstrap-servers: starting a local Kafka and registry for this run, with their data in ${dataDir}`);
  const starting = startStack({ services: ['kafka', 'registry'], dataDir, log: (line) => logger.debug(line) });
  const stack = await orInterrupted(starting, signal);
  return { servers: serversAt(stack.kafka.bootstrapServers, stack.registry.url), stop: () => stack.stop() };
}

/** Neo4j of the local stack where one runs. */
export async function findLocalNeo4j(environment: NodeJS.ProcessEnv): Promise<Neo4jConfig | undefined> {
  const running = await readState(defaultDataDir(environment));
  if (running === undefined) return undefined;
  return {
    uri: running.neo4jUri,
    user: running.neo4jUser,
    password: await readFile(running.neo4jPasswordFile, 'utf8'),
  };
}

export function serversAt(bootstrapServers: string, registryUrl: string): NonNullable<LogSettings['servers']> {
  return {
    kafka: { bootstrapServers: bootstrapServers.split(','), clientId: 'cartography-stream' },
    registry: { url: registryUrl },
  };
}
