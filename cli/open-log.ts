import type { Logger } from 'pino';

import { connectLog } from '../platform/kafka/connect-log.ts';
import type { Log, LogAdmin } from '../platform/kafka/log.ts';
import { type Topics, topicSpecs, topicsOf } from '../platform/topics.ts';
import type { RegistryConfig } from '../schemas/registry-request.ts';
import { connectRegistry, type SchemaRegistry } from '../schemas/registry.ts';
import type { CommandContext } from './context.ts';
import { findLocalLog } from './local-stack.ts';
import type { LogSettings } from './settings/log-settings.ts';

export interface OpenLog {
  log: Log;
  admin: LogAdmin;
  registry: SchemaRegistry;
  topics: Topics;
  close(): Promise<void>;
}

/**
 * Connects to Kafka and the registry, makes sure that both answer, and creates the topics that are missing.
 * @throws UsageError, InfrastructureError
 */
export async function openLog(settings: LogSettings, context: CommandContext): Promise<OpenLog> {
  const local = settings.servers === undefined ? await findLocalLog(context) : undefined;
  const servers = settings.servers ?? local!.servers;
  try {
    const log = connectLog(servers.kafka, context.logger);
    const registry = await reachRegistry(servers.registry);
    const admin = await log.admin();
    try {
      await createTopics(admin, settings, context.logger);
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

/** Fails soon: at the start it is more likely a mistake than an outage. */
export async function reachRegistry(config: RegistryConfig): Promise<SchemaRegistry> {
  await connectRegistry({ ...config, patienceMs: 4_000 }).ping();
  return connectRegistry(config);
}

async function createTopics(admin: LogAdmin, settings: LogSettings, logger: Logger): Promise<void> {
  const created = await admin.ensureTopics(topicSpecs(settings.topics));
  if (created.length > 0) logger.debug({ created }, 'created topics');
}
