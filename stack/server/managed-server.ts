import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { InfrastructureError, messageOf } from '../../platform/errors.ts';
import { isFree } from './find-free-ports.ts';
import { readLogTail } from './read-log-tail.ts';

export interface ServerDefinition {
  /** Shown in messages, and the name of the server's folder: `kafka`, `neo4j-1`. */
  name: string;
  /** Everything that the server keeps: configuration, data, log. */
  folder: string;
  port: number;
  /** Made before each start; must leave existing data alone. */
  prepare: () => Promise<{ command: readonly string[]; environment?: Record<string, string> }>;
  /**
   * Resolves once the server answers; rejects while it does not, and is called again until the time limit. An
   * InfrastructureError ends the waiting.
   */
  probe: () => Promise<void>;
  /** How long a start may take. Default 120. */
  startLimitSeconds?: number;
  /** Whether the folder is removed when the owner dies without stopping the server. */
  throwaway: boolean;
  log?: ((line: string) => void) | undefined;
}

const GUARD = path.join(import.meta.dirname, 'guard.sh');
const PROBE_INTERVAL_MILLISECONDS = 100;
const DEFAULT_START_LIMIT_SECONDS = 120;
const STOP_LIMIT_SECONDS = 60;

/** One local server process that can be stopped, killed, paused and started again on the same port and data. */
export class ManagedServer {
  readonly name: string;
  readonly port: number;
  readonly logFile: string;
  readonly #definition: ServerDefinition;
  #guard: ChildProcess | undefined;
  #pid: number | undefined;
  #exit: Promise<string> | undefined;

  constructor(definition: ServerDefinition) {
    this.#definition = definition;
    this.name = definition.name;
    this.port = definition.port;
    this.logFile = path.join(definition.folder, 'server.log');
  }

  /** The process id while it runs. */
  get pid(): number | undefined {
    return this.#pid;
  }

  /** Starts it, on the same port and data as before, and resolves when it answers. Throws InfrastructureError CS_STACK. */
  async start(): Promise<void> {
    if (this.#pid !== undefined) return;
    const startedAt = performance.now();
    if (!(await isFree(this.port))) {
      throw new InfrastructureError(
        'CS_STACK',
        `${this.name} cannot start: something else listens on port ${this.port} of 127.0.0.1. End it, or choose another port.`,
        { details: { server: this.name, port: this.port } },
      );
    }
    await mkdir(this.#definition.folder, { recursive: true });
    const { exit } = await this.#launch();
    try {
      await this.#waitUntilReady(exit);
    } catch (cause) {
      await this.kill();
      throw new InfrastructureError(
        'CS_STACK',
        `${this.name} did not start: ${messageOf(cause)}\nIts log: ${this.logFile}\n${await readLogTail(this.logFile, 20)}`,
        { cause, details: { server: this.name, logFile: this.logFile } },
      );
    }
    this.#definition.log?.(
      `${this.name} answers on 127.0.0.1:${this.port} after ${((performance.now() - startedAt) / 1000).toFixed(1)} s`,
    );
  }

  /** Ends it and resolves when it is gone; after a minute without effect it is killed. Default SIGTERM: an orderly end. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const exit = this.#exit;
    if (exit === undefined) return;
    this.#guard?.ref();
    this.#signal(signal);
    this.#signal('SIGCONT');
    const abort = new AbortController();
    const overdue = sleep(STOP_LIMIT_SECONDS * 1000, 'overdue', { signal: abort.signal }).catch(() => 'stopped');
    if ((await Promise.race([exit, overdue])) === 'overdue') this.#signal('SIGKILL');
    abort.abort();
    await exit;
  }

  /** Ends it at once, as a crash would. */
  async kill(): Promise<void> {
    await this.stop('SIGKILL');
  }

  /** Freezes it: connections stay open and nothing answers. */
  pause(): void {
    this.#signal('SIGSTOP');
  }

  resume(): void {
    this.#signal('SIGCONT');
  }

  #signal(signal: NodeJS.Signals): void {
    if (this.#pid === undefined) return;
    try {
      process.kill(this.#pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // it has just ended by itself
    }
  }

  async #launch(): Promise<{ exit: Promise<string> }> {
    const { folder, throwaway } = this.#definition;
    const { command, environment } = await this.#definition.prepare();
    const log = await open(this.logFile, 'a');
    const guard = spawn('/bin/sh', [GUARD, throwaway ? '0' : '20', throwaway ? folder : '', ...command], {
      cwd: folder,
      env: { ...process.env, ...environment },
      // Its own process group: Ctrl-C in a terminal must reach the owner only, which then stops the servers in order.
      detached: true,
      stdio: ['pipe', log.fd, log.fd, 'pipe'],
    });
    this.#guard = guard;
    let ended = false;
    const exit = once(guard, 'exit').then(([code, signal]: (string | number | null)[]) => {
      ended = true;
      this.#pid = undefined;
      this.#exit = undefined;
      return signal === null ? `exit code ${String(code)}` : `signal ${String(signal)}`;
    });
    this.#exit = exit;
    await log.close();
    const firstLine = await Promise.race([once(guard.stdio[3] as NodeJS.ReadableStream, 'data'), exit]);
    if (!ended) this.#pid = Number((firstLine as [Buffer])[0].toString().trim());
    // An owner that has nothing else to do may end; the guard then ends the server.
    guard.unref();
    for (const stream of guard.stdio) (stream as { unref?: () => void } | null)?.unref?.();
    return { exit };
  }

  async #waitUntilReady(exit: Promise<string>): Promise<void> {
    const limit = this.#definition.startLimitSeconds ?? DEFAULT_START_LIMIT_SECONDS;
    const deadline = performance.now() + limit * 1000;
    let ended: string | undefined;
    void exit.then((how) => (ended = how));
    let lastAnswer: unknown;
    while (performance.now() < deadline) {
      if (ended !== undefined) throw new Error(`the process ended (${ended})`);
      try {
        await this.#definition.probe();
        return;
      } catch (error) {
        if (error instanceof InfrastructureError) throw error;
        lastAnswer = error;
      }
      await sleep(PROBE_INTERVAL_MILLISECONDS);
    }
    throw new Error(`no answer on port ${this.port} within ${limit} s (${messageOf(lastAnswer)})`, {
      cause: lastAnswer,
    });
  }
}
