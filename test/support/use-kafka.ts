import { after } from 'node:test';
import { connectLog } from '../../platform/kafka/connect-log.ts';
import { parseAddress, type Address, type KafkaConfig } from '../../platform/kafka/kafka-config.ts';
import type { Log } from '../../platform/kafka/log.ts';

export interface TestKafka {
  readonly bootstrapServers: string[];
  /** Of the first server. */
  readonly address: Address;
  /** A log with short time limits, for these tests. */
  connect(config?: Partial<KafkaConfig>): Log;
  /** Creates a topic of a name that was not there before, and resolves with the name. */
  createTopic(options?: { partitions?: number; config?: Record<string, string> }): Promise<string>;
}

/** Gives the tests of this file the broker named in TEST_KAFKA (host:port, with commas), or one of their own. */
export async function useKafka(): Promise<TestKafka> {
  const bootstrapServers = process.env['TEST_KAFKA']?.split(',') ?? (await startOwn());
  const connect = (config: Partial<KafkaConfig> = {}): Log =>
    connectLog({ bootstrapServers, clientId: 'test', heartbeatIntervalMs: 200, ...config });
  const admin = await connect().admin();
  after(() => admin.close());
  let topics = 0;
  return {
    bootstrapServers,
    address: parseAddress(bootstrapServers[0]!),
    connect,
    createTopic: async ({ partitions = 1, config = {} } = {}) => {
      const name = `test-${process.pid}-${Date.now()}-${topics++}`;
      await admin.ensureTopics([{ name, partitions, replicationFactor: 1, config }]);
      return name;
    },
  };
}

async function startOwn(): Promise<string[]> {
  const { startStack } = await import('../../stack/stack.ts');
  const stack = await startStack({ services: ['kafka'] });
  after(() => stack.stop());
  return [stack.kafka.bootstrapServers];
}
