import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type {
  ConsumedMessage,
  Log,
  LogAdmin,
  LogBatch,
  LogConsumer,
  LogMessage,
  LogProducer,
  TopicSpec,
} from '../../platform/kafka/log.ts';

/** Deterministic numbers in [0, 1). */
export type Random = () => number;

/** A log in memory, with consumer groups of one member each: for tests of what stands on the log port. */
export class MemoryLog implements Log {
  readonly topics = new Map<string, { id: string; partitions: ConsumedMessage[][] }>();
  readonly committed = new Map<string, bigint>();
  readonly #random: Random;

  constructor(random: Random = Math.random) {
    this.#random = random;
  }

  append(message: LogMessage, partition = hash(message.key) % this.partitionsOf(message.topic).length): bigint {
    const messages = this.partitionsOf(message.topic)[partition]!;
    const offset = BigInt(messages.length);
    messages.push({
      offset,
      timestamp: Date.now(),
      key: Buffer.from(message.key),
      value: message.value,
      headers: Object.fromEntries(Object.entries(message.headers ?? {}).map(([name, value]) => [name, String(value)])),
    });
    return offset;
  }

  partitionsOf(topic: string): ConsumedMessage[][] {
    let known = this.topics.get(topic);
    if (known === undefined) this.topics.set(topic, (known = { id: randomUUID(), partitions: [[]] }));
    return known.partitions;
  }

  partitionOf(topic: string, key: string): number {
    return hash(key) % this.partitionsOf(topic).length;
  }

  async producer(): Promise<LogProducer> {
    return {
      write: async (message, onAcknowledged) => {
        const partition = this.partitionOf(message.topic, message.key);
        const offset = this.append(message, partition);
        onAcknowledged?.({ topic: message.topic, partition, offset });
      },
      flush: async () => {},
      close: async () => {},
    };
  }

  consumer({ groupId, topics }: { groupId: string; topics: readonly string[] }): LogConsumer {
    let active = true;
    const loops: Promise<void>[] = [];
    const failure = Promise.withResolvers<never>();
    failure.promise.catch(() => undefined);
    const follow = async (
      topic: string,
      partition: number,
      handle: (batch: LogBatch) => Promise<void>,
    ): Promise<void> => {
      const place = `${groupId}/${topic}/${partition}`;
      let position = this.committed.get(place) ?? 0n;
      while (active) {
        const all = this.partitionsOf(topic)[partition]!;
        const messages = all.slice(Number(position), Number(position) + 1 + Math.floor(this.#random() * 20));
        if (messages.length === 0) {
          await sleep(5);
          continue;
        }
        let next = messages.at(-1)!.offset + 1n;
        await handle({
          topic,
          partition,
          fetchedOffset: position,
          nextOffset: next,
          highWatermark: BigInt(all.length),
          messages,
          heartbeat: async () => {},
          seek: (offset) => (next = offset),
          commit: async (offset) => void this.committed.set(place, offset),
          isActive: () => active,
        });
        position = next;
      }
    };
    return {
      failed: failure.promise,
      start: async (handle) => {
        for (const topic of topics) {
          for (const partition of this.partitionsOf(topic).keys())
            loops.push(follow(topic, partition, handle).catch((error: unknown) => failure.reject(error)));
        }
      },
      close: async () => {
        active = false;
        await Promise.all(loops);
      },
    };
  }

  async admin(): Promise<LogAdmin> {
    return {
      ensureTopics: async (specs: readonly TopicSpec[]) => {
        const missing = specs.filter(({ name }) => !this.topics.has(name));
        for (const { name, partitions } of missing)
          this.topics.set(name, { id: randomUUID(), partitions: Array.from({ length: partitions }, () => []) });
        return missing.map(({ name }) => name);
      },
      offsets: async (topic) =>
        this.partitionsOf(topic).map((messages, partition) => ({ partition, low: 0n, high: BigInt(messages.length) })),
      memberCount: async () => 0,
      hasCommitted: async (groupId) => [...this.committed.keys()].some((place) => place.startsWith(`${groupId}/`)),
      topicIds: async (names) =>
        new Map(names.flatMap((name) => (this.topics.has(name) ? [[name, this.topics.get(name)!.id] as const] : []))),
      messageAt: async (topic, partition, offset) => this.partitionsOf(topic)[partition]?.[Number(offset)],
      close: async () => {},
    };
  }
}

function hash(text: string): number {
  let value = 7;
  for (let i = 0; i < text.length; i++) value = (value * 31 + text.charCodeAt(i)) >>> 0;
  return value;
}
