import type { Logger } from 'pino';
import { InfrastructureError, messageOf } from '../errors.ts';
import { backoffDelayMs, pause, retryTransient, settleWithin } from '../retry.ts';
import { ConsumerSession, PartitionsChanged } from './consumer-session.ts';
import { GroupMember } from './group-member.ts';
import type { KafkaCluster } from './kafka-cluster.ts';
import { isTransientKafkaError, KafkaUnavailable, protocolType, toInfrastructureError } from './kafka-error.ts';
import type { ConsumerOptions, LogBatch, LogConsumer } from './log.ts';

const RETRY_MIN_MS = 200;
const RETRY_MAX_MS = 10_000;
const LEAVE_LIMIT_MS = 2_000;
/** Answers upon which a member joins again, as who it is. */
const REJOIN = new Set(['REBALANCE_IN_PROGRESS', 'ILLEGAL_GENERATION']);
/** Answers upon which it joins again as a new member. */
const UNKNOWN = new Set(['UNKNOWN_MEMBER_ID', 'FENCED_INSTANCE_ID']);

class HandlerStalled extends Error {}

/**
 * A member of a consumer group for as long as it is open: joins, reads, and when the group gives its partitions out anew or
 * Kafka is away, joins again, for ever. Only what no waiting can mend ends it (`failed`).
 */
export class KafkaConsumer implements LogConsumer {
  readonly failed: Promise<never>;
  readonly #cluster: KafkaCluster;
  readonly #member: GroupMember;
  readonly #topics: readonly string[];
  readonly #groupId: string;
  readonly #onPoll: () => void;
  readonly #logger: Logger;
  readonly #closing = new AbortController();
  readonly #assigned = Promise.withResolvers<void>();
  readonly #running = new Map<string, Promise<void>>();
  #closesBy = Infinity;
  #fail: (error: Error) => void;
  #loop: Promise<void> | undefined;

  constructor(cluster: KafkaCluster, { groupId, topics, onPoll = () => {} }: ConsumerOptions, logger: Logger) {
    this.#cluster = cluster;
    this.#groupId = groupId;
    this.#topics = topics;
    this.#onPoll = onPoll;
    this.#logger = logger.child({ groupId });
    this.#member = new GroupMember(cluster, groupId, topics);
    const { promise, reject } = Promise.withResolvers<never>();
    // Whoever starts the consumer hears of a failure there, too.
    promise.catch(() => {});
    this.failed = promise;
    this.#fail = reject;
  }

  async start(handle: (batch: LogBatch) => Promise<void>): Promise<void> {
    try {
      await this.#cluster.connect();
      await this.#waitForTopics();
    } catch (error) {
      const failure = toInfrastructureError(error, `read ${this.#topics.join(', ')}`, this.#cluster.settings);
      this.#fail(failure);
      this.#cluster.close();
      throw failure;
    }
    this.#loop = this.#run(handle);
    await Promise.race([this.#assigned.promise, this.failed]);
  }

  /** Leaves the group once the handlers have ended, or `closeTimeoutMs` later; resolves when they have ended. */
  async close(): Promise<void> {
    this.#limitClosing();
    this.#closing.abort();
    if (this.#loop === undefined) this.#cluster.close();
    await this.#loop;
  }

  async #waitForTopics(): Promise<void> {
    try {
      await retryTransient(() => Promise.all(this.#topics.map((topic) => this.#cluster.partitionCount(topic))), {
        isTransient: isTransientKafkaError,
        maxElapsedMs: this.#cluster.settings.startTimeoutMs,
        minDelayMs: 50,
        maxDelayMs: 1_000,
        signal: this.#closing.signal,
      });
    } catch (error) {
      if (!(error instanceof KafkaUnavailable)) throw error;
      throw new InfrastructureError(
        'CS_KAFKA',
        `Cannot read from Kafka: ${error.message}. Create the topic, or check the topic prefix.`,
        { cause: error },
      );
    }
  }

  async #run(handle: (batch: LogBatch) => Promise<void>): Promise<void> {
    let failures = 0;
    while (!this.#closing.signal.aborted) {
      let session: ConsumerSession | undefined;
      let failure: unknown;
      this.#onPoll();
      try {
        const assignment = await this.#unlessClosing(this.#member.join());
        // Kafka reads nothing from a connection while a JoinGroup waits on it: not even that this member leaves.
        if (assignment === undefined) {
          this.#cluster.disconnect();
          break;
        }
        const opening = ConsumerSession.open({
          cluster: this.#cluster,
          member: this.#member,
          assignment,
          topics: this.#topics,
          handle,
          running: this.#running,
          logger: this.#logger,
        });
        session = await this.#unlessClosing(opening);
        if (session === undefined) {
          void opening.then(
            (late) => late.end(0, () => Promise.resolve()),
            () => {},
          );
          break;
        }
        this.#logger.info({ partitions: assignment.length }, 'joined the consumer group');
        this.#assigned.resolve();
        await this.#keepMembership(session, () => (failures = 0));
      } catch (error) {
        failure = error;
      }
      if (failure !== undefined && !this.#isCurable(failure)) return this.#giveUp(failure, session);
      if (session !== undefined) await this.#endSession(session);
      if (failure !== undefined) await this.#recover(failure, () => failures++);
    }
    await this.#depart();
    this.#assigned.resolve();
  }

  /** Returns when the consumer is closing; throws what ends the generation. */
  async #keepMembership(session: ConsumerSession, onHeartbeat: () => void): Promise<void> {
    const { heartbeatIntervalMs, sessionTimeoutMs } = this.#cluster.settings;
    const interrupted = AbortSignal.any([this.#closing.signal, session.failed]);
    let lastHeartbeatAt = Date.now();
    for (;;) {
      await pause(heartbeatIntervalMs, interrupted);
      this.#onPoll();
      if (session.failed.aborted) throw session.failed.reason;
      if (this.#closing.signal.aborted) return;
      if (session.findStalled() !== undefined) throw new HandlerStalled();
      try {
        await this.#unlessClosing(this.#member.heartbeat());
        lastHeartbeatAt = Date.now();
        onHeartbeat();
        await this.#unlessClosing(session.checkTopics());
        await this.#unlessClosing(session.retryCommits());
      } catch (error) {
        if (isMembershipLost(error) || !isTransientKafkaError(error) || Date.now() - lastHeartbeatAt > sessionTimeoutMs)
          throw error;
        this.#logger.debug({ reason: messageOf(error) }, 'no heartbeat now, trying again');
      }
    }
  }

  #isCurable(error: unknown): boolean {
    return error instanceof HandlerStalled || isMembershipLost(error) || isTransientKafkaError(error);
  }

  /** Lets the handlers finish, heard by the group meanwhile, so that the next owner goes on where they stopped. */
  async #endSession(session: ConsumerSession): Promise<void> {
    const isClosing = this.#closing.signal.aborted;
    await session.end(isClosing ? this.#closesBy - Date.now() : this.#cluster.settings.rebalanceTimeoutMs / 2, () =>
      this.#member.heartbeat(),
    );
    const stalled = session.findStalled();
    if (stalled !== undefined) {
      const { topic, partition } = stalled;
      this.#logger.error(
        { topic, partition },
        'a handler gives no sign of life: leaving the consumer group until it ends',
      );
      await this.#leave();
      await session.drained();
    }
    for (const { topic, partition, done } of session.readers) this.#running.set(`${topic}/${partition}`, done);
  }

  async #recover(failure: unknown, countFailure: () => number): Promise<void> {
    const type = protocolType(failure) ?? '';
    if (UNKNOWN.has(type)) this.#member.forget();
    if (failure instanceof HandlerStalled) return;
    if (isMembershipLost(failure))
      return this.#logger.info({ reason: type || messageOf(failure) }, 'joining the consumer group again');
    const failures = countFailure();
    const delayMs = backoffDelayMs(failures, RETRY_MIN_MS, RETRY_MAX_MS);
    // The first is ordinary: a coordinator that has just moved or is loading.
    this.#logger[failures === 0 ? 'debug' : 'warn'](
      { reason: messageOf(failure), delayMs: Math.round(delayMs) },
      'not in touch with the consumer group, trying again',
    );
    await pause(delayMs, this.#closing.signal);
  }

  async #giveUp(error: unknown, session: ConsumerSession | undefined): Promise<void> {
    this.#fail(
      toInfrastructureError(error, `read ${this.#topics.join(', ')} as group ${this.#groupId}`, this.#cluster.settings),
    );
    await session?.end(Infinity, () => this.#member.heartbeat());
    await session?.drained();
    await this.#depart();
  }

  #limitClosing(): void {
    this.#closesBy = Math.min(this.#closesBy, Date.now() + this.#cluster.settings.closeTimeoutMs);
  }

  async #depart(): Promise<void> {
    this.#limitClosing();
    const drained = Promise.all(this.#running.values());
    await settleWithin(Math.max(0, this.#closesBy - Date.now()), drained);
    await this.#leave();
    await drained;
    this.#cluster.close();
  }

  async #leave(): Promise<void> {
    const leaving = this.#member
      .leave()
      .catch((error: unknown) => this.#logger.debug({ reason: messageOf(error) }, 'cannot leave the consumer group'));
    await settleWithin(LEAVE_LIMIT_MS, leaving);
  }

  /** Resolves with undefined when the consumer is closing, whatever becomes of the promise. */
  async #unlessClosing<T>(promise: Promise<T>): Promise<T | undefined> {
    const { signal } = this.#closing;
    promise.catch(() => {});
    if (signal.aborted) return undefined;
    const closing = Promise.withResolvers<undefined>();
    const resolve = (): void => closing.resolve(undefined);
    signal.addEventListener('abort', resolve, { once: true });
    try {
      return await Promise.race([promise, closing.promise]);
    } finally {
      signal.removeEventListener('abort', resolve);
    }
  }
}

function isMembershipLost(error: unknown): boolean {
  const type = protocolType(error) ?? '';
  return REJOIN.has(type) || UNKNOWN.has(type) || error instanceof PartitionsChanged;
}
