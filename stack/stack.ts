import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { InfrastructureError, UsageError } from '../platform/errors.ts';
import { lockDataDir } from './data-dir.ts';
import { brokerName, type KafkaOptions, KafkaServer, makeClusterId } from './kafka/kafka-server.ts';
import { keepPassword } from './neo4j/keep-password.ts';
import { Neo4jServer } from './neo4j/neo4j-server.ts';
import { RegistryServer } from './registry/registry-server.ts';
import { findFreePorts } from './server/find-free-ports.ts';

export type Service = 'kafka' | 'registry' | 'neo4j';

export interface StackPorts {
  kafka?: number;
  kafkaController?: number;
  registry?: number;
  /** Of the first, the second, ... Neo4j server. */
  neo4j?: readonly number[];
  neo4jHttp?: readonly number[];
}

export interface StackOptions {
  /** Default all three. */
  services?: readonly Service[];
  /** How many brokers, in one cluster; internal topics have up to three replicas. Default 1. */
  kafkaBrokers?: number;
  /** Where the first broker sends its clients, e.g. the port of a proxy. Default its own. */
  kafkaAdvertisedPort?: number;
  /** More of each broker: further listeners (of one broker only: their ports are fixed), settings, users. */
  kafkaSecurity?: Pick<KafkaOptions, 'listeners' | 'settings' | 'scramUsers'>;
  /** How many Neo4j servers. Default 1. */
  neo4j?: number;
  /** More of Neo4j's configuration, by the settings' names. */
  neo4jSettings?: Readonly<Record<string, string>>;
  /** Where the servers keep configuration, data and logs. Default a temporary folder that goes with the stack. */
  dataDir?: string;
  /** Default: free ones. */
  ports?: StackPorts;
  /** Neo4j's browser and HTTP API. Default false. */
  neo4jHttp?: boolean;
  /** At least 8 characters. Default: a generated one, which a data folder keeps. */
  neo4jPassword?: string;
  /** Megabytes. Defaults 512, 256, 1024 and 256. */
  memory?: { kafka?: number; registry?: number; neo4jHeap?: number; neo4jPageCache?: number };
  /**
   * More options for each server's Java. With `-XX:TieredStopAtLevel=1` they start with a third less work, and are slower
   * under load: for tests that start many.
   */
  javaOptions?: readonly string[];
  /** Told what is going on, a line at a time. Default nobody. */
  log?: (line: string) => void;
}

export interface Stack {
  /** The first broker. Throws UsageError when the stack was started without it; so does `registry`. */
  readonly kafka: KafkaServer;
  readonly kafkaBrokers: readonly KafkaServer[];
  readonly registry: RegistryServer;
  readonly neo4j: readonly Neo4jServer[];
  readonly dataDir: string;
  /** Ends all servers; throws the data away unless `dataDir` was given. */
  stop(): Promise<void>;
}

const DEFAULT_MEMORY = { kafka: 512, registry: 256, neo4jHeap: 1024, neo4jPageCache: 256 };

/**
 * Starts Kafka, the schema registry and Neo4j on 127.0.0.1, without a container engine, and resolves when all of them
 * answer. The first call on a machine installs them (about 300 MB, into the user's cache). They end with this process,
 * however it ends. Throws InfrastructureError CS_STACK, with the end of the log of the server that did not start.
 */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const throwaway = options.dataDir === undefined;
  const dataDir = path.resolve(options.dataDir ?? (await mkdtemp(path.join(os.tmpdir(), 'cartography-stream-stack-'))));
  await mkdir(dataDir, { recursive: true });
  const lock = throwaway ? undefined : await lockDataDir(dataDir);
  try {
    const { kafkaBrokers, registry, neo4j } = await makeServers(options, dataDir, throwaway);
    const servers = [...kafkaBrokers, registry, ...neo4j].filter((server) => server !== undefined);
    const outcomes = await Promise.allSettled(servers.map((server) => server.start()));
    const failure = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failure !== undefined) {
      await Promise.all(servers.map((server) => server.kill()));
      throw failure.reason;
    }
    return {
      get kafka() {
        return kafkaBrokers[0] ?? notStarted('kafka');
      },
      kafkaBrokers,
      get registry() {
        return registry ?? notStarted('registry');
      },
      neo4j,
      dataDir,
      stop: async () => {
        // What is thrown away needs no orderly end.
        await Promise.all(servers.map((server) => server.stop(throwaway ? 'SIGKILL' : 'SIGTERM')));
        lock?.release();
        if (throwaway) await rm(dataDir, { recursive: true, force: true });
      },
    };
  } catch (error) {
    lock?.release();
    // After a failed start the logs are still needed.
    if (throwaway && !(error instanceof InfrastructureError)) await rm(dataDir, { recursive: true, force: true });
    throw error;
  }
}

async function makeServers(options: StackOptions, dataDir: string, throwaway: boolean) {
  const { log, javaOptions, ports = {} } = options;
  const services = new Set<Service>(options.services ?? ['kafka', 'registry', 'neo4j']);
  const memory = { ...DEFAULT_MEMORY, ...options.memory };
  const neo4jCount = services.has('neo4j') ? (options.neo4j ?? 1) : 0;
  const brokerCount = services.has('kafka') ? (options.kafkaBrokers ?? 1) : 0;
  const free = await findFreePorts(1 + 2 * brokerCount + 2 * neo4jCount);
  const choosePort = (wanted: number | undefined): number => wanted ?? (free.pop() as number);

  const controllerPorts = Array.from({ length: brokerCount }, (_, index) =>
    choosePort(index === 0 ? ports.kafkaController : undefined),
  );
  const clusterId = makeClusterId();
  const kafkaBrokers = controllerPorts.map(
    (controllerPort, index) =>
      new KafkaServer({
        folder: path.join(dataDir, brokerName(index + 1)),
        port: choosePort(index === 0 ? ports.kafka : undefined),
        controllerPort,
        advertisedPort: index === 0 ? options.kafkaAdvertisedPort : undefined,
        ...options.kafkaSecurity,
        cluster: brokerCount === 1 ? undefined : { clusterId, nodeId: index + 1, controllerPorts },
        heapMegabytes: memory.kafka,
        throwaway,
        javaOptions,
        log,
      }),
  );
  const registry = services.has('registry')
    ? new RegistryServer({
        folder: path.join(dataDir, 'registry'),
        port: choosePort(ports.registry),
        heapMegabytes: memory.registry,
        throwaway,
        javaOptions,
        log,
      })
    : undefined;
  const neo4j: Neo4jServer[] = [];
  for (let index = 0; index < neo4jCount; index++) {
    const folder = path.join(dataDir, `neo4j-${index + 1}`);
    neo4j.push(
      new Neo4jServer({
        number: index + 1,
        folder,
        boltPort: choosePort(ports.neo4j?.[index]),
        httpPort: options.neo4jHttp === true ? choosePort(ports.neo4jHttp?.[index]) : undefined,
        password: await keepPassword(folder, options.neo4jPassword),
        heapMegabytes: memory.neo4jHeap,
        pageCacheMegabytes: memory.neo4jPageCache,
        settings: options.neo4jSettings,
        throwaway,
        javaOptions,
        log,
      }),
    );
  }
  return { kafkaBrokers, registry, neo4j };
}

function notStarted(service: Service): never {
  throw new UsageError(`This stack was started without ${service}: add it to \`services\` of startStack.`);
}
