import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { InfrastructureError } from '../../platform/errors.ts';
import { findJava, type Java } from '../install/find-tools.ts';
import { installJars } from '../install/install-jars.ts';
import { runTool } from '../install/run-tool.ts';
import { shareClasses } from '../install/share-classes.ts';
import { findFreePort } from '../server/find-free-ports.ts';
import { ManagedServer, type ServerDefinition } from '../server/managed-server.ts';

export interface RegistryOptions {
  folder: string;
  port: number;
  heapMegabytes: number;
  throwaway: boolean;
  /** Java options in place of those that share classes. */
  classSharing?: readonly string[];
  /** More Java options. */
  javaOptions?: readonly string[] | undefined;
  log?: ((line: string) => void) | undefined;
}

const INSTALLATION = { name: 'apicurio-registry-2.6.13', definitionFolder: import.meta.dirname };
/** How many subjects it lists; by its own default 1,000, which a few topic prefixes fill. */
const MOST_SUBJECTS = 100_000;
const RUNNER = 'apicurio-registry-app-2.6.13.Final-runner.jar';

/** Apicurio Registry 2 on 127.0.0.1, with its schemas in a file database. */
export class RegistryServer extends ManagedServer {
  constructor(options: RegistryOptions) {
    super(defineRegistry(options));
  }

  /** The address of its Confluent-compatible API. */
  get url(): string {
    return registryUrl(this.port);
  }
}

function defineRegistry(options: RegistryOptions): ServerDefinition {
  const { folder, port, heapMegabytes, throwaway, log } = options;
  return {
    name: 'registry',
    folder,
    port,
    throwaway,
    log,
    probe: () => probeRegistry(registryUrl(port)),
    prepare: async () => {
      const java = await findJava();
      const home = await installJars({ ...INSTALLATION, finish: unpackArchives, log });
      const classSharing = options.classSharing ?? (await shareRegistryClasses(java, options));
      return {
        command: [
          java.command,
          ...classSharing,
          ...(options.javaOptions ?? []),
          '-Xms64m',
          `-Xmx${heapMegabytes}m`,
          '-XX:+UseSerialGC',
          '-XX:TieredStopAtLevel=1',
          '-Dquarkus.http.host=127.0.0.1',
          `-Dquarkus.http.port=${port}`,
          `-Dregistry.ccompat.max-subjects=${MOST_SUBJECTS}`,
          `-Dquarkus.datasource.jdbc.url=jdbc:h2:file:${path.join(folder, 'schemas')}`,
          '-jar',
          path.join(home, RUNNER),
        ],
      };
    },
  };
}

function shareRegistryClasses(java: Java, options: RegistryOptions): Promise<string[]> {
  return shareClasses({
    ...INSTALLATION,
    java,
    log: options.log,
    makeServer: async (javaOption, folder) =>
      new RegistryServer({
        ...options,
        folder,
        port: await findFreePort(),
        throwaway: true,
        log: undefined,
        classSharing: [javaOption],
      }),
  });
}

/** Resolves when the registry at this address lists its subjects; rejects otherwise. */
export async function probeRegistry(url: string): Promise<void> {
  const response = await fetch(`${url}/subjects`, { signal: AbortSignal.timeout(5_000) });
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  await response.body?.cancel();
}

function registryUrl(port: number): string {
  return `http://127.0.0.1:${port}/apis/ccompat/v7`;
}

async function unpackArchives(folder: string): Promise<void> {
  for (const archive of await readdir(folder)) {
    const result = await runTool('tar', ['-xzf', archive], { cwd: folder });
    if (result.exitCode !== 0)
      throw new InfrastructureError('CS_STACK', `${archive} could not be unpacked:\n${result.output.trim()}`);
    await rm(path.join(folder, archive));
  }
}
