import { pino, type Logger } from 'pino';
import { KafkaAdmin } from './kafka-admin.ts';
import { KafkaCluster } from './kafka-cluster.ts';
import { resolveKafkaConfig, type KafkaConfig } from './kafka-config.ts';
import { KafkaConsumer } from './kafka-consumer.ts';
import { KafkaProducer } from './kafka-producer.ts';
import type { Log, ProducerOptions } from './log.ts';
import { repairRequestQueue } from './request-queue-repair.ts';

/**
 * The way to Kafka. Connects when a producer, a consumer or an admin is asked for, each with connections of its own.
 * @throws UsageError for a server address that cannot be read; the methods throw InfrastructureError.
 */
export function connectLog(config: KafkaConfig, logger: Logger = pino({ enabled: false })): Log {
  const settings = resolveKafkaConfig(config);
  repairRequestQueue();
  const connect = async (options: ProducerOptions = {}): Promise<KafkaCluster> => {
    const cluster = new KafkaCluster({ ...settings, ...options }, logger);
    try {
      await cluster.connect();
      return cluster;
    } catch (error) {
      cluster.close();
      throw error;
    }
  };
  return {
    producer: async (options) => new KafkaProducer(await connect(options), logger),
    admin: async () => new KafkaAdmin(await connect(), logger),
    consumer: (options) => new KafkaConsumer(new KafkaCluster(settings, logger), options, logger),
  };
}
