import type { Logger } from 'pino';
import { InfrastructureError, messageOf } from '../errors.ts';
import { backoffDelayMs, pause } from '../retry.ts';
import { fetchRequest, type FetchedPartition } from './fetch-request.ts';
import type { KafkaCluster } from './kafka-cluster.ts';
import { isStaleMetadata, isTransientKafkaError } from './kafka-error.ts';
import { listOffsets } from './list-offsets.ts';
import type { PartitionReader } from './partition-reader.ts';

const RETRY_MIN_MS = 100;
const RETRY_MAX_MS = 5_000;
const SHORTEST_WAIT_MS = 10;

/**
 * Keeps one fetch under way to each broker that leads a partition whose reader is idle. A partition whose batch takes
 * long is left out of the next fetch and holds no other up.
 */
export class Fetcher {
  readonly #cluster: KafkaCluster;
  readonly #readers: readonly PartitionReader[];
  readonly #onFailed: (error: unknown) => void;
  readonly #logger: Logger;
  readonly #stop = new AbortController();
  readonly #busyNodes = new Set<number>();
  readonly #failures = new Map<number, number>();
  #isScheduled = false;

  constructor(
    cluster: KafkaCluster,
    readers: readonly PartitionReader[],
    onFailed: (error: unknown) => void,
    logger: Logger,
  ) {
    this.#cluster = cluster;
    this.#readers = readers;
    this.#onFailed = onFailed;
    this.#logger = logger;
  }

  /** Looks soon for partitions to fetch; to be called when a reader has become idle. */
  schedule(): void {
    if (this.#isScheduled || this.#stop.signal.aborted) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#fetchIdle();
    });
  }

  stop(): void {
    this.#stop.abort();
  }

  #fetchIdle(): void {
    if (this.#stop.signal.aborted) return;
    const byLeader = Map.groupBy(
      this.#readers.filter(({ isIdle }) => isIdle),
      ({ topic, partition }) => this.#cluster.leaderOf(topic, partition),
    );
    for (const [leader, readers] of byLeader) {
      if (leader === undefined) this.#guard(LEADERLESS, () => this.#findLeaders());
      else this.#guard(leader, () => this.#fetch(leader, readers));
    }
  }

  /** Runs one thing at a time for a node, and looks again afterwards: after a back-off if it failed. */
  #guard(nodeId: number, operation: () => Promise<void>): void {
    if (this.#busyNodes.has(nodeId)) return;
    this.#busyNodes.add(nodeId);
    operation()
      .then(
        () => void this.#failures.delete(nodeId),
        async (error: unknown) => {
          if (this.#stop.signal.aborted) return;
          if (!isTransientKafkaError(error)) return this.#onFailed(error);
          const failures = this.#failures.get(nodeId) ?? 0;
          this.#failures.set(nodeId, failures + 1);
          const delayMs = backoffDelayMs(failures, RETRY_MIN_MS, RETRY_MAX_MS);
          this.#logger[failures === 2 ? 'warn' : 'debug'](
            { reason: messageOf(error), delayMs: Math.round(delayMs) },
            'cannot fetch from Kafka now, trying again',
          );
          await pause(delayMs, this.#stop.signal);
          await this.#cluster.refreshIfStale().catch(() => {});
        },
      )
      .finally(() => {
        this.#busyNodes.delete(nodeId);
        this.schedule();
      });
  }

  async #findLeaders(): Promise<void> {
    this.#cluster.invalidate();
    await pause(RETRY_MIN_MS, this.#stop.signal);
    await this.#cluster.refreshIfStale();
  }

  async #fetch(nodeId: number, readers: readonly PartitionReader[]): Promise<void> {
    const { fetchBytes, fetchPartitionBytes } = this.#cluster.settings;
    const positions = readers.map(({ topic, partition, position }) => ({ topic, partition, offset: position }));
    const fetched = await this.#cluster.send<FetchedPartition[]>(nodeId, (connection) =>
      fetchRequest(connection, positions, {
        waitMs: this.#waitMs(),
        bytes: fetchBytes,
        partitionBytes: fetchPartitionBytes,
      }),
    );
    if (this.#stop.signal.aborted) return;
    let failure: Error | undefined;
    for (const one of fetched) {
      const reader = readers.find(({ topic, partition }) => topic === one.topic && partition === one.partition);
      if (reader === undefined) continue;
      if (one.error === undefined) reader.offer(one);
      else if (one.error.type === 'OFFSET_OUT_OF_RANGE') await this.#comeBackIntoRange(reader, one.offset);
      else failure = one.error;
    }
    if (failure === undefined) return;
    if (isStaleMetadata(failure)) this.#cluster.invalidate();
    throw failure;
  }

  /** A fetch waits for new messages, but not much longer than it takes a partition that is being handled to come free. */
  #waitMs(): number {
    const busyMs = this.#readers.filter(({ isIdle }) => !isIdle).map((reader) => reader.busyMs);
    return Math.round(
      Math.min(this.#cluster.settings.fetchWaitMs, Math.max(SHORTEST_WAIT_MS, Math.min(...busyMs) / 4)),
    );
  }

  /** Below the log's start: the records have aged out, which is Kafka's way. Beyond its end: it is not the log that was read before. */
  async #comeBackIntoRange(reader: PartitionReader, offset: bigint): Promise<void> {
    const { topic, partition } = reader;
    const [range] = await listOffsets(this.#cluster, topic, [partition]);
    if (range === undefined || reader.position !== offset || (offset >= range.low && offset <= range.high)) return;
    if (offset > range.high) {
      throw new InfrastructureError(
        'CS_LOG_REPLACED',
        `Partition ${partition} of ${topic} ends at offset ${range.high}, but this consumer stood at ${offset}: the topic was deleted and made anew, or lost its end. Load into an empty database, or reset the consumer groups.`,
        {
          details: {
            topic,
            partition,
            offset: offset.toString(),
            low: range.low.toString(),
            high: range.high.toString(),
          },
        },
      );
    }
    this.#logger.warn(
      { topic, partition, offset: offset.toString(), low: range.low.toString() },
      'records have aged out of the log before they were read, going on at its beginning',
    );
    reader.moveTo(range.low);
  }
}

const LEADERLESS = -1;
