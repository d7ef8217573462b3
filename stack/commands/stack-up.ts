import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { InfrastructureError } from '../../platform/errors.ts';
import { defaultDataDir, lockDataDir } from '../data-dir.ts';
import { keepPassword, passwordFile } from '../neo4j/keep-password.ts';
import { readLogTail } from '../server/read-log-tail.ts';
import { startStack, type Stack, type StackPorts } from '../stack.ts';
import { readState, removeState, writeState, type StackState } from './stack-state.ts';

export interface StackUpOptions {
  /** Default `~/.local/share/cartography-stream/stack`, or below XDG_DATA_HOME. */
  dataDir?: string;
  /** Default 9092 (controller 9093), 8081, 7687 and, for Neo4j's browser, 7474. */
  ports?: StackPorts;
  /** Neo4j's browser and HTTP API. Default false. */
  neo4jHttp?: boolean;
  neo4jPassword?: string;
  /** Progress, a line at a time. */
  log?: (line: string) => void;
}

const DEFAULT_PORTS = { kafka: 9092, kafkaController: 9093, registry: 8081, neo4j: [7687], neo4jHttp: [7474] };
const POLL_MILLISECONDS = 200;

/**
 * Starts the stack on the default ports and calls `onReady` with the addresses; resolves after Ctrl-C, SIGTERM or the
 * signal's abort, once all servers have ended. The data stays. A second Ctrl-C ends the process at once, and the
 * servers with it. Throws InfrastructureError CS_STACK.
 */
export async function runStackUp(
  options: StackUpOptions,
  onReady: (state: StackState) => void,
  signal?: AbortSignal,
): Promise<void> {
  const dataDir = path.resolve(options.dataDir ?? defaultDataDir());
  const stack = await startStack({ ...options, dataDir, ports: { ...DEFAULT_PORTS, ...options.ports } });
  try {
    const state = describe(stack);
    await writeState(dataDir, state);
    onReady(state);
    await waitForEnd(signal);
  } finally {
    options.log?.('stopping the stack');
    await removeState(dataDir);
    await stack.stop();
  }
}

/** As runStackUp, in a process of its own that goes on when this one ends; resolves when the stack answers. */
export async function startDetachedStack(options: StackUpOptions): Promise<StackState> {
  const { log, neo4jPassword, ...rest } = options;
  const dataDir = path.resolve(options.dataDir ?? defaultDataDir());
  (await lockDataDir(dataDir)).release();
  // Handed over in its file: a command line can be read by everybody.
  await keepPassword(neo4jFolder(dataDir), neo4jPassword);
  const logFile = path.join(dataDir, 'stack.log');
  const output = await open(logFile, 'w');
  const program = path.join(import.meta.dirname, 'detached-stack.ts');
  const owner = spawn(process.execPath, [program, JSON.stringify({ ...rest, dataDir })], {
    detached: true,
    stdio: ['ignore', output.fd, output.fd],
  });
  await output.close();
  let ended = false;
  void once(owner, 'exit').then(() => (ended = true));
  log?.(`starting; the log is ${logFile}`);
  for (;;) {
    const state = await readState(dataDir);
    if (state?.pid === owner.pid && state !== undefined) {
      owner.unref();
      return state;
    }
    if (ended) {
      throw new InfrastructureError(
        'CS_STACK',
        `The stack did not start (${logFile}):\n${await readLogTail(logFile, 40)}`,
      );
    }
    await sleep(POLL_MILLISECONDS);
  }
}

function neo4jFolder(dataDir: string): string {
  return path.join(dataDir, 'neo4j-1');
}

function describe(stack: Stack): StackState {
  const [neo4j] = stack.neo4j;
  if (neo4j === undefined) throw new Error('a stack without Neo4j');
  return {
    pid: process.pid,
    bootstrapServers: stack.kafka.bootstrapServers,
    registryUrl: stack.registry.url,
    neo4jUri: neo4j.uri,
    neo4jUser: neo4j.user,
    neo4jPasswordFile: passwordFile(neo4jFolder(stack.dataDir)),
    ...(neo4j.httpUrl === undefined ? {} : { neo4jHttpUrl: neo4j.httpUrl }),
  };
}

async function waitForEnd(signal: AbortSignal | undefined): Promise<void> {
  const done = new AbortController();
  // Nothing else may be left that keeps the process running: the servers do not.
  const alive = setInterval(() => undefined, 1 << 30);
  try {
    const options = { signal: done.signal };
    await Promise.race([
      once(process, 'SIGINT', options),
      once(process, 'SIGTERM', options),
      ...(signal === undefined ? [] : [signal.aborted ? undefined : once(signal, 'abort', options)]),
    ]);
  } finally {
    clearInterval(alive);
    done.abort();
  }
}
