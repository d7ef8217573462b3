import type { Logger } from 'pino';

import { InfrastructureError } from '../platform/errors.ts';
import { connectLog } from '../platform/kafka/connect-log.ts';
import type { Log, LogAdmin } from '../platform/kafka/log.ts';
import { type Topics, topicSpecs, topicsOf } from '../platform/topics.ts';
import type { RegistryConfig } from '../schemas/registry-request.ts';
import { connectRegistry, type SchemaRegistry } from '../schemas/registry.ts';
import type { CommandContext } from './context.ts';
import { findLocalLog } from './local-stack.ts';
import type { LogServers, LogSettings } from './settings/log-settings.ts';

export interface OpenLog {
  log: Log;
  admin: LogAdmin;
  registry: SchemaRegistry;
  topics: Topics;
}

export interface LogAccess {
  /** Whether missing topics are an error instead of being created. Default false. */
  isReadOnly?: boolean;
}

/**
 * Connects to Kafka and the registry, makes sure that both answer, and creates the topics that are missing; closes when
 * the work is done.
 * @throws UsageError, InfrastructureError
 */
export async function withLog<T>(
  settings: LogSettings,
  context: CommandContext,
  work: (open: OpenLog) => Promise<T>,
  options: LogAccess = {},
): Promise<T> {
  const { close, ...open } = await openLog(settings, context, options);
  try {
    return await work(open);
  } finally {
    await close();
  }
}

async function openLog(
  settings: LogSettings,
  context: CommandContext,
  { isReadOnly = false }: LogAccess,
): Promise<OpenLog & { close: () => Promise<void> }> {
  const local = settings.servers === undefined ? await findLocalLog(context) : undefined;
  const servers = settings.servers ?? local!.servers;
  try {
    await askSecrets(servers);
    const log = connectLog(servers.kafka, context.logger);
    const registry = await reachRegistry(servers.registry);
    const admin = await log.admin();
    try {
      await (isReadOnly ? requireTopics(admin, settings) : createTopics(admin, settings, context.logger));
    } catch (error) {
      await admin.close();
      throw error;
    }
    return {
      log,
      admin,
      registry,
      topics: topicsOf(settings.topicPrefix),
      close: async () => {
        await admin.close();
        await local?.stop();
      },
    };
  } catch (error) {
    await local?.stop();
    throw error;
  }
}

/** Before a connection's time limit runs: a prompt takes its time, and a file that is not there is told of at once. */
export async function askSecrets({ secrets = [] }: LogServers): Promise<void> {
  for (const secret of secrets) await secret.read();
}

/** Fails soon: at the start it is more likely a mistake than an outage. */
export async function reachRegistry(config: RegistryConfig): Promise<SchemaRegistry> {
  await connectRegistry({ ...config, patienceMs: 4_000 }).ping();
  return connectRegistry(config);
}

async function createTopics(admin: LogAdmin, settings: LogSettings, logger: Logger): Promise<void> {
  const created = await admin.ensureTopics(topicSpecs(settings.topics));
  if (created.length > 0) logger.debug({ created }, 'created topics');
}

async function requireTopics(admin: LogAdmin, settings: LogSettings): Promise<void> {
  const names = topicSpecs(settings.topics).map(({ name }) => name);
  const found = await admin.topicIds(names);
  const missing = names.filter((name) => !found.has(name));
  if (missing.length === 0) return;
  throw new InfrastructureError(
    'CS_KAFKA',
    `Kafka has no topic ${missing.join(', ')}: nothing has been collected there yet, or --topic-prefix is another one.`,
    { setting: '--topic-prefix' },
  );
}
