import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';

const support = path.join(import.meta.dirname, '..', 'support');

/** A collector or loader process under a supervisor: started again whenever it ends, until it is done or `end` is called. */
export class Worker {
  readonly #argv: readonly string[];
  readonly #environment: Readonly<Record<string, string>>;
  readonly #done = Promise.withResolvers<void>();
  #child!: ChildProcess;
  #isWanted = true;
  #isKilled = false;
  /** Ends by itself after it had begun: nothing that the tests do may bring that about. */
  readonly #deaths: string[] = [];
  starts = 0;

  /** `script`: in test/support. A worker that prints a line says that it has begun; one that ends with 0 is done. */
  constructor(script: string, settings: object, environment: Readonly<Record<string, string>> = {}) {
    this.#argv = [path.join(support, script), JSON.stringify(settings)];
    this.#environment = environment;
    this.#start();
  }

  /** Resolves when it has ended with exit code 0, or `end` was called. */
  get done(): Promise<void> {
    return this.#done.promise;
  }

  get deaths(): readonly string[] {
    return this.#deaths;
  }

  /** As a crash of its machine; the supervisor starts another. Says whether there was a process to kill. */
  kill(): boolean {
    this.#isKilled = true;
    return this.#isRunning() && this.#child.kill('SIGKILL');
  }

  /** Says whether there was a process to stop. */
  pause(): boolean {
    return this.#isRunning() && this.#child.kill('SIGSTOP');
  }

  resume(): void {
    this.#child.kill('SIGCONT');
  }

  async end(): Promise<void> {
    this.#isWanted = false;
    this.kill();
    await this.done;
  }

  #isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  #start(): void {
    this.starts++;
    this.#isKilled = false;
    let hasBegun = false;
    let stderr = '';
    const child = spawn(process.execPath, this.#argv, {
      env: { ...process.env, ...this.#environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    child.stdout.on('data', () => (hasBegun = true));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-2_000);
      if (process.env['TEST_LOG'] !== undefined) process.stderr.write(text);
    });
    child.on('close', (code) => {
      if (code === 0 || !this.#isWanted) return this.#done.resolve();
      if (hasBegun && !this.#isKilled) this.#deaths.push(`${this.#argv[0]} ended with ${code}: ${stderr}`);
      // What it needs may be away: it looks again after a moment, as supervisors do.
      setTimeout(() => (this.#isWanted ? this.#start() : this.#done.resolve()), 300);
    });
  }
}
