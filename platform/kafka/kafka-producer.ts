import type { Logger } from 'pino';
import { InfrastructureError, RecordError, type CartographyError } from '../errors.ts';
import { retryTransient } from '../retry.ts';
import type { KafkaCluster } from './kafka-cluster.ts';
import { isTransientKafkaError, protocolType, toInfrastructureError, TopicMissing } from './kafka-error.ts';
import type { LogMessage, LogPosition, LogProducer } from './log.ts';
import { partitionOf } from './murmur2.ts';
import { PartitionSender } from './partition-sender.ts';
import { HEADER_OVERHEAD_BYTES, RECORD_OVERHEAD_BYTES } from './record-batch.ts';

/** Takes messages and hands each to the sender of its partition; keeps the sum of what is not acknowledged within bounds. */
export class KafkaProducer implements LogProducer {
  readonly #cluster: KafkaCluster;
  readonly #logger: Logger;
  readonly #senders = new Map<string, PartitionSender>();
  readonly #partitionCounts = new Map<string, Promise<number>>();
  readonly #stop = new AbortController();
  #failure: CartographyError | undefined;
  #unacknowledgedBytes = 0;
  #waiting: PromiseWithResolvers<void>[] = [];

  constructor(cluster: KafkaCluster, logger: Logger) {
    this.#cluster = cluster;
    this.#logger = logger;
  }

  async write(message: LogMessage, onAcknowledged?: (position: LogPosition) => void): Promise<void> {
    this.#throwIfOver();
    const { key, value, headers } = message;
    const bytes = measure(message);
    const { maxMessageBytes, maxQueueBytes } = this.#cluster.settings;
    if (bytes > maxMessageBytes) {
      throw new RecordError(
        `The message ${JSON.stringify(key)} for ${message.topic} has ${bytes} bytes; at most ${maxMessageBytes} are allowed (maxMessageBytes).`,
        {
          details: { topic: message.topic, key, bytes, maxMessageBytes },
        },
      );
    }
    const partition = partitionOf(key, await this.#partitionCount(message.topic));
    this.#throwIfOver();
    this.#unacknowledgedBytes += bytes;
    this.#senderOf(message.topic, partition).add({ key, value, headers, bytes, onAcknowledged });
    if (this.#unacknowledgedBytes <= maxQueueBytes) return;
    const room = Promise.withResolvers<void>();
    this.#waiting.push(room);
    await room.promise;
  }

  async flush(): Promise<void> {
    this.#throwIfOver();
    await Promise.all([...this.#senders.values()].map((sender) => sender.flush()));
  }

  async close(): Promise<void> {
    try {
      if (this.#failure !== undefined || !this.#stop.signal.aborted) await this.flush();
    } finally {
      this.#stop.abort();
      this.#cluster.close();
    }
  }

  #throwIfOver(): void {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#stop.signal.aborted) throw new InfrastructureError('CS_KAFKA', 'This producer is closed.');
  }

  /**
   * Fixed for the life of the producer, so that a key stays where it is. Concurrent first writes to a topic share one look.
   * An outage is waited for as long as for a delivery; a topic that Kafka says is missing, only briefly.
   */
  async #partitionCount(topic: string): Promise<number> {
    let count = this.#partitionCounts.get(topic);
    if (count === undefined) {
      const { startTimeoutMs, deliveryTimeoutMs } = this.#cluster.settings;
      let missingSince: number | undefined;
      count = retryTransient(() => this.#cluster.partitionCount(topic), {
        isTransient: (error) => {
          if (error instanceof TopicMissing) return Date.now() - (missingSince ??= Date.now()) < startTimeoutMs;
          return isTransientKafkaError(error);
        },
        maxElapsedMs: deliveryTimeoutMs,
        minDelayMs: 50,
        maxDelayMs: 1_000,
        signal: this.#stop.signal,
      });
      this.#partitionCounts.set(topic, count);
      count.catch(() => this.#partitionCounts.delete(topic));
    }
    try {
      return await count;
    } catch (error) {
      this.#throwIfOver();
      if (error instanceof TopicMissing)
        throw new InfrastructureError(
          'CS_KAFKA',
          `Cannot write to Kafka: ${error.message}. Create the topic, or check the topic prefix.`,
          { cause: error, details: { topic } },
        );
      throw toInfrastructureError(error, `find topic ${topic}`, this.#cluster.settings);
    }
  }

  #senderOf(topic: string, partition: number): PartitionSender {
    const name = `${topic}/${partition}`;
    let sender = this.#senders.get(name);
    if (sender === undefined) {
      sender = new PartitionSender({
        topic,
        partition,
        cluster: this.#cluster,
        logger: this.#logger,
        stopped: this.#stop.signal,
        onAcknowledged: (bytes) => this.#release(bytes),
        onFailed: (error, doing) => this.#fail(error, doing),
      });
      this.#senders.set(name, sender);
    }
    return sender;
  }

  #release(bytes: number): void {
    this.#unacknowledgedBytes -= bytes;
    if (this.#unacknowledgedBytes > this.#cluster.settings.maxQueueBytes) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const room of waiting) room.resolve();
  }

  /** What is not acknowledged now never will be: everything that waits, and every later call, gets the reason. */
  #fail(error: unknown, doing: string): void {
    if (this.#failure !== undefined) return;
    const { settings } = this.#cluster;
    this.#failure =
      protocolType(error) === 'MESSAGE_TOO_LARGE'
        ? new InfrastructureError(
            'CS_KAFKA',
            `Kafka refuses a message as too large (${doing}): raise max.message.bytes of the topic to at least ${settings.maxMessageBytes}, or lower maxMessageBytes.`,
            { cause: error },
          )
        : toInfrastructureError(error, doing, settings);
    this.#stop.abort();
    for (const sender of this.#senders.values()) sender.abandon(this.#failure);
    for (const room of this.#waiting.splice(0)) room.reject(this.#failure);
  }
}

function measure({ key, value, headers = {} }: LogMessage): number {
  let bytes = RECORD_OVERHEAD_BYTES + Buffer.byteLength(key) + (value?.length ?? 0);
  for (const [name, content] of Object.entries(headers))
    bytes += HEADER_OVERHEAD_BYTES + Buffer.byteLength(name) + Buffer.byteLength(content);
  return bytes;
}
