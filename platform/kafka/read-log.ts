import { randomUUID } from 'node:crypto';

import type { ConsumedMessage, Log } from './log.ts';

export interface ReadMessage extends ConsumedMessage {
  partition: number;
}

export interface ScanOptions {
  /** Ends the reading early. */
  signal?: AbortSignal | undefined;
}

/** Everything that is in a topic now, by partition and offset. */
export async function readLog(log: Log, topic: string, options?: ScanOptions): Promise<ReadMessage[]> {
  const messages: ReadMessage[] = [];
  await scanLog(log, topic, (message) => void messages.push(message), options);
  return messages.sort((a, b) => a.partition - b.partition || Number(a.offset - b.offset));
}

/**
 * Visits everything that is in a topic now, each partition in the order of its offsets, and keeps nothing.
 * @throws the signal's reason
 */
export async function scanLog(
  log: Log,
  topic: string,
  visit: (message: ReadMessage) => void,
  { signal }: ScanOptions = {},
): Promise<void> {
  signal?.throwIfAborted();
  const ends = await readEnds(log, topic);
  const isRead = (): boolean => [...ends.values()].every((end) => end === 0n);
  if (isRead()) return;
  const done = Promise.withResolvers<void>();
  const stop = (): void => done.reject(signal!.reason as Error);
  const consumer = log.consumer({ groupId: `cartography.read-${randomUUID()}`, topics: [topic] });
  signal?.addEventListener('abort', stop, { once: true });
  try {
    const starting = consumer.start((batch) => {
      const end = ends.get(batch.partition) ?? 0n;
      for (const message of batch.messages) if (message.offset < end) visit({ ...message, partition: batch.partition });
      if (batch.nextOffset >= end) ends.set(batch.partition, 0n);
      if (isRead()) done.resolve();
      return Promise.resolve();
    });
    starting.catch(done.reject);
    await Promise.race([done.promise, consumer.failed]);
  } finally {
    signal?.removeEventListener('abort', stop);
    await consumer.close();
  }
}

/** Where each partition ends now; 0 for an empty one. */
async function readEnds(log: Log, topic: string): Promise<Map<number, bigint>> {
  const admin = await log.admin();
  try {
    const offsets = await admin.offsets(topic);
    return new Map(offsets.map(({ partition, low, high }) => [partition, low === high ? 0n : high]));
  } finally {
    await admin.close();
  }
}

/** The newest value of each key that begins so. A tombstone takes none away. */
export async function readNewest(log: Log, topic: string, keyPrefix: string, options?: ScanOptions): Promise<Buffer[]> {
  const newest = new Map<string, Buffer>();
  const keep = ({ key, value }: ReadMessage): void => {
    const name = key?.toString('utf8') ?? '';
    if (name.startsWith(keyPrefix) && value !== null) newest.set(name, value);
  };
  await scanLog(log, topic, keep, options);
  return [...newest.values()];
}
