import type { Logger } from 'pino';
import { InfrastructureError, messageOf } from '../../platform/errors.ts';
import type { ConsumedMessage, LogBatch, LogConsumer } from '../../platform/kafka/log.ts';
import { backoffDelayMs } from '../../platform/retry.ts';
import { noTelemetry, type Telemetry } from '../../platform/telemetry/telemetry.ts';
import type { SpanOptions } from '../../platform/telemetry/tracing.ts';
import type { Decoder } from '../../schemas/codec.ts';
import { classifyFailure } from '../graph/failure.ts';
import type { Graph, GraphTransaction } from '../graph/graph.ts';
import { type FollowUp, type Item, itemOf, type Stage } from '../stages/stage.ts';
import { type ChunkLimits, chunksOf, defaultChunkLimits, partOf, shareOf } from './chunks.ts';
import { type Clock, realClock } from './clock.ts';
import type { DeadLetters } from '../dead-letters/dead-letters.ts';
import { placeOf } from './gate.ts';
import type { LogBounds } from './log-bounds.ts';
import { Together } from './together.ts';

export interface StageRunnerOptions {
  stage: Stage;
  consumer: LogConsumer;
  graph: Graph;
  decoder: Decoder;
  deadLetters: DeadLetters;
  bounds: LogBounds;
  limits?: ChunkLimits;
  /** Transactions of this process and stage at once. Default 1. */
  transactionsAtOnce?: number;
  /** How often a closed gate is asked again. Default 200 ms. */
  gatePollMs?: number;
  /** First pause after a transient failure; doubles up to 50 times that. Default 100 ms. */
  backoffMs?: number;
  clock?: Clock;
  logger: Logger;
  onProgress?: (progress: StageProgress) => void;
  /** Default: none. */
  telemetry?: Telemetry;
}

export interface StageProgress {
  stage: string;
  topic: string;
  partition: number;
  /** Messages passed with this step. */
  messages: number;
  /** How many are left in the partition. */
  lag: bigint;
}

/** A message with what became of it; without an item it is only passed over. */
interface Entry {
  message: ConsumedMessage;
  item: Item | undefined;
}

/** A contiguous piece of one partition, to be applied with the move of its fence. */
interface Step {
  batch: LogBatch;
  entries: readonly Entry[];
  /** What of them is to be applied; empty to pass over them. */
  items: readonly Item[];
}

/** How often a chunk of several records is tried on a server that is short of memory before it is halved. */
const OVERLOADS_BEFORE_HALVING = 2;

/** Raised where the database was set back while the loader ran: go on from the fence. */
class SetBack extends Error {
  readonly offset: bigint;
  constructor(offset: bigint) {
    super('the fence is behind what was applied');
    this.offset = offset;
  }
}

/**
 * Feeds one stage from its consumer group: one transaction applies contiguous chunks, each of one partition, and moves these
 * partitions' fences. What stands below the fence is skipped, so that redelivery and zombies change nothing.
 */
export class StageRunner {
  readonly #options: StageRunnerOptions;
  /** The next offset to apply, by partition, as this process knows it; the fence in the graph is the truth. */
  readonly #positions = new Map<string, bigint>();
  readonly #failure = Promise.withResolvers<never>();
  readonly #steps: Together<Step>;
  readonly #clock: Clock;
  readonly #telemetry: Telemetry;
  /** Partitions whose gate is closed. */
  readonly #closed = new Set<string>();

  constructor(options: StageRunnerOptions) {
    this.#options = options;
    this.#clock = options.clock ?? realClock;
    this.#telemetry = options.telemetry ?? noTelemetry;
    this.#steps = new Together({
      doBatch: (steps) => this.#transact(steps),
      atOnce: options.transactionsAtOnce ?? 1,
      maxSize: 1,
      isOfOnePiece: (error) => error instanceof SetBack || !['transient', 'fatal'].includes(classifyFailure(error)),
      clock: this.#clock,
    });
    this.#failure.promise.catch(() => undefined);
  }

  /** Rejects when the stage cannot go on; never resolves. */
  get failed(): Promise<never> {
    return Promise.race([this.#failure.promise, this.#options.consumer.failed]);
  }

  async start(): Promise<void> {
    await this.#options.consumer.start((batch) => this.#handle(batch));
  }

  async close(): Promise<void> {
    await this.#options.consumer.close();
  }

  async #handle(batch: LogBatch): Promise<void> {
    try {
      const position =
        this.#positions.get(placeOf(batch)) ?? (await this.#untilDone(batch, () => this.#startingPosition(batch)));
      if (batch.fetchedOffset > position) return batch.seek(position);
      const ahead = batch.messages.filter(({ offset }) => offset >= position);
      for (const chunk of chunksOf(ahead, partOf(this.#options.limits ?? defaultChunkLimits))) {
        await this.#applyChunk(batch, chunk);
        if (!batch.isActive()) return;
        await batch.commit(chunk.at(-1)!.offset + 1n);
      }
      // Offsets without records: what compaction, transactions and retention leave behind.
      if (batch.nextOffset > (this.#positions.get(placeOf(batch)) ?? position))
        await this.#untilDone(batch, () => this.#passOver(batch));
    } catch (error) {
      this.#positions.delete(placeOf(batch));
      if (error instanceof SetBack) return batch.seek(error.offset);
      if (error instanceof Fatal) {
        this.#failure.reject(error.cause);
        return;
      }
      throw error;
    }
  }

  /** Reads the fence, or sets it where the log begins. A fence of another log of the same name is refused. */
  async #startingPosition(batch: LogBatch): Promise<bigint> {
    const { graph, stage, bounds } = this.#options;
    const key = { stage: stage.name, topic: batch.topic, partition: batch.partition };
    const topicId = await bounds.topicId(batch.topic);
    const low = await bounds.low(batch.topic, batch.partition);
    await graph.prepareBookkeeping();
    const position = await graph.transact(async (tx) => {
      const [fence] = await tx.lockFences([key]);
      if (fence !== undefined && fence.topicId !== topicId) throw replaced(batch.topic, fence.topicId, topicId);
      if (fence === undefined) await tx.lockStage(stage.name);
      const start = fence === undefined || fence.offset < low ? low : fence.offset;
      if (fence?.offset !== start) await tx.moveFences([{ ...key, offset: start, topicId }]);
      return start;
    });
    if (position > batch.highWatermark) {
      // This fetch may be older than what another member has applied since.
      const end = await bounds.end(batch.topic, batch.partition);
      if (position > end) throw replaced(batch.topic, `at least ${position} records`, `${end} records`);
    }
    this.#positions.set(placeOf(batch), position);
    return position;
  }

  async #passOver(batch: LogBatch): Promise<void> {
    const { graph, stage, bounds } = this.#options;
    const key = { stage: stage.name, topic: batch.topic, partition: batch.partition };
    const topicId = await bounds.topicId(batch.topic);
    await graph.transact(async (tx) => {
      const [fence] = await tx.lockFences([key]);
      if (fence === undefined || fence.offset < this.#positions.get(placeOf(batch))!)
        throw new SetBack(fence?.offset ?? 0n);
      if (fence.offset < batch.nextOffset) await tx.moveFences([{ ...key, offset: batch.nextOffset, topicId }]);
    });
    this.#positions.set(placeOf(batch), batch.nextOffset);
  }

  async #applyChunk(batch: LogBatch, chunk: readonly ConsumedMessage[]): Promise<void> {
    let entries = await this.#untilDone(batch, () => this.#decode(batch, chunk));
    await this.#untilDone(batch, () => this.#options.stage.prepare(itemsOf(entries)));
    try {
      while (entries.length > 0 && batch.isActive()) {
        const open = await this.#untilDone(batch, () => this.#openPrefix(batch, entries));
        if (open === 0) {
          await this.#waitAtGate(batch);
          continue;
        }
        this.#noteGate(batch, true);
        await this.#applyEntries(batch, entries.slice(0, open));
        entries = entries.slice(open);
      }
    } finally {
      this.#noteGate(batch, true);
    }
  }

  async #waitAtGate(batch: LogBatch): Promise<void> {
    const { gatePollMs = 200, stage } = this.#options;
    this.#noteGate(batch, false);
    const startedAtMs = performance.now();
    await this.#clock.sleep(gatePollMs);
    const seconds = (performance.now() - startedAtMs) / 1_000;
    this.#telemetry.metrics.add('cartography_stream_gate_wait_seconds_total', { stage: stage.name }, seconds);
    await batch.heartbeat();
  }

  #noteGate(batch: LogBatch, isOpen: boolean): void {
    const place = placeOf(batch);
    if (this.#closed.has(place) === !isOpen) return;
    if (isOpen) this.#closed.delete(place);
    else this.#closed.add(place);
    const { name: stage } = this.#options.stage;
    this.#telemetry.metrics.set('cartography_stream_gate_closed_partitions', { stage }, this.#closed.size);
  }

  async #decode(batch: LogBatch, chunk: readonly ConsumedMessage[]): Promise<Entry[]> {
    const { decoder, stage, deadLetters } = this.#options;
    const entries: Entry[] = [];
    const dead = [];
    for (const message of chunk) {
      let item: Item | undefined;
      try {
        if (message.value !== null) {
          const answer = decoder.decode(message.value);
          const decoded = answer instanceof Promise ? await answer : answer;
          if (stage.wants(decoded)) item = itemOf(message.offset, decoded, message.value);
        }
      } catch (error) {
        if (classifyFailure(error) !== 'poison') throw error;
        dead.push({ stage: stage.name, topic: batch.topic, partition: batch.partition, message, error });
      }
      entries.push({ message, item });
    }
    if (stage.deadLettersUndecodable && dead.length > 0) {
      for (const { message, error } of dead) this.#warnDead(batch, message, error);
      await deadLetters.add(dead);
      this.#countDead(batch, dead.length);
    }
    return entries;
  }

  async #openPrefix(batch: LogBatch, entries: readonly Entry[]): Promise<number> {
    const items = itemsOf(entries);
    if (items.length === 0) return entries.length;
    const open = await this.#options.stage.open(batch.topic, batch.partition, items);
    return open === items.length ? entries.length : entries.findIndex(({ item }) => item === items[open]);
  }

  /** Applies entries; halves them while they are too large or one of them is poison, until that one stands alone. */
  async #applyEntries(batch: LogBatch, entries: readonly Entry[]): Promise<void> {
    const { stage, deadLetters } = this.#options;
    try {
      await this.#untilDone(
        batch,
        () => this.#addStep({ batch, entries, items: itemsOf(entries) }),
        entries.length > 1 ? OVERLOADS_BEFORE_HALVING : Infinity,
      );
    } catch (error) {
      const failure = error instanceof Refused ? error.failure : undefined;
      if (failure === undefined) throw error;
      if (entries.length > 1) {
        const middle = Math.ceil(entries.length / 2);
        await this.#applyEntries(batch, entries.slice(0, middle));
        await this.#applyEntries(batch, entries.slice(middle));
        return;
      }
      const [{ message }] = entries as [Entry];
      this.#warnDead(batch, message, failure);
      await this.#untilDone(batch, () =>
        deadLetters.add([
          { stage: stage.name, topic: batch.topic, partition: batch.partition, message, error: failure },
        ]),
      );
      this.#countDead(batch, 1);
      await this.#untilDone(batch, () => this.#addStep({ batch, entries, items: [] }));
    }
  }

  #addStep(step: Step): Promise<void> {
    const messages = step.entries.map(({ message }) => message);
    return this.#steps.add(step, shareOf(messages, this.#options.limits ?? defaultChunkLimits));
  }

  /** One transaction for pieces of several partitions, with a span that links to what wrote their records. */
  async #transact(steps: readonly Step[]): Promise<void> {
    const { metrics, tracing } = this.#telemetry;
    const { name: stage } = this.#options.stage;
    const startedAtMs = performance.now();
    if (!tracing.isOn) await this.#apply(steps);
    else await tracing.span(spanOf(stage, steps), () => this.#apply(steps));
    metrics.add('cartography_stream_batches_total', { stage });
    const seconds = (performance.now() - startedAtMs) / 1_000;
    metrics.observe('cartography_stream_batch_duration_seconds', { stage }, seconds);
    for (const { batch, entries } of steps) {
      metrics.add('cartography_stream_records_total', { stage, topic: batch.topic }, entries.length);
      const latency = Math.max(0, Date.now() - entries[0]!.message.timestamp) / 1_000;
      metrics.observe('cartography_stream_record_latency_seconds', { stage }, latency);
    }
  }

  /** Each fence is locked and moved with what it applies. */
  async #apply(steps: readonly Step[]): Promise<void> {
    const { graph, stage, bounds, onProgress } = this.#options;
    const pieces = await Promise.all(
      steps.map(async ({ batch, entries, items }) => ({
        batch,
        entries,
        items,
        key: { stage: stage.name, topic: batch.topic, partition: batch.partition },
        topicId: await bounds.topicId(batch.topic),
        from: this.#positions.get(placeOf(batch))!,
        next: entries.at(-1)!.message.offset + 1n,
      })),
    );
    /** The fences' rounds as the last transaction left them. */
    const rounds = new Map<string, bigint>();
    const attempt = (
      work: (tx: GraphTransaction, items: readonly Item[], isOvertaken: boolean) => Promise<FollowUp | undefined>,
    ): Promise<FollowUp | undefined> =>
      graph.transact(async (tx) => {
        const behind = [];
        const fences = await tx.lockFences(pieces.map(({ key }) => key));
        for (const [index, { batch, key, topicId, from, next, items }] of pieces.entries()) {
          const fence = fences[index];
          if (fence === undefined || fence.offset < from) throw new SetBack(fence?.offset ?? 0n);
          if (fence.topicId !== topicId) throw replaced(batch.topic, fence.topicId, topicId);
          if (fence.offset >= next) continue;
          const round = fence.round ?? 0n;
          behind.push({
            fence,
            topicId,
            next,
            round,
            place: placeOf(key),
            items: items.filter(({ offset }) => offset >= fence.offset),
          });
        }
        if (behind.length === 0) return undefined;
        const followUp = await work(
          tx,
          behind.flatMap(({ items }) => items),
          behind.some(({ place, round }) => rounds.get(place) !== round),
        );
        await tx.moveFences(
          behind.map(({ fence, topicId, next, round }) => ({
            ...fence,
            topicId,
            offset: followUp === undefined ? next : fence.offset,
            round: round + 1n,
          })),
        );
        for (const { place, round } of behind) rounds.set(place, round + 1n);
        return followUp;
      });
    let followUp = await attempt((tx, items) => stage.apply(tx, items));
    while (followUp !== undefined) {
      const lookAgain = followUp;
      // A zombie may have applied an older part of it in between.
      followUp = await attempt((tx, items, isOvertaken) =>
        isOvertaken ? stage.apply(tx, items) : lookAgain(tx).then(() => undefined),
      );
    }
    for (const { batch, key, entries, next } of pieces) {
      this.#positions.set(placeOf(batch), next);
      onProgress?.({ ...key, messages: entries.length, lag: batch.highWatermark - next });
    }
  }

  /**
   * Repeats what fails for a passing reason, with jittered pauses and heartbeats, for as long as the partition is ours.
   * `overloads`: how often an overloaded server is asked again.
   */
  async #untilDone<T>(batch: LogBatch, operation: () => Promise<T>, overloads = Infinity): Promise<T> {
    const { backoffMs = 100, logger, stage } = this.#options;
    for (let attempt = 0; ; attempt++) {
      await batch.heartbeat();
      try {
        return await operation();
      } catch (error) {
        if (error instanceof SetBack) throw error;
        const failure = classifyFailure(error);
        this.#telemetry.metrics.add('cartography_stream_failures_total', { stage: stage.name, class: failure });
        if (failure === 'fatal') throw new Fatal(error);
        if (failure !== 'transient' && (failure !== 'overload' || overloads-- === 0)) throw new Refused(error);
        if (!batch.isActive()) throw error;
        logger[attempt < 3 ? 'debug' : 'warn'](
          { stage: stage.name, place: placeOf(batch), attempt, error: messageOf(error) },
          'a step failed and is tried again',
        );
        await this.#clock.sleep(backoffDelayMs(attempt, backoffMs, 50 * backoffMs));
      }
    }
  }

  #countDead(batch: LogBatch, count: number): void {
    const labels = { stage: this.#options.stage.name, topic: batch.topic };
    this.#telemetry.metrics.add('cartography_stream_dead_letters_total', labels, count);
  }

  #warnDead(batch: LogBatch, message: ConsumedMessage, error: unknown): void {
    const { logger, stage } = this.#options;
    logger.error(
      {
        stage: stage.name,
        topic: batch.topic,
        partition: batch.partition,
        offset: Number(message.offset),
        scope: message.headers['scope'],
        reason: messageOf(error),
      },
      'a record cannot be applied and goes to the dead-letter topic',
    );
  }
}

/** A failure that no retry mends, as it came. */
class Fatal extends Error {
  constructor(cause: unknown) {
    super(messageOf(cause), { cause });
  }
}

/** A chunk that the graph does not take as it is: too large, or with poison in it. */
class Refused extends Error {
  readonly failure: unknown;
  constructor(failure: unknown) {
    super(messageOf(failure), { cause: failure });
    this.failure = failure;
  }
}

/** By OpenTelemetry's conventions: https://opentelemetry.io/docs/specs/semconv/messaging/kafka/ */
function spanOf(stage: string, steps: readonly Step[]): SpanOptions {
  const messages = steps.flatMap(({ entries }) => entries.map(({ message }) => message));
  return {
    name: `apply ${stage}`,
    kind: 'consumer',
    attributes: {
      'messaging.system': 'kafka',
      'messaging.operation.type': 'process',
      'messaging.batch.message_count': messages.length,
      'db.system.name': 'neo4j',
      'cartography.stage': stage,
    },
    links: messages.map(({ headers }) => headers['traceparent'] ?? ''),
  };
}

function itemsOf(entries: readonly Entry[]): Item[] {
  return entries.flatMap(({ item }) => item ?? []);
}

function replaced(topic: string, was: string, is: string): InfrastructureError {
  return new InfrastructureError(
    'CS_LOG_REPLACED',
    `topic ${topic} is not the one that this graph was loaded from (${was}; now ${is}): it was recreated. Load into an empty database, or set --topic-prefix to the log that the graph belongs to`,
    { setting: '--topic-prefix' },
  );
}
