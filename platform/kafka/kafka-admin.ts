import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { InfrastructureError, messageOf } from '../errors.ts';
import { retryTransient } from '../retry.ts';
import type { KafkaCluster } from './kafka-cluster.ts';
import { isTransientKafkaError, KafkaUnavailable, protocolType, toInfrastructureError } from './kafka-error.ts';
import { fetchRequest, type FetchedPartition } from './fetch-request.ts';
import { listOffsets } from './list-offsets.ts';
import type { ConsumedMessage, LogAdmin, PartitionOffsets, TopicSpec } from './log.ts';

const TIME_LIMIT_MS = 30_000;
const VISIBLE_LIMIT_MS = 15_000;
const VISIBLE_INTERVAL_MS = 50;
/** Kafka gives a first batch that is larger whole. */
const ONE_MESSAGE = { waitMs: 0, bytes: 1, partitionBytes: 1 };

/** What kafkajs throws for CreateTopics: one error per topic that was not created. */
interface CreateTopicsError {
  errors?: { topic: string; type: string }[];
}

interface DescribeGroupsResponse {
  groups: { members: unknown[] }[];
}

interface OffsetFetchResponse {
  /** An offset of -1: none was committed. */
  responses: { topic: string; partitions: { partition: number; offset: string }[] }[];
}

export class KafkaAdmin implements LogAdmin {
  readonly #cluster: KafkaCluster;
  readonly #logger: Logger;

  constructor(cluster: KafkaCluster, logger: Logger) {
    this.#cluster = cluster;
    this.#logger = logger;
  }

  async ensureTopics(topics: readonly TopicSpec[]): Promise<string[]> {
    const names = topics.map(({ name }) => name);
    return this.#attempt(`create the topics ${names.join(', ')}`, async () => {
      this.#cluster.track(names);
      await this.#cluster.refresh();
      const missing = topics.filter(
        ({ name }) => this.#cluster.topic(name)?.error?.type === 'UNKNOWN_TOPIC_OR_PARTITION',
      );
      const created = missing.length > 0 ? await this.#create(missing) : [];
      await this.#waitUntilVisible(names);
      return created;
    });
  }

  async offsets(topic: string): Promise<PartitionOffsets[]> {
    return this.#attempt(`read the offsets of ${topic}`, async () => {
      const count = await this.#cluster.partitionCount(topic);
      return listOffsets(this.#cluster, topic, [...Array(count).keys()]);
    });
  }

  async memberCount(groupId: string): Promise<number> {
    return this.#attempt(`ask for the consumer group ${groupId}`, async () => {
      const coordinator = await this.#cluster.findCoordinator(groupId);
      const { groups } = await this.#cluster.call<DescribeGroupsResponse>(coordinator, 'DescribeGroups', {
        groupIds: [groupId],
      });
      return groups[0]?.members.length ?? 0;
    });
  }

  async hasCommitted(groupId: string, topics: readonly string[]): Promise<boolean> {
    return this.#attempt(`read the offsets of the consumer group ${groupId}`, async () => {
      const partitionsOf = async (topic: string) => {
        const count = await this.#cluster.partitionCount(topic);
        return { topic, partitions: Array.from({ length: count }, (_, partition) => ({ partition })) };
      };
      const asked = await Promise.all(topics.map(partitionsOf));
      const coordinator = await this.#cluster.findCoordinator(groupId);
      const { responses } = await this.#cluster.call<OffsetFetchResponse>(coordinator, 'OffsetFetch', {
        groupId,
        topics: asked,
      });
      return responses.some(({ partitions }) => partitions.some(({ offset }) => BigInt(offset) >= 0n));
    });
  }

  async topicIds(topics: readonly string[]): Promise<Map<string, string>> {
    return this.#attempt('read topic ids', async () => {
      this.#cluster.track(topics);
      await this.#cluster.refresh();
      const ids = new Map<string, string>();
      for (const name of topics) {
        const topic = this.#cluster.topic(name);
        if (topic?.error?.type === 'UNKNOWN_TOPIC_OR_PARTITION') continue;
        if (topic?.error !== undefined) throw topic.error;
        if (topic?.id === undefined)
          throw new InfrastructureError(
            'CS_KAFKA',
            `Kafka gives ${name} no id: the brokers must be of version 2.8 or later.`,
          );
        ids.set(name, topic.id);
      }
      return ids;
    });
  }

  async messageAt(topic: string, partition: number, offset: bigint): Promise<ConsumedMessage | undefined> {
    return this.#attempt(`read ${topic}/${partition} at offset ${offset}`, async () => {
      const leader = await this.#cluster.findLeader(topic, partition);
      let position = offset;
      for (;;) {
        const [fetched] = await this.#cluster.send<FetchedPartition[]>(leader, (connection) =>
          fetchRequest(connection, [{ topic, partition, offset: position }], ONE_MESSAGE),
        );
        if (fetched?.error?.type === 'OFFSET_OUT_OF_RANGE' || fetched === undefined) return undefined;
        if (fetched.error !== undefined) throw fetched.error;
        if (fetched.messages.length > 0 || fetched.nextOffset <= position) return fetched.messages[0];
        position = fetched.nextOffset;
      }
    });
  }

  close(): Promise<void> {
    this.#cluster.close();
    return Promise.resolve();
  }

  /** Resolves with the names of those that this call created, and not another client at the same time. */
  async #create(specs: readonly TopicSpec[]): Promise<string[]> {
    const controller = await this.#cluster.findController();
    const refused = await this.#cluster
      .call(controller, 'CreateTopics', {
        topics: specs.map(({ name, partitions, replicationFactor, config }) => ({
          topic: name,
          numPartitions: partitions,
          replicationFactor,
          configEntries: Object.entries(config).map(([key, value]) => ({ name: key, value })),
        })),
        validateOnly: false,
        timeout: this.#cluster.settings.requestTimeoutMs / 2,
      })
      .then(
        () => [],
        (error: unknown) => {
          const { errors } = error as CreateTopicsError;
          if (errors === undefined) throw error;
          return errors;
        },
      );
    for (const error of refused)
      if (error.type !== 'TOPIC_ALREADY_EXISTS')
        throw this.#explain(
          error,
          specs.find(({ name }) => name === error.topic),
        );
    return specs.map(({ name }) => name).filter((name) => !refused.some(({ topic }) => topic === name));
  }

  #explain(error: { topic: string; type: string }, spec: TopicSpec | undefined): unknown {
    if (spec !== undefined && error.type === 'INVALID_REPLICATION_FACTOR') {
      return new InfrastructureError(
        'CS_KAFKA',
        `Cannot create topic ${spec.name} with a replication factor of ${spec.replicationFactor}: the cluster has ${this.#cluster.brokerCount} broker(s). Lower the replication factor or add brokers.`,
        {
          cause: error,
          details: { topic: spec.name, replicationFactor: spec.replicationFactor, brokers: this.#cluster.brokerCount },
        },
      );
    }
    if (error.type === 'INVALID_CONFIG' && spec !== undefined) {
      return new InfrastructureError(
        'CS_KAFKA',
        `Cannot create topic ${spec.name}: Kafka refuses its configuration ${JSON.stringify(spec.config)}.`,
        { cause: error, details: { topic: spec.name } },
      );
    }
    return error;
  }

  /** Brokers answer for a new topic a little later than its creation is acknowledged. */
  async #waitUntilVisible(names: readonly string[]): Promise<void> {
    const deadline = Date.now() + VISIBLE_LIMIT_MS;
    for (;;) {
      await this.#cluster.refresh();
      const absent = names.find((name) => {
        const topic = this.#cluster.topic(name);
        return (
          topic === undefined || topic.partitions.length === 0 || topic.partitions.some(({ leader }) => leader < 0)
        );
      });
      if (absent === undefined) return;
      const error = this.#cluster.topic(absent)?.error;
      if (error !== undefined && !isTransientKafkaError(error)) throw error;
      if (Date.now() > deadline)
        throw new KafkaUnavailable(`topic ${absent} has no leader: ${error?.message ?? 'its replicas are not online'}`);
      await sleep(VISIBLE_INTERVAL_MS);
    }
  }

  async #attempt<T>(doing: string, operation: () => Promise<T>): Promise<T> {
    try {
      return await retryTransient(operation, {
        isTransient: isTransientKafkaError,
        maxElapsedMs: TIME_LIMIT_MS,
        minDelayMs: 100,
        maxDelayMs: 2_000,
        onRetry: (error, delayMs) =>
          this.#logger.debug(
            { reason: messageOf(error), type: protocolType(error), delayMs },
            `cannot ${doing} yet, trying again`,
          ),
      });
    } catch (error) {
      throw toInfrastructureError(error, doing, this.#cluster.settings);
    }
  }
}
