import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { UsageError } from '../platform/errors.ts';
import { defineKafka } from './kafka/kafka-server.ts';
import { defineNeo4j } from './neo4j/neo4j-server.ts';
import { defineRegistry, registryUrl } from './registry/registry-server.ts';
import { findFreePorts } from './server/find-free-ports.ts';
import { ManagedServer } from './server/managed-server.ts';

export type Service = 'kafka' | 'registry' | 'neo4j';

export interface StackOptions {
  /** Default all three. */
  services?: readonly Service[];
  /** How many Neo4j servers. Default 1. */
  neo4j?: number;
  /** Where the servers keep configuration, data and logs. Default a temporary folder that goes with the stack. */
  dataDir?: string;
  /** Default: free ports. */
  ports?: { kafka?: number; kafkaController?: number; registry?: number; neo4j?: readonly number[]; neo4jHttp?: readonly number[] };
  /** Neo4j's browser and HTTP API. Default false. */
  neo4jHttp?: boolean;
  /** At least 8 characters. Default: a generated one, which a data folder keeps. */
  neo4jPassword?: string;
  /** Megabytes. Defaults 512, 256, 1024 and 256. */
  memory?: { kafka?: number; registry?: number; neo4jHeap?: number; neo4jPageCache?: number };
  /** Told what is going on, a line at a time. Default nobody. */
  log?: (line: string) => void;
}

export type KafkaHandle = ManagedServer & { readonly bootstrapServers: string };
export type RegistryHandle = ManagedServer & { readonly url: string };
export type Neo4jHandle = ManagedServer & {
  readonly uri: string;
  readonly user: string;
  readonly password: string;
  readonly httpUrl?: string;
};

export interface Stack {
  /** Throws UsageError when the stack was started without it; so does `registry`. */
  readonly kafka: KafkaHandle;
  readonly registry: RegistryHandle;
  readonly neo4j: readonly Neo4jHandle[];
  readonly dataDir: string;
  /** Ends all servers; throws the data away unless `dataDir` was given. */
  stop(): Promise<void>;
}

const DEFAULT_MEMORY = { kafka: 512, registry: 256, neo4jHeap: 1024, neo4jPageCache: 256 };
const SHORTEST_PASSWORD = 8;

/**
 * Starts Kafka, the schema registry and Neo4j on 127.0.0.1, without a container engine, and resolves when all of them
 * answer. The first call on a machine installs them (about 300 MB, into the user's cache). They end with this process,
 * however it ends. Throws InfrastructureError CS_STACK, with the end of the log of the server that did not start.
 */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const services = new Set<Service>(options.services ?? ['kafka', 'registry', 'neo4j']);
  const neo4jCount = services.has('neo4j') ? (options.neo4j ?? 1) : 0;
  const throwaway = options.dataDir === undefined;
  const dataDir = path.resolve(options.dataDir ?? (await mkdtemp(path.join(os.tmpdir(), 'cartography-stream-stack-'))));
  await mkdir(dataDir, { recursive: true });
  const memory = { ...DEFAULT_MEMORY, ...options.memory };
  const { log, ports = {} } = options;
  const free = await findFreePorts(3 + 2 * neo4jCount);
  const takePort = (wanted: number | undefined): number => wanted ?? (free.pop() as number);

  const kafka = services.has('kafka')
    ? withFacts(
        new ManagedServer(
          defineKafka({
            folder: path.join(dataDir, 'kafka'),
            port: takePort(ports.kafka),
            controllerPort: takePort(ports.kafkaController),
            heapMegabytes: memory.kafka,
            throwaway,
            log,
          }),
        ),
        (server) => ({ bootstrapServers: `127.0.0.1:${server.port}` }),
      )
    : undefined;
  const registry = services.has('registry')
    ? withFacts(
        new ManagedServer(
          defineRegistry({
            folder: path.join(dataDir, 'registry'),
            port: takePort(ports.registry),
            heapMegabytes: memory.registry,
            throwaway,
            log,
          }),
        ),
        (server) => ({ url: registryUrl(server.port) }),
      )
    : undefined;
  const neo4j: Neo4jHandle[] = [];
  for (let index = 0; index < neo4jCount; index++) {
    const folder = path.join(dataDir, `neo4j-${index + 1}`);
    const password = await keepPassword(folder, options.neo4jPassword);
    const httpPort = options.neo4jHttp === true ? takePort(ports.neo4jHttp?.[index]) : undefined;
    const server = new ManagedServer(
      defineNeo4j({
        number: index + 1,
        folder,
        boltPort: takePort(ports.neo4j?.[index]),
        httpPort,
        password,
        heapMegabytes: memory.neo4jHeap,
        pageCacheMegabytes: memory.neo4jPageCache,
        throwaway,
        log,
      }),
    );
    neo4j.push(
      withFacts(server, () => ({
        uri: `bolt://127.0.0.1:${server.port}`,
        user: 'neo4j',
        password,
        ...(httpPort === undefined ? {} : { httpUrl: `http://127.0.0.1:${httpPort}` }),
      })),
    );
  }

  const servers: ManagedServer[] = [kafka, registry, ...neo4j].filter((server) => server !== undefined);
  const outcomes = await Promise.allSettled(servers.map((server) => server.start()));
  const failure = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failure !== undefined) {
    await Promise.all(servers.map((server) => server.kill()));
    throw failure.reason;
  }

  return {
    get kafka() {
      return kafka ?? notStarted('kafka');
    },
    get registry() {
      return registry ?? notStarted('registry');
    },
    neo4j,
    dataDir,
    stop: async () => {
      // What is thrown away needs no orderly end.
      await Promise.all(servers.map((server) => server.stop(throwaway ? 'SIGKILL' : 'SIGTERM')));
      if (throwaway) await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function withFacts<F extends object>(server: ManagedServer, facts: (server: ManagedServer) => F): ManagedServer & F {
  return Object.assign(server, facts(server));
}

function notStarted(service: Service): never {
  throw new UsageError(`This stack was started without ${service}: add it to \`services\` of startStack.`);
}

/** A data folder's database keeps the password that it was made with, so the folder keeps it too. */
async function keepPassword(folder: string, wanted: string | undefined): Promise<string> {
  if (wanted !== undefined && wanted.length < SHORTEST_PASSWORD) {
    throw new UsageError(`Neo4j takes no password of fewer than ${SHORTEST_PASSWORD} characters.`, { setting: 'neo4jPassword' });
  }
  const file = path.join(folder, 'password');
  const kept = await readFile(file, 'utf8').catch(() => undefined);
  if (kept !== undefined && wanted !== undefined && kept !== wanted) {
    throw new UsageError(`The database in ${folder} has another password than the one given: it is in ${file}. Give that one, or none.`, {
      setting: 'neo4jPassword',
    });
  }
  if (kept !== undefined) return kept;
  const password = wanted ?? randomBytes(18).toString('base64url');
  await mkdir(folder, { recursive: true });
  await writeFile(file, password, { mode: 0o600 });
  return password;
}
