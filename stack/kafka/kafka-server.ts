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
  heapMegabytes: number;
  throwaway: boolean;
  /** Java options in place of those that share classes. */
  classSharing?: readonly string[];
  /** More Java options. */
  javaOptions?: readonly string[] | undefined;
  log?: ((line: string) => void) | undefined;
}

const INSTALLATION = { name: 'kafka-4.3.1', definitionFolder: import.meta.dirname };
const LARGEST_MESSAGE_BYTES = 16 * 1024 * 1024;

/** One Kafka 4 broker that is its own controller, on 127.0.0.1 without encryption. */
export class KafkaServer extends ManagedServer {
  constructor(options: KafkaOptions) {
    super(defineKafka(options));
  }

  get bootstrapServers(): string {
    return `127.0.0.1:${this.port}`;
  }
}

function defineKafka(options: KafkaOptions): ServerDefinition {
  const { folder, port, throwaway, log } = options;
  return {
    name: 'kafka',
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
        await format(java.command, options.classSharing === undefined ? classSharing : [], classPath, configuration);
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
        throwaway: true,
        log: undefined,
        classSharing: [javaOption],
      });
    },
  });
}

/** The broker's configuration file (https://kafka.apache.org/documentation/#brokerconfigs). */
export function brokerConfiguration({
  folder,
  port,
  controllerPort,
}: Pick<KafkaOptions, 'folder' | 'port' | 'controllerPort'>): string {
  const settings: Record<string, string | number | boolean> = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': path.join(folder, 'data'),
    'auto.create.topics.enable': false,
    'message.max.bytes': LARGEST_MESSAGE_BYTES,
    'replica.fetch.max.bytes': LARGEST_MESSAGE_BYTES,
    'group.initial.rebalance.delay.ms': 0,
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 4,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'transaction.state.log.num.partitions': 4,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    'share.coordinator.state.topic.num.partitions': 1,
  };
  return Object.entries(settings)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
}

async function format(
  java: string,
  classSharing: readonly string[],
  classPath: string,
  configuration: string,
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
    makeClusterId(),
    '-c',
    configuration,
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
