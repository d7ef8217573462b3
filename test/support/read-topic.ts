import { readLog } from '../../platform/kafka/read-log.ts';
import type { TestKafka } from './use-kafka.ts';

export interface TopicMessage {
  partition: number;
  offset: bigint;
  key: string;
  /** As text. */
  value: string;
  bytes: Buffer | null;
  headers: Record<string, string>;
}

/** Everything that is in a topic now, by partition and offset. */
export async function readTopic(kafka: TestKafka, topic: string): Promise<TopicMessage[]> {
  return (await readLog(kafka.connect(), topic)).map(({ partition, offset, key, value, headers }) => ({
    partition,
    offset,
    key: String(key),
    value: String(value ?? ''),
    bytes: value,
    headers,
  }));
}
