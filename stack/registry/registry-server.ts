import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { InfrastructureError } from '../../platform/errors.ts';
import { findJava } from '../install/find-tools.ts';
import { installJars } from '../install/install-jars.ts';
import { runTool } from '../install/run-tool.ts';
import { ManagedServer, type ServerDefinition } from '../server/managed-server.ts';

export interface RegistryOptions {
  folder: string;
  port: number;
  heapMegabytes: number;
  throwaway: boolean;
  log?: ((line: string) => void) | undefined;
}

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

function defineRegistry({ folder, port, heapMegabytes, throwaway, log }: RegistryOptions): ServerDefinition {
  return {
    name: 'registry',
    folder,
    port,
    throwaway,
    log,
    probe: () => probeRegistry(registryUrl(port)),
    prepare: async () => {
      const java = await findJava();
      const home = await installJars({
        name: 'apicurio-registry-2.6.13',
        definitionFolder: import.meta.dirname,
        finish: unpackArchives,
        log,
      });
      return {
        command: [
          java,
          '-Xms64m',
          `-Xmx${heapMegabytes}m`,
          '-XX:+UseSerialGC',
          '-XX:TieredStopAtLevel=1',
          '-Dquarkus.http.host=127.0.0.1',
          `-Dquarkus.http.port=${port}`,
          `-Dquarkus.datasource.jdbc.url=jdbc:h2:file:${path.join(folder, 'schemas')}`,
          '-jar',
          path.join(home, RUNNER),
        ],
      };
    },
  };
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
