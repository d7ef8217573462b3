import type { Command } from 'commander';

import { UsageError } from '../../platform/errors.ts';
import type { KafkaConfig, SaslConfig } from '../../platform/kafka/kafka-config.ts';
import { parseAddress } from '../../platform/kafka/kafka-config.ts';
import type { TopicSettings } from '../../platform/topics.ts';
import { defaultTopicPrefix } from '../../platform/topics.ts';
import type { RegistryConfig } from '../../schemas/registry-request.ts';
import { given, readInteger, readList, readName, readOneOf, readUrl } from './values.ts';

export interface LogOptions {
  kafkaBootstrapServers?: string;
  kafkaTls?: boolean;
  kafkaSaslMechanism?: string;
  kafkaSaslUsername?: string;
  kafkaSaslPasswordEnvVar?: string;
  schemaRegistryUrl?: string;
  topicPrefix?: string;
  partitions?: string;
  replicationFactor?: string;
}

/** Where the log is. */
export interface LogSettings {
  /** Undefined: the local stack's. */
  servers: { kafka: KafkaConfig; registry: RegistryConfig } | undefined;
  topicPrefix: string;
  /** For topics that do not exist yet. */
  topics: TopicSettings;
}

const serversVariable = 'CARTOGRAPHY_KAFKA_BOOTSTRAP_SERVERS';
const registryVariable = 'CARTOGRAPHY_SCHEMA_REGISTRY_URL';

export function addLogOptions(command: Command): Command {
  return command
    .optionsGroup('Kafka:')
    .option(
      '--kafka-bootstrap-servers <list>',
      `host:port, separated by commas [env: ${serversVariable}; default: the local stack's]`,
    )
    .option('--kafka-tls', 'encrypt connections to Kafka')
    .option('--kafka-sasl-mechanism <name>', 'plain, scram-sha-256 or scram-sha-512 [default: scram-sha-512]')
    .option('--kafka-sasl-username <name>', 'log in to Kafka as this user')
    .option('--kafka-sasl-password-env-var <name>', 'the variable that holds the password')
    .option('--schema-registry-url <url>', `Confluent-compatible registry [env: ${registryVariable}]`)
    .option('--topic-prefix <prefix>', `of the topics' names [default: ${defaultTopicPrefix}]`)
    .option('--partitions <number>', 'of the assets topic, when it is created [default: 12]')
    .option('--replication-factor <number>', 'of topics that are created [default: 1]');
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
    if (options.kafkaTls === true || options.kafkaSaslUsername !== undefined) {
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
  const sasl = readSasl(options, environment);
  return {
    kafka: {
      bootstrapServers,
      clientId: 'cartography-stream',
      ...(options.kafkaTls === true ? { tls: true } : {}),
      ...(sasl === undefined ? {} : { sasl }),
    },
    registry: { url: readUrl(registry, ['http', 'https'], 'http://localhost:8081') },
  };
}

function missing(setting: string, variable: string, found: string): UsageError {
  return new UsageError(`${found}: set ${setting} or ${variable}, or leave both out to use the local stack's.`, {
    setting,
  });
}

function readSasl(options: LogOptions, environment: NodeJS.ProcessEnv): SaslConfig | undefined {
  const { kafkaSaslUsername: username, kafkaSaslPasswordEnvVar: variable } = options;
  if (username === undefined) {
    for (const [setting, value] of [
      ['--kafka-sasl-mechanism', options.kafkaSaslMechanism],
      ['--kafka-sasl-password-env-var', variable],
    ] as const) {
      if (value !== undefined) throw new UsageError(`${setting} needs --kafka-sasl-username.`, { setting });
    }
    return undefined;
  }
  const setting = '--kafka-sasl-password-env-var';
  if (variable === undefined) throw new UsageError(`--kafka-sasl-username needs ${setting}.`, { setting });
  const password = environment[variable];
  if (password === undefined) {
    throw new UsageError(`${setting} ${JSON.stringify(variable)}: there is no such variable: set it to the password.`, {
      setting,
    });
  }
  const mechanism = given('--kafka-sasl-mechanism', options.kafkaSaslMechanism);
  return {
    mechanism:
      mechanism === undefined ? 'scram-sha-512' : readOneOf(mechanism, ['plain', 'scram-sha-256', 'scram-sha-512']),
    username,
    password,
  };
}
