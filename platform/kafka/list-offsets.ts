import type { KafkaCluster } from './kafka-cluster.ts';
import type { PartitionOffsets } from './log.ts';

const EARLIEST = -2;
const LATEST = -1;
const READ_UNCOMMITTED = 0;

interface ListOffsetsResponse {
  responses: { topic: string; partitions: { partition: number; offset: string }[] }[];
}

/** Where these partitions begin and end now. */
export async function listOffsets(
  cluster: KafkaCluster,
  topic: string,
  partitions: readonly number[],
): Promise<PartitionOffsets[]> {
  const byLeader = new Map<number, number[]>();
  for (const partition of partitions) {
    const leader = await cluster.findLeader(topic, partition);
    byLeader.set(leader, [...(byLeader.get(leader) ?? []), partition]);
  }
  const offsets = await Promise.all(
    [...byLeader].map(async ([leader, led]) => {
      // The low end first: the log only grows meanwhile.
      const low = await listAt(cluster, leader, topic, led, EARLIEST);
      const high = await listAt(cluster, leader, topic, led, LATEST);
      return led.map((partition) => ({ partition, low: low.get(partition) ?? 0n, high: high.get(partition) ?? 0n }));
    }),
  );
  return offsets.flat().sort((a, b) => a.partition - b.partition);
}

async function listAt(
  cluster: KafkaCluster,
  leader: number,
  topic: string,
  partitions: readonly number[],
  timestamp: number,
): Promise<Map<number, bigint>> {
  const { responses } = await cluster.call<ListOffsetsResponse>(leader, 'ListOffsets', {
    isolationLevel: READ_UNCOMMITTED,
    topics: [{ topic, partitions: partitions.map((partition) => ({ partition, timestamp })) }],
  });
  return new Map(
    responses.flatMap((response) =>
      response.partitions.map(({ partition, offset }) => [partition, BigInt(offset)] as const),
    ),
  );
}
