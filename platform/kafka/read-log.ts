import { randomUUID } from 'node:crypto';

import type { ConsumedMessage, Log } from './log.ts';

export interface ReadMessage extends ConsumedMessage {
  partition: number;
}

/** Everything that is in a topic now, by partition and offset. */
export async function readLog(log: Log, topic: string): Promise<ReadMessage[]> {
  const messages: ReadMessage[] = [];
  await scanLog(log, topic, (message) => void messages.push(message));
  return messages.sort((a, b) => a.partition - b.partition || Number(a.offset - b.offset));
}

/** Visits everything that is in a topic now, each partition in the order of its offsets, and keeps nothing. */
export async function scanLog(log: Log, topic: string, visit: (message: ReadMessage) => void): Promise<void> {
  const admin = await log.admin();
  const ends = new Map(
    (await admin.offsets(topic)).map(({ partition, low, high }) => [partition, low === high ? 0n : high]),
  );
  await admin.close();
  const done = Promise.withResolvers<void>();
  const finishIfRead = (): void => {
    if ([...ends.values()].every((end) => end === 0n)) done.resolve();
  };
  finishIfRead();
  const consumer = log.consumer({ groupId: `cartography.read-${randomUUID()}`, topics: [topic] });
  await consumer.start((batch) => {
    const end = ends.get(batch.partition) ?? 0n;
    for (const message of batch.messages) if (message.offset < end) visit({ ...message, partition: batch.partition });
    if (batch.nextOffset >= end) ends.set(batch.partition, 0n);
    finishIfRead();
    return Promise.resolve();
  });
  await Promise.race([done.promise, consumer.failed]);
  await consumer.close();
}

/** The newest value of each key that begins so. A tombstone takes none away. */
export async function readNewest(log: Log, topic: string, keyPrefix: string): Promise<Buffer[]> {
  const newest = new Map<string, Buffer>();
  await scanLog(log, topic, ({ key, value }) => {
    const name = key?.toString('utf8') ?? '';
    if (name.startsWith(keyPrefix) && value !== null) newest.set(name, value);
  });
  return [...newest.values()];
}
