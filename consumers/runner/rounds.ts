import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { messageOf } from '../../platform/errors.ts';
import { classifyFailure } from '../graph/failure.ts';

/** What one round did. */
export interface Round {
  /** Markers that were dealt with. */
  done: number;
  /** Markers whose gate is closed. */
  waiting: number;
  /** Whether there are markers that only the next round looks at. */
  hasMore?: boolean;
}

/** Goes rounds of work on stored markers: soon after markers came, and again while some wait for their gate. */
export class Rounds {
  readonly #name: string;
  readonly #round: (signal: AbortSignal) => Promise<Round>;
  readonly #logger: Logger;
  readonly #failure = Promise.withResolvers<never>();
  readonly #stop = new AbortController();
  #running: Promise<void> | undefined;
  #pauseMs = 0;

  /** `name`: for the log, e.g. `the cleanup`. The signal is aborted when the round should end early: by rejecting, whatever with. */
  constructor(name: string, round: (signal: AbortSignal) => Promise<Round>, logger: Logger) {
    this.#name = name;
    this.#round = round;
    this.#logger = logger;
    this.#failure.promise.catch(() => undefined);
  }

  /** Rejects when the work cannot go on; never resolves. */
  get failed(): Promise<never> {
    return this.#failure.promise;
  }

  start(): void {
    this.#running = this.#run();
  }

  wake(): void {
    this.#pauseMs = 100;
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    let failures = 0;
    while (!this.#stop.signal.aborted) {
      try {
        const round = await this.#round(this.#stop.signal);
        failures = 0;
        const isBusy = round.done > 0 || round.waiting > 0 || round.hasMore === true;
        this.#pauseMs = isBusy ? 500 : Math.min(this.#pauseMs * 2 + 300, 5_000);
        if (round.done > 0) this.#logger.debug(round, `${this.#name} went a round`);
      } catch (error) {
        if (this.#stop.signal.aborted) return;
        const failure = classifyFailure(error);
        if (failure === 'fatal') return this.#failure.reject(error);
        // What is poison here concerns some nodes: the stages of this process go on.
        const level = failure === 'poison' ? 'error' : failures < 2 ? 'debug' : 'warn';
        failures++;
        this.#logger[level]({ error: messageOf(error), failures }, `${this.#name} failed and is tried again`);
        this.#pauseMs = Math.min(200 * 2 ** failures, 10_000);
      }
      await this.#pause();
    }
  }

  /** In small steps, so that wake is noticed. */
  async #pause(): Promise<void> {
    const until = Date.now();
    while (!this.#stop.signal.aborted && Date.now() - until < this.#pauseMs)
      await sleep(100, undefined, { signal: this.#stop.signal }).catch(() => undefined);
  }
}
