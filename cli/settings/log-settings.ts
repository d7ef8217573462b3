import type { Command } from 'commander';

import { UsageError } from '../../platform/errors.ts';
import type { KafkaConfig } from '../../platform/kafka/kafka-config.ts';
import { parseAddress } from '../../platform/kafka/kafka-config.ts';
import type { Secret } from '../../platform/secrets/secret.ts';
import type { TopicSettings } from '../../platform/topics.ts';
import { defaultTopicPrefix } from '../../platform/topics.ts';
import type { RegistryConfig } from '../../schemas/registry-request.ts';
import { addKafkaSecurityOptions, type KafkaSecurityOptions, readKafkaSecurity } from './kafka-security-settings.ts';
import { addRegistryOptions, readRegistry, type RegistryOptions, registryVariable } from './registry-settings.ts';
import { given, readInteger, readList, readName } from './values.ts';

export interface LogOptions extends KafkaSecurityOptions, RegistryOptions {
  kafkaBootstrapServers?: string;
  topicPrefix?: string;
  partitions?: string;
  replicationFactor?: string;
}

export interface LogServers {
  kafka: KafkaConfig;
  registry: RegistryConfig;
  /** What is to be there before either is asked. */
  secrets?: readonly Secret[];
}

/** Where the log is. */
export interface LogSettings {
  /** Undefined: the local stack's. */
  servers: LogServers | undefined;
  topicPrefix: string;
  /** For topics that do not exist yet. */
  topics: TopicSettings;
}

const serversVariable = 'CARTOGRAPHY_KAFKA_BOOTSTRAP_SERVERS';

export function addLogOptions(command: Command): Command {
  command
    .optionsGroup('Kafka:')
    .option(
      '--kafka-bootstrap-servers <list>',
      `host:port, separated by commas [env: ${serversVariable}; default: the local stack's]`,
    )
    .option('--topic-prefix <prefix>', `of the topics' names [default: ${defaultTopicPrefix}]`)
    .option('--partitions <number>', 'of the assets topic, when it is created [default: 12]')
    .option('--replication-factor <number>', 'of topics that are created [default: 1]');
  return addRegistryOptions(addKafkaSecurityOptions(command));
}

/** @throws UsageError */
export function readLogSettings(options: LogOptions, environment: NodeJS.ProcessEnv): LogSettings {
  const prefix = given('--topic-prefix', options.topicPrefix);
  const partitions = given('--partitions', options.partitions);
  const replicationFactor = given('--replication-factor', options.replicationFactor);
  const topicPrefix = prefix === undefined ? defaultTopicPrefix : readName(prefix);
  return {
    servers: readServers(options, environment),
    topicPrefix,
    topics: {
      prefix: topicPrefix,
      ...(partitions === undefined ? {} : { partitions: readInteger(partitions, { min: 1, max: 10_000 }) }),
      ...(replicationFactor === undefined
        ? {}
        : { replicationFactor: readInteger(replicationFactor, { min: 1, max: 100 }) }),
    },
  };
}

function readServers(options: LogOptions, environment: NodeJS.ProcessEnv): LogSettings['servers'] {
  const servers = given('--kafka-bootstrap-servers', options.kafkaBootstrapServers, environment, serversVariable);
  const registry = given('--schema-registry-url', options.schemaRegistryUrl, environment, registryVariable);
  if (servers === undefined && registry === undefined) {
    if (options.kafkaSecurityProtocol !== undefined || options.kafkaSaslMechanism !== undefined) {
      throw missing('--kafka-bootstrap-servers', serversVariable, 'a way to log in is given, but no Kafka');
    }
    return undefined;
  }
  if (servers === undefined) {
    throw missing('--kafka-bootstrap-servers', serversVariable, 'a schema registry is named, but no Kafka');
  }
  if (registry === undefined) {
    throw missing('--schema-registry-url', registryVariable, 'Kafka is named, but no schema registry');
  }
  const bootstrapServers = readList(servers);
  bootstrapServers.forEach(parseAddress);
  const security = readKafkaSecurity(options, environment, bootstrapServers);
  const { config, secrets } = readRegistry(registry, options, environment);
  return {
    kafka: { bootstrapServers, clientId: 'cartography-stream', ...security.config },
    registry: config,
    secrets: [...security.secrets, ...secrets],
  };
}

function missing(setting: string, variable: string, found: string): UsageError {
  return new UsageError(`${found}: set ${setting} or ${variable}, or leave both out to use the local stack's.`, {
    setting,
  });
}
