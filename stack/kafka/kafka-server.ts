import { randomBytes } from 'node:crypto';
import { stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { InfrastructureError } from '../../platform/errors.ts';
import { findJava, type Java } from '../install/find-tools.ts';
import { installJars } from '../install/install-jars.ts';
import { runTool } from '../install/run-tool.ts';
import { shareClasses } from '../install/share-classes.ts';
import { findFreePorts } from '../server/find-free-ports.ts';
import { ManagedServer, type ServerDefinition } from '../server/managed-server.ts';
import { probeKafka } from './probe-kafka.ts';

export interface KafkaOptions {
  folder: string;
  port: number;
  controllerPort: number;
  /** Where clients are sent to, e.g. the port of a proxy. Default `port`. */
  advertisedPort?: number | undefined;
  /** Beside the one that is neither encrypted nor asks for a login. */
  listeners?: readonly KafkaListener[] | undefined;
  /** More of the broker's configuration, by the settings' names. */
  settings?: Readonly<Record<string, string>> | undefined;
  /** SCRAM users that are there from the first start: user name to password. */
  scramUsers?: Readonly<Record<string, string>> | undefined;
  /** When it is one of several brokers. Default: alone. */
  cluster?: ClusterMember | undefined;
  heapMegabytes: number;
  throwaway: boolean;
  /** Java options in place of those that share classes. */
  classSharing?: readonly string[];
  /** More Java options. */
  javaOptions?: readonly string[] | undefined;
  log?: ((line: string) => void) | undefined;
}

/** A further port of a broker, on 127.0.0.1 (https://kafka.apache.org/documentation/#listener_configuration). */
export interface KafkaListener {
  /** In capitals. */
  name: string;
  securityProtocol: 'PLAINTEXT' | 'SSL' | 'SASL_PLAINTEXT' | 'SASL_SSL';
  port: number;
  /** Where clients are sent to. Default 127.0.0.1. */
  advertisedHost?: string;
  /** Of this listener alone, e.g. `ssl.keystore.location`. */
  settings?: Readonly<Record<string, string>>;
}

/** One broker's place in a cluster; all brokers are controllers too. */
export interface ClusterMember {
  clusterId: string;
  /** From 1. */
  nodeId: number;
  /** Of all brokers, by node id. */
  controllerPorts: readonly number[];
}

const INSTALLATION = { name: 'kafka-4.3.1', definitionFolder: import.meta.dirname };
const LARGEST_MESSAGE_BYTES = 16 * 1024 * 1024;

/** One Kafka 4 broker that is a controller too, on 127.0.0.1 without encryption. */
export class KafkaServer extends ManagedServer {
  constructor(options: KafkaOptions) {
    super(defineKafka(options));
  }

  get bootstrapServers(): string {
    return `127.0.0.1:${this.port}`;
  }
}

function defineKafka(options: KafkaOptions): ServerDefinition {
  const { folder, port, throwaway, log, cluster } = options;
  return {
    name: brokerName(cluster?.nodeId),
    folder,
    port,
    throwaway,
    log,
    probe: () => probeKafka(port),
    prepare: async () => {
      const java = await findJava();
      const jars = await installJars({ ...INSTALLATION, log });
      const classSharing = options.classSharing ?? (await shareKafkaClasses(java, options));
      const classPath = path.join(jars, '*');
      const configuration = path.join(folder, 'server.properties');
      await writeFile(configuration, brokerConfiguration(options));
      if (!(await exists(path.join(folder, 'data', 'meta.properties')))) {
        // An archive that is being written is the broker's own.
        await format(
          java.command,
          options.classSharing === undefined ? classSharing : [],
          classPath,
          configuration,
          cluster?.clusterId ?? makeClusterId(),
          options.scramUsers,
        );
      }
      return {
        command: [
          java.command,
          ...classSharing,
          ...(options.javaOptions ?? []),
          '-Xms128m',
          `-Xmx${options.heapMegabytes}m`,
          '-XX:+UseSerialGC',
          '-cp',
          classPath,
          'kafka.Kafka',
          configuration,
        ],
      };
    },
  };
}

function shareKafkaClasses(java: Java, options: KafkaOptions): Promise<string[]> {
  return shareClasses({
    ...INSTALLATION,
    java,
    log: options.log,
    makeServer: async (javaOption, folder) => {
      const [port = 0, controllerPort = 0] = await findFreePorts(2);
      return new KafkaServer({
        ...options,
        folder,
        port,
        controllerPort,
        advertisedPort: undefined,
        cluster: undefined,
        listeners: undefined,
        settings: undefined,
        throwaway: true,
        log: undefined,
        classSharing: [javaOption],
      });
    },
  });
}

/** Of its folder and in messages: `kafka`, `kafka-2`, ... */
export function brokerName(nodeId = 1): string {
  return nodeId === 1 ? 'kafka' : `kafka-${nodeId}`;
}

/** The broker's configuration file (https://kafka.apache.org/documentation/#brokerconfigs). */
export function brokerConfiguration({
  folder,
  port,
  controllerPort,
  advertisedPort = port,
  cluster,
  listeners = [],
  settings: more,
}: Pick<
  KafkaOptions,
  'folder' | 'port' | 'controllerPort' | 'advertisedPort' | 'cluster' | 'listeners' | 'settings'
>): string {
  const { nodeId, controllerPorts } = cluster ?? { nodeId: 1, controllerPorts: [controllerPort] };
  const replicas = Math.min(3, controllerPorts.length);
  const leastInSync = Math.max(1, replicas - 1);
  const settings: Record<string, string | number | boolean> = {
    'process.roles': 'broker,controller',
    'node.id': nodeId,
    'controller.quorum.voters': controllerPorts.map((one, index) => `${index + 1}@127.0.0.1:${one}`).join(','),
    listeners: [
      `PLAINTEXT://127.0.0.1:${port}`,
      `CONTROLLER://127.0.0.1:${controllerPort}`,
      ...listeners.map((one) => `${one.name}://127.0.0.1:${one.port}`),
    ].join(','),
    'advertised.listeners': [
      `PLAINTEXT://127.0.0.1:${advertisedPort}`,
      ...listeners.map((one) => `${one.name}://${one.advertisedHost ?? '127.0.0.1'}:${one.port}`),
    ].join(','),
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': [
      'PLAINTEXT:PLAINTEXT',
      'CONTROLLER:PLAINTEXT',
      ...listeners.map(({ name, securityProtocol }) => `${name}:${securityProtocol}`),
    ].join(','),
    'log.dirs': path.join(folder, 'data'),
    'auto.create.topics.enable': false,
    'message.max.bytes': LARGEST_MESSAGE_BYTES,
    'replica.fetch.max.bytes': LARGEST_MESSAGE_BYTES,
    'group.initial.rebalance.delay.ms': 0,
    'offsets.topic.replication.factor': replicas,
    'offsets.topic.num.partitions': 4,
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': leastInSync,
    'transaction.state.log.num.partitions': 4,
    'share.coordinator.state.topic.replication.factor': replicas,
    'share.coordinator.state.topic.min.isr': leastInSync,
    'share.coordinator.state.topic.num.partitions': 1,
    ...more,
  };
  for (const { name, settings: own = {} } of listeners)
    for (const [key, value] of Object.entries(own)) settings[`listener.name.${name.toLowerCase()}.${key}`] = value;
  return Object.entries(settings)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
}

async function format(
  java: string,
  classSharing: readonly string[],
  classPath: string,
  configuration: string,
  clusterId: string,
  scramUsers: Readonly<Record<string, string>> = {},
): Promise<void> {
  const result = await runTool(java, [
    ...classSharing,
    '-Xmx256m',
    '-XX:+UseSerialGC',
    '-XX:TieredStopAtLevel=1',
    '-cp',
    classPath,
    'kafka.tools.StorageTool',
    'format',
    '-t',
    clusterId,
    '-c',
    configuration,
    ...Object.entries(scramUsers).flatMap(([name, password]) =>
      ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((mechanism) => [
        '--add-scram',
        `${mechanism}=[name=${name},password=${password}]`,
      ]),
    ),
  ]);
  if (result.exitCode !== 0)
    throw new InfrastructureError('CS_STACK', `Kafka's data folder could not be formatted:\n${result.output.trim()}`);
}

/** As Kafka's own random ids: none begins with a dash, which a command line would take for an option. */
export function makeClusterId(random: (bytes: number) => Buffer = randomBytes): string {
  const id = random(16).toString('base64url');
  return id.startsWith('-') ? makeClusterId(random) : id;
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
