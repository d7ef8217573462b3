import kafkajs from 'kafkajs';
import type { TestKafka } from './use-kafka.ts';

type Servers = Pick<TestKafka, 'bootstrapServers'>;

async function withAdmin<T>(kafka: Servers, operation: (admin: kafkajs.Admin) => Promise<T>): Promise<T> {
  const admin = new kafkajs.Kafka({ brokers: kafka.bootstrapServers, logLevel: kafkajs.logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    return await operation(admin);
  } finally {
    await admin.disconnect();
  }
}

export function deleteTopic(kafka: TestKafka, topic: string): Promise<void> {
  return withAdmin(kafka, (admin) => admin.deleteTopics({ topics: [topic] }));
}

/** As retention does it: the log then begins at this offset. */
export function deleteRecordsBefore(kafka: TestKafka, topic: string, partition: number, offset: bigint): Promise<void> {
  return withAdmin(kafka, async (admin) => {
    // Loads the metadata, which deleteTopicRecords forgets to do.
    await admin.fetchTopicOffsets(topic);
    await admin.deleteTopicRecords({ topic, partitions: [{ partition, offset: offset.toString() }] });
  });
}

export async function addPartitions(kafka: TestKafka, topic: string, count: number): Promise<void> {
  await withAdmin(kafka, (admin) => admin.createPartitions({ topicPartitions: [{ topic, count }] }));
}

export async function readTopicConfig(kafka: TestKafka, topic: string, name: string): Promise<string | undefined> {
  const query = {
    includeSynonyms: false,
    resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: topic, configNames: [name] }],
  };
  const { resources } = await withAdmin(kafka, (admin) => admin.describeConfigs(query));
  return resources[0]?.configEntries[0]?.configValue;
}

/** The offset that the group has committed; -1 without one. */
export async function committedOffset(
  kafka: TestKafka,
  groupId: string,
  topic: string,
  partition: number,
): Promise<bigint> {
  const offsets = await withAdmin(kafka, (admin) => admin.fetchOffsets({ groupId, topics: [topic] }));
  return BigInt(offsets[0]?.partitions.find((one) => one.partition === partition)?.offset ?? -1);
}

export async function groupMemberCount(kafka: TestKafka, groupId: string): Promise<number> {
  const { groups } = await withAdmin(kafka, (admin) => admin.describeGroups([groupId]));
  return groups[0]?.members.length ?? 0;
}

export async function setTopicConfig(
  kafka: Servers,
  topic: string,
  configuration: Readonly<Record<string, string>>,
): Promise<void> {
  const configEntries = Object.entries(configuration).map(([name, value]) => ({ name, value }));
  const resources = [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: topic, configEntries }];
  await withAdmin(kafka, (admin) => admin.alterConfigs({ validateOnly: false, resources }));
}
