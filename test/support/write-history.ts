import { randomUUID } from 'node:crypto';

import type { Log, LogMessage } from '../../platform/kafka/log.ts';
import { defaultTopicPrefix, topicSpecs } from '../../platform/topics.ts';
import type { SchemaRegistry } from '../../schemas/registry.ts';
import type { History } from '../model/history.ts';
import { createModelEncoder, play } from '../model/play.ts';

/** Writes the history into topics of its own, and returns their prefix. */
export async function writeHistory(log: Log, registry: SchemaRegistry, history: History): Promise<string> {
  const topicPrefix = `test-${randomUUID().slice(0, 8)}`;
  const admin = await log.admin();
  await admin.ensureTopics(topicSpecs({ prefix: topicPrefix, partitions: 3 }));
  await admin.close();
  const messages: LogMessage[] = [];
  await play(history, {
    encoder: await createModelEncoder(registry),
    append: (message) => ({ partition: 0, offset: BigInt(messages.push(message)) }),
  });
  const producer = await log.producer();
  for (const message of messages)
    await producer.write({ ...message, topic: message.topic.replace(defaultTopicPrefix, topicPrefix) });
  await producer.close();
  return topicPrefix;
}
