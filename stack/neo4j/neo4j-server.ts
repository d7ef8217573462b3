import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { findJava, type Java } from '../install/find-tools.ts';
import { installJars } from '../install/install-jars.ts';
import { shareClasses } from '../install/share-classes.ts';
import { findFreePort } from '../server/find-free-ports.ts';
import { ManagedServer, type ServerDefinition } from '../server/managed-server.ts';
import { probeNeo4j } from './probe-neo4j.ts';

export interface Neo4jOptions {
  /** 1 for the first one. */
  number: number;
  folder: string;
  boltPort: number;
  /** The browser and HTTP API; off when left out. */
  httpPort?: number | undefined;
  password: string;
  heapMegabytes: number;
  pageCacheMegabytes: number;
  /** More of its configuration, by the settings' names. */
  settings?: Readonly<Record<string, string>> | undefined;
  throwaway: boolean;
  /** Java options in place of those that share classes. */
  classSharing?: readonly string[];
  /** More Java options. */
  javaOptions?: readonly string[] | undefined;
  log?: ((line: string) => void) | undefined;
}

const INSTALLATION = { name: 'neo4j-community-5.26.30', definitionFolder: import.meta.dirname };
/** Where Neo4j's jars are; installs them first where they are missing. */
export function installNeo4j(log?: (line: string) => void): Promise<string> {
  return installJars({ ...INSTALLATION, log });
}

const FOLDERS = ['conf', 'data', 'logs', 'run', 'import', 'plugins', 'lib', 'licenses', 'certificates'];

// https://neo4j.com/docs/operations-manual/5/performance/ : what the `neo4j` start script passes to Java 17.
export const JAVA_OPTIONS = [
  '-XX:+UseG1GC',
  '-XX:-OmitStackTraceInFastThrow',
  '-XX:+DisableExplicitGC',
  '-Dio.netty.tryReflectionSetAccessible=true',
  '--add-opens=java.base/java.nio=ALL-UNNAMED',
  '--add-opens=java.base/java.io=ALL-UNNAMED',
  '--add-opens=java.base/sun.nio.ch=ALL-UNNAMED',
  '--add-opens=java.base/java.util.concurrent=ALL-UNNAMED',
  '-Dlog4j2.disable.jmx=true',
  '-Dfile.encoding=UTF-8',
];

/** Neo4j Community 5.26 on 127.0.0.1, with authentication. */
export class Neo4jServer extends ManagedServer {
  readonly user = 'neo4j';
  readonly password: string;
  /** Where the browser and the HTTP API are, if they were asked for. */
  readonly httpUrl: string | undefined;

  constructor(options: Neo4jOptions) {
    super(defineNeo4j(options));
    this.password = options.password;
    this.httpUrl = options.httpPort === undefined ? undefined : `http://127.0.0.1:${options.httpPort}`;
  }

  get uri(): string {
    return boltUri(this.port);
  }
}

function boltUri(port: number): string {
  return `bolt://127.0.0.1:${port}`;
}

function defineNeo4j(options: Neo4jOptions): ServerDefinition {
  const { folder, boltPort, throwaway, log } = options;
  return {
    name: `neo4j-${options.number}`,
    folder,
    port: boltPort,
    throwaway,
    log,
    probe: () => probeNeo4j(boltUri(boltPort), options.password),
    prepare: async () => {
      const java = await findJava();
      const jars = await installNeo4j(log);
      const classSharing = options.classSharing ?? (await shareNeo4jClasses(java, options));
      const configurationFolder = path.join(folder, 'conf');
      for (const name of FOLDERS) await mkdir(path.join(folder, name), { recursive: true });
      await writeFile(path.join(configurationFolder, 'neo4j.conf'), databaseConfiguration(options));
      return {
        command: [
          java.command,
          ...classSharing,
          ...(options.javaOptions ?? []),
          '-Xms256m',
          `-Xmx${options.heapMegabytes}m`,
          ...JAVA_OPTIONS,
          '-cp',
          path.join(jars, '*'),
          'org.neo4j.server.CommunityEntryPoint',
          `--home-dir=${folder}`,
          `--config-dir=${configurationFolder}`,
          '--console-mode',
        ],
      };
    },
  };
}

function shareNeo4jClasses(java: Java, options: Neo4jOptions): Promise<string[]> {
  return shareClasses({
    ...INSTALLATION,
    java,
    log: options.log,
    makeServer: async (javaOption, folder) =>
      new Neo4jServer({
        ...options,
        folder,
        boltPort: await findFreePort(),
        httpPort: undefined,
        settings: undefined,
        throwaway: true,
        log: undefined,
        classSharing: [javaOption],
      }),
  });
}

/** The server's configuration file (https://neo4j.com/docs/operations-manual/5/configuration/configuration-settings/). */
export function databaseConfiguration(
  options: Pick<Neo4jOptions, 'boltPort' | 'httpPort' | 'pageCacheMegabytes' | 'settings'>,
): string {
  const { boltPort, httpPort, pageCacheMegabytes } = options;
  const settings: Record<string, string | number | boolean> = {
    'server.directories.data': 'data',
    'server.directories.logs': 'logs',
    'server.directories.run': 'run',
    'server.directories.import': 'import',
    'server.directories.plugins': 'plugins',
    'server.directories.lib': 'lib',
    'server.default_listen_address': '127.0.0.1',
    'server.bolt.enabled': true,
    'server.bolt.listen_address': `127.0.0.1:${boltPort}`,
    'server.http.enabled': httpPort !== undefined,
    ...(httpPort === undefined ? {} : { 'server.http.listen_address': `127.0.0.1:${httpPort}` }),
    'server.https.enabled': false,
    'dbms.security.auth_enabled': true,
    'server.memory.pagecache.size': `${pageCacheMegabytes}m`,
    'dbms.usage_report.enabled': false,
    // A stop waits ten seconds for it otherwise. Not a documented setting: Neo4j 5.26's own default is 5.
    'internal.dbms.bolt.netty_server_shutdown_quiet_period': 0,
    // Half a gigabyte of empty log files otherwise, for each server of each test.
    'db.tx_log.preallocate': false,
    'db.tx_log.rotation.size': '64m',
    'db.tx_log.rotation.retention_policy': 'keep_none',
    ...options.settings,
  };
  return Object.entries(settings)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
}
