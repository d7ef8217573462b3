import type { Logger } from 'pino';
import { InfrastructureError } from '../errors.ts';
import { pause, settleWithin } from '../retry.ts';
import { Fetcher } from './fetcher.ts';
import type { GroupMember, TopicPartition } from './group-member.ts';
import type { KafkaCluster } from './kafka-cluster.ts';
import { KafkaUnavailable } from './kafka-error.ts';
import { listOffsets } from './list-offsets.ts';
import type { LogBatch } from './log.ts';
import { OffsetCommitter } from './offset-committer.ts';
import { PartitionReader } from './partition-reader.ts';

/** The partitions have changed in number: the group has to give them out anew. */
export class PartitionsChanged extends KafkaUnavailable {}

interface SessionOptions {
  cluster: KafkaCluster;
  member: GroupMember;
  assignment: readonly TopicPartition[];
  topics: readonly string[];
  handle: (batch: LogBatch) => Promise<void>;
  /** Handlers of earlier generations, by partition. */
  running: ReadonlyMap<string, Promise<void>>;
  logger: Logger;
}

/** What a member does in one generation of its group: its readers and what feeds them. */
export class ConsumerSession {
  readonly readers: readonly PartitionReader[];
  readonly #committer: OffsetCommitter;
  readonly #fetcher: Fetcher;
  readonly #cluster: KafkaCluster;
  readonly #topics: ReadonlyMap<string, { id: string | undefined; partitionCount: number }>;
  readonly #failed = new AbortController();

  static async open(options: SessionOptions): Promise<ConsumerSession> {
    const { cluster, member, assignment } = options;
    const committed = await member.committed(assignment);
    const positions = await Promise.all(
      assignment.map(
        async ({ topic, partition }, index) =>
          committed[index] ?? (await listOffsets(cluster, topic, [partition]))[0]?.low ?? 0n,
      ),
    );
    return new ConsumerSession(options, positions);
  }

  private constructor(
    { cluster, member, assignment, topics, handle, running, logger }: SessionOptions,
    positions: readonly bigint[],
  ) {
    this.#cluster = cluster;
    this.#topics = new Map(
      topics.map((topic) => [
        topic,
        { id: cluster.topic(topic)?.id, partitionCount: cluster.topic(topic)?.partitions.length ?? 0 },
      ]),
    );
    this.#committer = new OffsetCommitter(member, logger);
    this.readers = assignment.map(
      ({ topic, partition }, index) =>
        new PartitionReader({
          topic,
          partition,
          position: positions[index]!,
          after: running.get(`${topic}/${partition}`) ?? Promise.resolve(),
          handle,
          commit: (offset) => this.#committer.commit({ topic, partition, offset }),
          onIdle: () => this.#fetcher.schedule(),
          logger,
        }),
    );
    this.#fetcher = new Fetcher(cluster, this.readers, (error) => this.#failed.abort(error), logger);
  }

  /** Aborted, with the error as its reason, when reading cannot go on. */
  get failed(): AbortSignal {
    return this.#failed.signal;
  }

  /** Settles when no handler runs any more. */
  async drained(): Promise<void> {
    await Promise.all(this.readers.map(({ done }) => done));
  }

  /** A reader whose handler has given no sign of life for too long. */
  findStalled(): PartitionReader | undefined {
    const { handlerTimeoutMs } = this.#cluster.settings;
    return this.readers.find(
      ({ lastProgressAt }) => lastProgressAt !== undefined && Date.now() - lastProgressAt > handlerTimeoutMs,
    );
  }

  /** Sends commits that did not get through before. */
  async retryCommits(): Promise<void> {
    await this.#committer.flush();
  }

  /** Throws InfrastructureError CS_LOG_REPLACED when a topic is no longer the one that the session began with, PartitionsChanged when it has grown. */
  async checkTopics(): Promise<void> {
    await this.#cluster.refreshIfStale();
    for (const [name, known] of this.#topics) {
      const topic = this.#cluster.topic(name);
      if (topic === undefined || topic.partitions.length === 0) continue;
      if (topic.id !== known.id) {
        throw new InfrastructureError(
          'CS_LOG_REPLACED',
          `Topic ${name} was deleted and made anew while it was read. Load into an empty database, or reset the consumer groups.`,
          {
            details: { topic: name, before: known.id, now: topic.id },
          },
        );
      }
      if (topic.partitions.length !== known.partitionCount)
        throw new PartitionsChanged(`${name} has ${topic.partitions.length} partitions now`);
    }
  }

  /** Takes the partitions away and waits for their handlers: no longer than `limitMs`, and for none that gives no sign of life. */
  async end(limitMs: number, keepAlive: () => Promise<void>): Promise<void> {
    this.#fetcher.stop();
    for (const reader of this.readers) reader.end();
    const { heartbeatIntervalMs } = this.#cluster.settings;
    const deadline = Date.now() + limitMs;
    const over = new AbortController();
    const drained = this.drained().then(() => over.abort());
    while (!over.signal.aborted && Date.now() < deadline && this.findStalled() === undefined) {
      await Promise.race([drained, keepAlive().catch(() => {})]);
      await pause(Math.max(0, Math.min(heartbeatIntervalMs, deadline - Date.now())), over.signal);
    }
    await settleWithin(LAST_COMMIT_MS, this.#committer.flush());
    this.#committer.end();
  }
}

const LAST_COMMIT_MS = 2_000;
