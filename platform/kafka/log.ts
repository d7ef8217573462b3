/**
 * The small port through which Kafka is reached. Nothing outside this folder imports a Kafka client,
 * so that a successor of kafkajs can come in behind the same interfaces.
 */

export interface LogMessage {
  topic: string;
  key: string;
  /** Original bytes; null is a tombstone. */
  value: Buffer | null;
  headers?: Record<string, string | Buffer>;
}

/** Where an acknowledged message stands. */
export interface LogPosition {
  topic: string;
  partition: number;
  offset: bigint;
}

/**
 * Batches messages and sends them with acks=all and at most one outstanding send per partition. A message may be
 * written more than once (a retry after a lost acknowledgement); an acknowledged one is never missing.
 */
export interface LogProducer {
  /**
   * Queues a message. Answers without a promise while the queue has room (bounded by bytes), so that a hot loop can leave
   * the `await` out; else resolves when it has room again. Once the message is acknowledged `onAcknowledged` is called. Rejects with RecordError when the message alone exceeds the batch limit, and with
   * InfrastructureError once the producer has given up.
   */
  write(message: LogMessage, onAcknowledged?: (position: LogPosition) => void): Promise<void> | undefined;
  /** Resolves when all that was queued before the call is acknowledged. */
  flush(): Promise<void>;
  /** Flushes and disconnects. */
  close(): Promise<void>;
}

export interface ConsumedMessage {
  offset: bigint;
  /** Milliseconds since the epoch. */
  timestamp: number;
  key: Buffer | null;
  value: Buffer | null;
  headers: Record<string, string>;
}

/** Consecutive messages of one partition. */
export interface LogBatch {
  topic: string;
  partition: number;
  /** The offset that the fetch asked for: where the consumer stood, whether or not a message is there. */
  fetchedOffset: bigint;
  /**
   * Where the consumer goes on after this batch. Beyond the last message plus one where compaction or control records left
   * gaps, and beyond `fetchedOffset` even when there are no messages.
   */
  nextOffset: bigint;
  /** The offset after the partition's last message, as of this fetch. */
  highWatermark: bigint;
  /** May be empty: in the first batch after an assignment, and when the position moved over nothing (retention, compaction). */
  messages: ConsumedMessage[];
  /**
   * Keeps the membership while a batch takes long: a handler that is silent for minutes loses it. Throws when the group
   * rebalances or the consumer is closing, and the handler must let that through.
   */
  heartbeat(): Promise<void>;
  /** Goes on from this offset instead; what was fetched meanwhile is dropped. */
  seek(offset: bigint): void;
  /** Commits as a hint (lag, autoscaling). Never rejects: a commit that fails is made good by a later one. */
  commit(nextOffset: bigint): Promise<void>;
  /** False once the partition was taken away or the consumer is closing: stop early, without an error. */
  isActive(): boolean;
}

export interface LogConsumer {
  /**
   * Joins the group and hands out batches, one at a time per partition and all partitions side by side. Resolves when
   * the first assignment is there. A handler that throws has its batch redelivered after a back-off.
   */
  start(handle: (batch: LogBatch) => Promise<void>): Promise<void>;
  /** Rejects when the consumer has failed for good; never resolves before close. */
  readonly failed: Promise<never>;
  /** Leaves the group; waits for running handlers. */
  close(): Promise<void>;
}

export interface TopicSpec {
  name: string;
  partitions: number;
  replicationFactor: number;
  /** Topic configuration, e.g. `cleanup.policy`. */
  config: Record<string, string>;
}

export interface PartitionOffsets {
  partition: number;
  /** The first offset that is still there. */
  low: bigint;
  /** The offset after the last message. */
  high: bigint;
}

export interface LogAdmin {
  /** Creates the topics that are missing; leaves existing ones alone. Returns the names that it created. */
  ensureTopics(topics: readonly TopicSpec[]): Promise<string[]>;
  offsets(topic: string): Promise<PartitionOffsets[]>;
  /** How many members a consumer group has now; 0 for one that does not exist. */
  memberCount(groupId: string): Promise<number>;
  /** Whether a consumer group has committed an offset of one of these topics, its members being there or not. */
  hasCommitted(groupId: string, topics: readonly string[]): Promise<boolean>;
  /** Kafka's own topic ids (KIP-516), which tell a recreated topic from the one before. Missing topics are left out. */
  topicIds(topics: readonly string[]): Promise<Map<string, string>>;
  /** The first message at or after this offset; undefined when there is none yet. */
  messageAt(topic: string, partition: number, offset: bigint): Promise<ConsumedMessage | undefined>;
  close(): Promise<void>;
}

export interface ConsumerOptions {
  groupId: string;
  topics: readonly string[];
  /** Called again and again while the consumer is at work, in outages too: one that is silent for minutes is stuck. */
  onPoll?: () => void;
}

export interface ProducerOptions {
  /** The largest message that `write` takes, where it is not the configuration's. */
  maxMessageBytes?: number;
}

export interface Log {
  producer(options?: ProducerOptions): Promise<LogProducer>;
  consumer(options: ConsumerOptions): LogConsumer;
  admin(): Promise<LogAdmin>;
}
