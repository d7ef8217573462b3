import type { Logger } from 'pino';
import { messageOf } from '../errors.ts';
import { backoffDelayMs, pause } from '../retry.ts';
import type { KafkaCluster } from './kafka-cluster.ts';
import { isTransientKafkaError, protocolType } from './kafka-error.ts';
import type { LogPosition } from './log.ts';
import { produceRequest } from './produce-request.ts';
import { type BatchMessage, mostBytesOf, RecordBatch } from './record-batch.ts';

export type OnAcknowledged = (position: LogPosition) => void;

interface QueuedBatch {
  records: RecordBatch;
  /** By message. */
  onAcknowledged: (OnAcknowledged | undefined)[];
}

interface ProduceResponse {
  topics: { partitions: { baseOffset: string }[] }[];
}

const RETRY_MIN_MS = 100;
const RETRY_MAX_MS = 2_000;
const ALL_REPLICAS = -1;
/** The broker answers a little before the client gives the connection up. */
const ANSWER_BEFORE = 0.8;

/**
 * Sends one partition's messages: one batch at a time, again and again until it is acknowledged, and only then the next. So
 * messages stay in the order of their writing, and a lost acknowledgement makes duplicates but never a hole.
 */
export class PartitionSender {
  readonly #topic: string;
  readonly #partition: number;
  readonly #cluster: KafkaCluster;
  readonly #logger: Logger;
  readonly #stopped: AbortSignal;
  readonly #onAcknowledged: (bytes: number) => void;
  readonly #onFailed: (error: unknown, doing: string) => void;
  /** The last one still takes messages. */
  #queue: QueuedBatch[] = [];
  #queuedCount = 0;
  #acknowledgedCount = 0;
  #isSending = false;
  #linger: NodeJS.Timeout | undefined;
  #waiters: { count: number; acknowledged: PromiseWithResolvers<void> }[] = [];

  constructor(options: {
    topic: string;
    partition: number;
    cluster: KafkaCluster;
    logger: Logger;
    /** Ends all sending. */
    stopped: AbortSignal;
    onAcknowledged: (bytes: number) => void;
    /** Called once, when a batch cannot be delivered. */
    onFailed: (error: unknown, doing: string) => void;
  }) {
    this.#topic = options.topic;
    this.#partition = options.partition;
    this.#cluster = options.cluster;
    this.#logger = options.logger;
    this.#stopped = options.stopped;
    this.#onAcknowledged = options.onAcknowledged;
    this.#onFailed = options.onFailed;
  }

  /** Returns the bytes that the message takes until it is acknowledged. */
  add(message: BatchMessage, onAcknowledged: OnAcknowledged | undefined): number {
    const { records, onAcknowledged: callbacks } = this.#batchFor(mostBytesOf(message));
    const before = records.size;
    records.add(message);
    callbacks.push(onAcknowledged);
    this.#queuedCount++;
    if (this.#queue.length > 1 || records.size >= this.#cluster.settings.maxBatchBytes) this.#startSending();
    else this.#linger ??= setTimeout(() => this.#startSending(), this.#cluster.settings.lingerMs);
    return records.size - before;
  }

  /** Resolves when all that was added before is acknowledged. */
  flush(): Promise<void> {
    if (this.#acknowledgedCount === this.#queuedCount) return Promise.resolve();
    this.#startSending();
    const acknowledged = Promise.withResolvers<void>();
    this.#waiters.push({ count: this.#queuedCount, acknowledged });
    return acknowledged.promise;
  }

  /** Lets go of all that is not acknowledged. */
  abandon(reason: Error): void {
    clearTimeout(this.#linger);
    this.#queue = [];
    for (const { acknowledged } of this.#waiters.splice(0)) acknowledged.reject(reason);
  }

  #startSending(): void {
    clearTimeout(this.#linger);
    this.#linger = undefined;
    if (this.#isSending || this.#stopped.aborted) return;
    this.#isSending = true;
    void this.#sendAll();
  }

  async #sendAll(): Promise<void> {
    try {
      while (this.#queue.length > 0 && !this.#stopped.aborted) await this.#deliver(this.#queue.shift()!);
    } catch (error) {
      this.#onFailed(error, `write to partition ${this.#partition} of ${this.#topic}`);
    } finally {
      this.#isSending = false;
    }
  }

  #batchFor(bytes: number): QueuedBatch {
    const last = this.#queue.at(-1);
    if (last !== undefined && last.records.size + bytes <= this.#cluster.settings.maxBatchBytes) return last;
    const next: QueuedBatch = { records: new RecordBatch(), onAcknowledged: [] };
    this.#queue.push(next);
    return next;
  }

  async #deliver(batch: QueuedBatch): Promise<void> {
    const deadline = Date.now() + this.#cluster.settings.deliveryTimeoutMs;
    for (let attempt = 0; !this.#stopped.aborted; attempt++) {
      try {
        return this.#acknowledge(batch, await this.#send(batch.records));
      } catch (error) {
        if (protocolType(error) === 'MESSAGE_TOO_LARGE' && batch.records.count > 1) {
          const [first, second] = batch.records.halves();
          await this.#deliver({ records: first, onAcknowledged: batch.onAcknowledged.slice(0, first.count) });
          return this.#deliver({ records: second, onAcknowledged: batch.onAcknowledged.slice(first.count) });
        }
        const delayMs = backoffDelayMs(attempt, RETRY_MIN_MS, RETRY_MAX_MS);
        if (this.#stopped.aborted) return;
        if (!isTransientKafkaError(error) || Date.now() + delayMs > deadline) throw error;
        this.#logger[attempt === 2 ? 'warn' : 'debug'](
          { topic: this.#topic, partition: this.#partition, attempt, reason: messageOf(error) },
          'a batch is not acknowledged yet, sending it again',
        );
        await pause(delayMs, this.#stopped);
      }
    }
  }

  /** Resolves with the offset of the batch's first message. */
  async #send(records: RecordBatch): Promise<bigint> {
    const { compression, requestTimeoutMs } = this.#cluster.settings;
    const leader = await this.#cluster.findLeader(this.#topic, this.#partition);
    const response = await this.#cluster.send<ProduceResponse>(leader, (connection) =>
      produceRequest(connection.prepare('Produce', { acks: ALL_REPLICAS, topicData: [] }), {
        topic: this.#topic,
        partition: this.#partition,
        records,
        compression,
        acks: ALL_REPLICAS,
        timeout: Math.ceil(requestTimeoutMs * ANSWER_BEFORE),
      }),
    );
    return BigInt(response.topics[0]!.partitions[0]!.baseOffset);
  }

  #acknowledge({ records, onAcknowledged }: QueuedBatch, firstOffset: bigint): void {
    for (const [index, callback] of onAcknowledged.entries())
      callback?.({ topic: this.#topic, partition: this.#partition, offset: firstOffset + BigInt(index) });
    this.#acknowledgedCount += records.count;
    this.#onAcknowledged(records.size);
    while (this.#waiters[0] !== undefined && this.#waiters[0].count <= this.#acknowledgedCount)
      this.#waiters.shift()?.acknowledged.resolve();
  }
}
