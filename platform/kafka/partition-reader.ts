import type { Logger } from 'pino';
import { messageOf } from '../errors.ts';
import { backoffDelayMs, pause } from '../retry.ts';
import type { FetchedPartition } from './fetch-request.ts';
import { RebalanceError } from './kafka-error.ts';
import type { LogBatch } from './log.ts';

const REDELIVER_MIN_MS = 200;
const REDELIVER_MAX_MS = 30_000;

/** One partition in one generation of the group: where it stands, and at most one batch in the handler's hands. */
export class PartitionReader {
  readonly topic: string;
  readonly partition: number;
  /** The offset to fetch next. */
  position: bigint;
  /** When the batch at hand was handed out, or its handler last called `heartbeat`; undefined while no handler runs. */
  lastProgressAt: number | undefined = Date.now();
  readonly #handle: (batch: LogBatch) => Promise<void>;
  readonly #commit: (offset: bigint) => Promise<void>;
  readonly #onIdle: () => void;
  readonly #logger: Logger;
  readonly #ended = new AbortController();
  #busySince: number | undefined;
  #failures = 0;
  #isAnnounced = false;
  #done: Promise<void>;

  constructor(options: {
    topic: string;
    partition: number;
    position: bigint;
    /** The handler of the generation before, which may still hold a batch of this partition. */
    after: Promise<void>;
    handle: (batch: LogBatch) => Promise<void>;
    commit: (offset: bigint) => Promise<void>;
    /** Called when the next batch can be taken. */
    onIdle: () => void;
    logger: Logger;
  }) {
    this.topic = options.topic;
    this.partition = options.partition;
    this.position = options.position;
    this.#handle = options.handle;
    this.#commit = options.commit;
    this.#onIdle = options.onIdle;
    this.#logger = options.logger;
    this.#busySince = Date.now();
    this.#done = options.after.then(() => this.#becomeIdle());
  }

  /** Settles when no handler holds a batch of this partition. */
  get done(): Promise<void> {
    return this.#done;
  }

  get isIdle(): boolean {
    return !this.#ended.signal.aborted && this.#busySince === undefined;
  }

  get busyMs(): number {
    return this.#busySince === undefined ? 0 : Date.now() - this.#busySince;
  }

  /** Takes the partition away: the handler is to stop early. */
  end(): void {
    this.#ended.abort();
  }

  /** Begins to handle what was fetched, unless the reader has moved meanwhile or there is nothing to say. */
  offer(fetched: FetchedPartition): void {
    if (!this.isIdle || fetched.offset !== this.position) return;
    if (fetched.messages.length === 0 && fetched.nextOffset === fetched.offset && this.#isAnnounced) return;
    this.#isAnnounced = true;
    this.#busySince = Date.now();
    this.#done = this.#run(fetched).finally(() => this.#becomeIdle());
  }

  /** Goes on elsewhere, and says so with an empty batch if nothing is there. */
  moveTo(offset: bigint): void {
    this.position = offset;
    this.#isAnnounced = false;
  }

  async #run(fetched: FetchedPartition): Promise<void> {
    const { topic, partition, offset, nextOffset } = fetched;
    const { signal } = this.#ended;
    let sought: bigint | undefined;
    this.lastProgressAt = Date.now();
    try {
      await this.#handle({
        topic,
        partition,
        fetchedOffset: offset,
        nextOffset,
        highWatermark: fetched.highWatermark,
        messages: fetched.messages,
        heartbeat: () => {
          this.lastProgressAt = Date.now();
          return signal.aborted
            ? Promise.reject(new RebalanceError(`partition ${partition} of ${topic} was taken away`))
            : Promise.resolve();
        },
        seek: (to) => (sought = to),
        commit: (to) => this.#commit(to),
        isActive: () => !signal.aborted,
      });
      this.#failures = 0;
      this.position = sought ?? nextOffset;
    } catch (error) {
      if (signal.aborted) return;
      this.moveTo(sought ?? offset);
      const delayMs = backoffDelayMs(this.#failures++, REDELIVER_MIN_MS, REDELIVER_MAX_MS);
      this.#logger.warn(
        { topic, partition, offset: offset.toString(), err: error, delayMs: Math.round(delayMs) },
        `a batch was not handled and will be delivered again: ${messageOf(error)}`,
      );
      this.lastProgressAt = undefined;
      await pause(delayMs, signal);
    }
  }

  #becomeIdle(): void {
    this.lastProgressAt = undefined;
    this.#busySince = undefined;
    if (!this.#ended.signal.aborted) this.#onIdle();
  }
}
