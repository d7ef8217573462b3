import type { Logger } from 'pino';
import { InfrastructureError, RecordError, type CartographyError } from '../errors.ts';
import { retryTransient } from '../retry.ts';
import type { KafkaCluster } from './kafka-cluster.ts';
import { isTransientKafkaError, protocolType, toInfrastructureError, TopicMissing } from './kafka-error.ts';
import type { LogMessage, LogPosition, LogProducer } from './log.ts';
import { partitionOf } from './murmur2.ts';
import { PartitionSender } from './partition-sender.ts';
import { mostBytesOf, sizeOf } from './record-batch.ts';

/** Takes messages and hands each to the sender of its partition; keeps the sum of what is not acknowledged within bounds. */
export class KafkaProducer implements LogProducer {
  readonly #cluster: KafkaCluster;
  readonly #logger: Logger;
  readonly #senders = new Map<string, PartitionSender[]>();
  /** Numbers once they are known. */
  readonly #partitionCounts = new Map<string, number | Promise<number>>();
  readonly #stop = new AbortController();
  #failure: CartographyError | undefined;
  #unacknowledgedBytes = 0;
  #waiting: PromiseWithResolvers<void>[] = [];

  constructor(cluster: KafkaCluster, logger: Logger) {
    this.#cluster = cluster;
    this.#logger = logger;
  }

  write(message: LogMessage, onAcknowledged?: (position: LogPosition) => void): Promise<void> | undefined {
    const partitionCount = this.#partitionCounts.get(message.topic);
    const isQuick = typeof partitionCount === 'number' && !this.#isOver;
    if (!isQuick || mostBytesOf(message) > this.#cluster.settings.maxMessageBytes)
      return this.#writeCarefully(message, onAcknowledged);
    return this.#queue(message, partitionCount, onAcknowledged);
  }

  /** For the first message of a topic, and those that may be refused. */
  async #writeCarefully(message: LogMessage, onAcknowledged?: (position: LogPosition) => void): Promise<void> {
    this.#throwIfOver();
    const { topic, key } = message;
    const bytes = sizeOf(message);
    const { maxMessageBytes } = this.#cluster.settings;
    if (bytes > maxMessageBytes) {
      throw new RecordError(
        `The message ${JSON.stringify(key)} for ${topic} has ${bytes} bytes; at most ${maxMessageBytes} are allowed (maxMessageBytes).`,
        { details: { topic, key, bytes, maxMessageBytes } },
      );
    }
    const partitionCount = await this.#partitionCount(topic);
    this.#throwIfOver();
    await this.#queue(message, partitionCount, onAcknowledged);
  }

  #queue(
    message: LogMessage,
    partitionCount: number,
    onAcknowledged: ((position: LogPosition) => void) | undefined,
  ): Promise<void> | undefined {
    const partition = partitionOf(message.key, partitionCount);
    this.#unacknowledgedBytes += this.#senderOf(message.topic, partition).add(message, onAcknowledged);
    if (this.#unacknowledgedBytes <= this.#cluster.settings.maxQueueBytes) return undefined;
    const room = Promise.withResolvers<void>();
    this.#waiting.push(room);
    return room.promise;
  }

  async flush(): Promise<void> {
    this.#throwIfOver();
    await Promise.all(this.#allSenders.map((sender) => sender.flush()));
  }

  async close(): Promise<void> {
    try {
      if (this.#failure !== undefined || !this.#stop.signal.aborted) await this.flush();
    } finally {
      this.#stop.abort();
      this.#cluster.close();
    }
  }

  get #isOver(): boolean {
    return this.#failure !== undefined || this.#stop.signal.aborted;
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
      count.then(
        (known) => this.#partitionCounts.set(topic, known),
        () => this.#partitionCounts.delete(topic),
      );
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
    let senders = this.#senders.get(topic);
    if (senders === undefined) this.#senders.set(topic, (senders = []));
    return (senders[partition] ??= new PartitionSender({
      topic,
      partition,
      cluster: this.#cluster,
      logger: this.#logger,
      stopped: this.#stop.signal,
      onAcknowledged: (bytes) => this.#release(bytes),
      onFailed: (error, doing) => this.#fail(error, doing),
    }));
  }

  get #allSenders(): PartitionSender[] {
    return [...this.#senders.values()].flatMap((senders) => Object.values(senders));
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
    for (const sender of this.#allSenders) sender.abandon(this.#failure);
    for (const room of this.#waiting.splice(0)) room.reject(this.#failure);
  }
}
