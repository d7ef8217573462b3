import { assignPartitions } from './group-assignment.ts';
import type { KafkaCluster } from './kafka-cluster.ts';
import { isConnectionError, KafkaUnavailable, protocolType } from './kafka-error.ts';
import { groupProtocol } from './kafkajs-internals.ts';

export interface TopicPartition {
  topic: string;
  partition: number;
}

interface JoinGroupResponse {
  generationId: number;
  leaderId: string;
  memberId: string;
  members: { memberId: string; memberMetadata: Buffer }[];
}

interface OffsetFetchResponse {
  responses: { topic: string; partitions: { partition: number; offset: string }[] }[];
}

const PROTOCOL = 'roundrobin';
const COORDINATOR_IS_ELSEWHERE = new Set(['NOT_COORDINATOR_FOR_GROUP', 'GROUP_COORDINATOR_NOT_AVAILABLE']);

/** One member of a consumer group, in Kafka's classic protocol (https://kafka.apache.org/protocol#The_Messages_JoinGroup). */
export class GroupMember {
  readonly #cluster: KafkaCluster;
  readonly #groupId: string;
  readonly #topics: readonly string[];
  #coordinator: number | undefined;
  #memberId = '';
  #generationId = -1;

  constructor(cluster: KafkaCluster, groupId: string, topics: readonly string[]) {
    this.#cluster = cluster;
    this.#groupId = groupId;
    this.#topics = topics;
  }

  /** Enters the group's next generation and resolves with this member's part. May wait for the others, up to the rebalance time-out. */
  async join(): Promise<TopicPartition[]> {
    const { sessionTimeoutMs, rebalanceTimeoutMs } = this.#cluster.settings;
    const joined = await this.#call<JoinGroupResponse>('JoinGroup', {
      groupId: this.#groupId,
      memberId: this.#memberId,
      sessionTimeout: sessionTimeoutMs,
      rebalanceTimeout: rebalanceTimeoutMs,
      protocolType: 'consumer',
      groupProtocols: [
        { name: PROTOCOL, metadata: groupProtocol.MemberMetadata.encode({ version: 0, topics: this.#topics }) },
      ],
    });
    this.#memberId = joined.memberId;
    this.#generationId = joined.generationId;
    const groupAssignment = joined.leaderId === joined.memberId ? await this.#assign(joined.members) : [];
    const { memberAssignment } = await this.#call<{ memberAssignment: Buffer }>('SyncGroup', {
      groupId: this.#groupId,
      ...this.#generation(),
      groupAssignment,
    });
    const assignment = groupProtocol.MemberAssignment.decode(memberAssignment)?.assignment ?? {};
    return Object.entries(assignment).flatMap(([topic, partitions]) =>
      partitions.map((partition) => ({ topic, partition })),
    );
  }

  /** Where the group stands on these partitions; undefined where nothing was committed. */
  async committed(partitions: readonly TopicPartition[]): Promise<(bigint | undefined)[]> {
    if (partitions.length === 0) return [];
    const topics = [...Map.groupBy(partitions, ({ topic }) => topic)].map(([topic, ofTopic]) => ({
      topic,
      partitions: ofTopic.map(({ partition }) => ({ partition })),
    }));
    const { responses } = await this.#call<OffsetFetchResponse>('OffsetFetch', { groupId: this.#groupId, topics });
    const offsets = new Map(
      responses.flatMap((response) =>
        response.partitions.map(({ partition, offset }) => [`${response.topic}/${partition}`, BigInt(offset)]),
      ),
    );
    return partitions.map(({ topic, partition }) => {
      const offset = offsets.get(`${topic}/${partition}`) ?? -1n;
      return offset < 0n ? undefined : offset;
    });
  }

  async heartbeat(): Promise<void> {
    await this.#call('Heartbeat', {
      groupId: this.#groupId,
      groupGenerationId: this.#generationId,
      memberId: this.#memberId,
    });
  }

  async commit(offsets: readonly (TopicPartition & { offset: bigint })[]): Promise<void> {
    const topics = [...Map.groupBy(offsets, ({ topic }) => topic)].map(([topic, ofTopic]) => ({
      topic,
      partitions: ofTopic.map(({ partition, offset }) => ({ partition, offset: offset.toString() })),
    }));
    await this.#call('OffsetCommit', {
      groupId: this.#groupId,
      groupGenerationId: this.#generationId,
      memberId: this.#memberId,
      topics,
    });
  }

  /** Lets the others have this member's partitions at once, rather than when its session ends. */
  async leave(): Promise<void> {
    if (this.#memberId === '') return;
    const memberId = this.#memberId;
    this.forget();
    await this.#call('LeaveGroup', { groupId: this.#groupId, memberId });
  }

  /** Joins as a new member the next time. */
  forget(): void {
    this.#memberId = '';
    this.#generationId = -1;
  }

  #generation(): { generationId: number; memberId: string } {
    return { generationId: this.#generationId, memberId: this.#memberId };
  }

  async #assign(members: JoinGroupResponse['members']): Promise<{ memberId: string; memberAssignment: Buffer }[]> {
    const subscriptions = members.map(({ memberId, memberMetadata }) => ({
      memberId,
      topics: groupProtocol.MemberMetadata.decode(memberMetadata).topics,
    }));
    const topics = [...new Set(subscriptions.flatMap((subscription) => subscription.topics))];
    this.#cluster.track(topics);
    await this.#cluster.refresh();
    const partitions = new Map(
      topics.map((topic) => [topic, (this.#cluster.topic(topic)?.partitions ?? []).map(({ partition }) => partition)]),
    );
    return [...assignPartitions(subscriptions, partitions)].map(([memberId, assignment]) => ({
      memberId,
      memberAssignment: groupProtocol.MemberAssignment.encode({ version: 0, assignment }),
    }));
  }

  async #call<T>(
    api: 'JoinGroup' | 'SyncGroup' | 'Heartbeat' | 'OffsetCommit' | 'OffsetFetch' | 'LeaveGroup',
    parameters: object,
  ): Promise<T> {
    this.#coordinator ??= await this.#cluster.findCoordinator(this.#groupId);
    try {
      return await this.#cluster.call<T>(this.#coordinator, api, parameters);
    } catch (error) {
      if (
        COORDINATOR_IS_ELSEWHERE.has(protocolType(error) ?? '') ||
        isConnectionError(error) ||
        error instanceof KafkaUnavailable
      )
        this.#coordinator = undefined;
      // A first JoinGroup is answered with the id to come back with (KIP-394).
      if (api === 'JoinGroup' && protocolType(error) === 'MEMBER_ID_REQUIRED') {
        this.#memberId = (error as { memberId: string }).memberId;
        return this.#call<T>(api, { ...parameters, memberId: this.#memberId });
      }
      throw error;
    }
  }
}
