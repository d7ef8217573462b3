import path from 'node:path';
import { InfrastructureError } from '../../platform/errors.ts';
import { defaultDataDir } from '../data-dir.ts';
import { runTool } from '../install/run-tool.ts';
import { keepPassword } from '../neo4j/keep-password.ts';

export interface DockerStackOptions {
  /** Default: a generated one, which is kept in the user's data folder. */
  neo4jPassword?: string;
  /** Where the password is kept. Default beside the data of `stack up`. */
  dataDir?: string;
  /** Default the project's docker-compose.yml. */
  composeFile?: string;
  log?: (line: string) => void;
}

/** The addresses of startStack's Stack. */
export interface DockerStack {
  kafka: { bootstrapServers: string };
  registry: { url: string };
  neo4j: [{ uri: string; user: string; password: string; httpUrl: string }];
  /** Removes the containers; the data stays in its volumes. */
  stop(): Promise<void>;
}

const COMPOSE_FILE = path.join(import.meta.dirname, '..', '..', 'docker-compose.yml');
const SERVICES = ['kafka', 'registry', 'neo4j'];

/**
 * Starts the stack in containers and resolves when all of it is healthy. The containers go on when this process ends.
 * Throws InfrastructureError CS_STACK, in one line when there is no container engine.
 */
export async function startDockerStack(options: DockerStackOptions = {}): Promise<DockerStack> {
  await requireEngine();
  const folder = path.resolve(options.dataDir ?? path.join(defaultDataDir(), 'docker'));
  const password = await keepPassword(folder, options.neo4jPassword);
  const compose = ['compose', '-p', 'cartography-stream', '-f', options.composeFile ?? COMPOSE_FILE];
  const environment = { NEO4J_PASSWORD: password };
  options.log?.('starting the containers (the first time their images are fetched)');
  await runDocker([...compose, 'up', '--detach', '--wait', ...SERVICES], environment);
  return {
    kafka: { bootstrapServers: '127.0.0.1:9092' },
    registry: { url: 'http://127.0.0.1:8081/apis/ccompat/v7' },
    neo4j: [{ uri: 'bolt://127.0.0.1:7687', user: 'neo4j', password, httpUrl: 'http://127.0.0.1:7474' }],
    stop: () => runDocker([...compose, 'down'], environment),
  };
}

async function requireEngine(): Promise<void> {
  const plugin = await runTool('docker', ['compose', 'version', '--short']);
  if (plugin.exitCode === -1) throw noEngine('`docker` was not found');
  if (plugin.exitCode !== 0) throw noEngine('`docker compose` does not work here');
  const engine = await runTool('docker', ['info', '--format', '{{.ServerVersion}}']);
  if (engine.exitCode !== 0) throw noEngine(`\`docker info\` says: ${engine.output.trim().split('\n').at(-1) ?? ''}`);
}

function noEngine(found: string): InfrastructureError {
  return new InfrastructureError(
    'CS_STACK',
    `--docker needs a running Docker engine with the compose plugin, but ${found}. Start one, or leave --docker out: the stack runs without containers too.`,
    { setting: '--docker' },
  );
}

async function runDocker(parameters: readonly string[], environment: Record<string, string>): Promise<void> {
  const result = await runTool('docker', parameters, { environment });
  if (result.exitCode === 0) return;
  const tail = result.output.trim().split('\n').slice(-20).join('\n');
  throw new InfrastructureError('CS_STACK', `docker ${parameters.join(' ')} failed:\n${tail}`);
}
