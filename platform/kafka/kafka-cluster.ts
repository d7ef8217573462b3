import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { InfrastructureError } from '../errors.ts';
import { BrokerConnection } from './broker-connection.ts';
import { formatAddress, type Address, type KafkaSettings } from './kafka-config.ts';
import {
  isConnectionError,
  isStaleMetadata,
  isTransientKafkaError,
  KafkaUnavailable,
  TopicMissing,
} from './kafka-error.ts';
import type { ApiName, KafkajsLogger, ProtocolRequest } from './kafkajs-internals.ts';
import { bridgeKafkajsLogger } from './kafkajs-logger.ts';
import { advertisedUnreachable, unreachable } from './unreachable-error.ts';
import { METADATA_VERSIONS, metadataRequest, type ClusterMetadata, type TopicMetadata } from './metadata-request.ts';

const RETRY_CONNECT_MS = 250;

/**
 * Which broker leads what, and one connection to each broker. Errors come out as they are (see isTransientKafkaError):
 * retrying is for those who know how long. What an error says about the connection or the metadata is acted upon here,
 * so that the next attempt finds a new connection and fresh metadata.
 */
export class KafkaCluster {
  readonly settings: KafkaSettings;
  readonly #logger: KafkajsLogger;
  readonly #connections = new Map<number, { connection: BrokerConnection; opened: Promise<void> }>();
  /** Those whose sessions have ended, with requests under way perhaps. */
  readonly #retired = new Set<BrokerConnection>();
  readonly #tracked = new Set<string>();
  #nodes = new Map<number, Address>();
  #topics = new Map<string, TopicMetadata>();
  #controllerId = -1;
  #refreshedAt = -Infinity;
  #refreshing: Promise<void> | undefined;
  #bootstrap: BrokerConnection | undefined;
  #openingBootstrap: Promise<BrokerConnection> | undefined;
  #closed = false;

  constructor(settings: KafkaSettings, logger: Logger) {
    this.settings = settings;
    this.#logger = bridgeKafkajsLogger(logger);
  }

  /** Finds the cluster. Throws InfrastructureError within `startTimeoutMs` if no server answers or none lets us in. */
  async connect(): Promise<void> {
    const deadline = Date.now() + this.settings.startTimeoutMs;
    for (;;) {
      try {
        await this.refresh();
        return await this.#checkAdvertised();
      } catch (error) {
        if (this.#closed || !isTransientKafkaError(error) || Date.now() + RETRY_CONNECT_MS >= deadline)
          throw unreachable(error, this.settings);
        await sleep(RETRY_CONNECT_MS);
      }
    }
  }

  /** Brings these topics into the metadata. */
  track(topics: readonly string[]): void {
    for (const topic of topics) {
      if (!this.#tracked.has(topic)) this.invalidate();
      this.#tracked.add(topic);
    }
  }

  /** Makes the next look at the metadata a fresh one. */
  invalidate(): void {
    this.#refreshedAt = -Infinity;
  }

  /** Fetches the metadata anew if it is too old or known to be wrong. */
  async refreshIfStale(): Promise<void> {
    if (Date.now() - this.#refreshedAt > this.settings.metadataMaxAgeMs) await this.refresh();
  }

  /** Fetches the metadata anew. */
  refresh(): Promise<void> {
    return (this.#refreshing ??= this.#refresh().finally(() => (this.#refreshing = undefined)));
  }

  /** A topic as the metadata has it now; undefined before it was fetched. */
  topic(name: string): TopicMetadata | undefined {
    return this.#topics.get(name);
  }

  /** Throws a transient error while the topic is not there. */
  async partitionCount(topic: string): Promise<number> {
    this.track([topic]);
    await this.refreshIfStale();
    const metadata = this.#topics.get(topic);
    if (metadata?.error !== undefined && !isTransientKafkaError(metadata.error)) throw metadata.error;
    if (metadata === undefined || metadata.partitions.length === 0) {
      this.invalidate();
      throw new TopicMissing(`topic ${topic} is not there`);
    }
    return metadata.partitions.length;
  }

  /** The node that leads the partition, from the metadata at hand. */
  leaderOf(topic: string, partition: number): number | undefined {
    const leader = this.#topics.get(topic)?.partitions.find((one) => one.partition === partition)?.leader;
    return leader === undefined || leader < 0 ? undefined : leader;
  }

  /** As leaderOf, with fresh metadata if need be; throws a transient error while there is no leader. */
  async findLeader(topic: string, partition: number): Promise<number> {
    await this.refreshIfStale();
    const leader = this.leaderOf(topic, partition);
    if (leader !== undefined) return leader;
    this.invalidate();
    throw new KafkaUnavailable(`partition ${partition} of ${topic} has no leader`);
  }

  async findController(): Promise<number> {
    await this.refreshIfStale();
    if (this.#nodes.has(this.#controllerId)) return this.#controllerId;
    this.invalidate();
    throw new KafkaUnavailable('the cluster has no controller');
  }

  get brokerCount(): number {
    return this.#nodes.size;
  }

  /** The node that coordinates a consumer group. */
  async findCoordinator(groupId: string): Promise<number> {
    const connection = await this.#anyConnection();
    const GROUP = 0;
    const { coordinator } = (await this.#watch(connection, () =>
      connection.send(connection.prepare('GroupCoordinator', { groupId, coordinatorType: GROUP })),
    )) as { coordinator: { nodeId: number } };
    if (!this.#nodes.has(coordinator.nodeId)) this.invalidate();
    return coordinator.nodeId;
  }

  /** Sends a request as kafkajs encodes and reads it. The result is what kafkajs makes of it, on the caller's word. */
  async call<T>(nodeId: number, api: ApiName, parameters: object): Promise<T> {
    return this.send<T>(nodeId, (connection) => connection.prepare(api, parameters));
  }

  async send<T>(nodeId: number, prepare: (connection: BrokerConnection) => ProtocolRequest): Promise<T> {
    const connection = await this.#open(nodeId);
    return (await this.#watch(connection, () => connection.send(prepare(connection)))) as T;
  }

  /** Drops all connections, for good; requests under way reject. */
  close(): void {
    this.#closed = true;
    this.disconnect();
  }

  /** Drops all connections; requests under way reject, and the next one opens a new connection. */
  disconnect(): void {
    this.#bootstrap?.destroy();
    for (const { connection } of this.#connections.values()) connection.destroy();
    for (const connection of this.#retired) connection.destroy();
    this.#connections.clear();
  }

  async #open(nodeId: number): Promise<BrokerConnection> {
    await this.refreshIfStale();
    const address = this.#nodes.get(nodeId);
    if (address === undefined) {
      this.invalidate();
      throw new KafkaUnavailable(`broker ${nodeId} is not there`);
    }
    let entry = this.#connections.get(nodeId);
    if (entry !== undefined && entry.connection.address === formatAddress(address)) {
      await entry.opened;
      if (entry.connection.isExpiring) this.#retire(entry.connection);
      else if (entry.connection.isUsable) return entry.connection;
    }
    // Another caller may have replaced it while this one waited.
    if (entry !== undefined && this.#connections.get(nodeId) === entry) this.#discard(entry.connection);
    entry = this.#connections.get(nodeId);
    if (entry === undefined) {
      if (this.#closed) throw new KafkaUnavailable('the client is closed');
      const connection = new BrokerConnection(address, this.settings, this.#logger);
      entry = { connection, opened: this.#watch(connection, () => connection.open()) };
      this.#connections.set(nodeId, entry);
    }
    await entry.opened;
    return entry.connection;
  }

  async #refresh(): Promise<void> {
    let asked: string[];
    do {
      asked = [...this.#tracked];
      const connection = await this.#anyConnection();
      const version = Math.min(METADATA_VERSIONS.max, connection.maxVersion('Metadata'));
      if (version < METADATA_VERSIONS.min)
        throw new InfrastructureError(
          'CS_KAFKA',
          `Kafka at ${connection.address} is too old: it must be 2.8 or later.`,
        );
      const metadata = (await this.#watch(connection, () =>
        connection.send(metadataRequest(asked, version)),
      )) as ClusterMetadata;
      this.#nodes = metadata.nodes;
      this.#controllerId = metadata.controllerId;
      this.#topics = new Map(metadata.topics.map((topic) => [topic.name, topic]));
      for (const [nodeId, { connection }] of this.#connections) if (!this.#nodes.has(nodeId)) this.#discard(connection);
    } while (asked.length < this.#tracked.size);
    this.#refreshedAt = Date.now();
  }

  async #anyConnection(): Promise<BrokerConnection> {
    if (this.#closed) throw new KafkaUnavailable('the client is closed');
    for (const { connection } of this.#connections.values())
      if (connection.isUsable && !connection.isExpiring) return connection;
    if (this.#bootstrap?.isUsable === true && !this.#bootstrap.isExpiring) return this.#bootstrap;
    return (this.#openingBootstrap ??= this.#openBootstrap().finally(() => (this.#openingBootstrap = undefined)));
  }

  /** Whichever server can be opened: first the brokers that were there last, then those that the user named. */
  async #openBootstrap(): Promise<BrokerConnection> {
    let failure: unknown;
    for (const address of [...this.#nodes.values(), ...this.settings.bootstrapServers]) {
      this.#bootstrap?.destroy();
      const connection = new BrokerConnection(address, this.settings, this.#logger);
      this.#bootstrap = connection;
      try {
        await connection.open();
        return connection;
      } catch (error) {
        if (this.#closed || !isTransientKafkaError(error)) throw error;
        failure ??= error;
      }
    }
    throw failure;
  }

  /** Lets the error through after it has had its effect. */
  async #watch<T>(connection: BrokerConnection, operation: () => Promise<T>): Promise<T> {
    try {
      return await operation();
    } catch (error) {
      if (isConnectionError(error) || error instanceof KafkaUnavailable) {
        this.#discard(connection);
        this.invalidate();
      } else if (isStaleMetadata(error)) {
        this.invalidate();
      }
      throw error;
    }
  }

  #discard(connection: BrokerConnection): void {
    connection.destroy();
    this.#forget(connection);
  }

  /** Lets what is under way come to its end; the next request opens a new connection. */
  #retire(connection: BrokerConnection): void {
    this.#retired.add(connection);
    void connection.retire().then(() => this.#retired.delete(connection));
    this.#forget(connection);
  }

  #forget(connection: BrokerConnection): void {
    for (const [nodeId, entry] of this.#connections)
      if (entry.connection === connection) this.#connections.delete(nodeId);
    if (this.#bootstrap === connection) this.#bootstrap = undefined;
  }

  /** A cluster that advertises addresses which only it can reach answers the bootstrap connection and nothing else. */
  async #checkAdvertised(): Promise<void> {
    const [nodeId] = this.#nodes.keys();
    if (nodeId === undefined) throw new KafkaUnavailable('the cluster has no broker yet');
    const bootstrap = this.#bootstrap;
    try {
      await this.#open(nodeId);
    } catch (error) {
      const address = formatAddress(this.#nodes.get(nodeId) ?? { host: '?', port: 0 });
      throw isTransientKafkaError(error) ? advertisedUnreachable(error, address, this.settings) : error;
    }
    bootstrap?.destroy();
    this.#bootstrap = undefined;
  }
}
