import type { Clock } from '../../../consumers/runner/clock.ts';

interface Waiting {
  process: Process;
  weight: number;
  resume: () => void;
}

/** The time a process sleeps is the scheduler's choice: nothing may rest on how long a pause is. */
const longestSleepMs = 400;

/**
 * Decides who goes on, one at a time: everything that waits in a simulation waits here, so that the same seed gives the same
 * run. Time passes only when nobody can go on, or when the dice say so.
 */
export class Scheduler {
  now = 0;
  steps = 0;
  readonly random: () => number;
  readonly #ready: Waiting[] = [];
  readonly #sleeping: (Waiting & { at: number })[] = [];

  constructor(random: () => number) {
    this.random = random;
  }

  /** One of the items. */
  pick<T>(items: readonly T[]): T {
    return items[Math.floor(this.random() * items.length)]!;
  }

  chance(probability: number): boolean {
    return this.random() < probability;
  }

  /** Lets one process do its next step. Resolves when it waits again; false when nobody has anything to do. */
  async step(): Promise<boolean> {
    const next = this.#next();
    if (next === undefined) return false;
    this.steps++;
    next.resume();
    await settled();
    return true;
  }

  await(process: Process, weight: number): Promise<void> {
    return new Promise((resume) => this.#ready.push({ process, weight, resume }));
  }

  sleep(process: Process): Promise<void> {
    const at = this.now + 1 + Math.floor(this.random() * longestSleepMs);
    return new Promise((resume) => this.#sleeping.push({ process, weight: 1, resume, at }));
  }

  forget(process: Process): void {
    for (const list of [this.#ready, this.#sleeping])
      for (let i = list.length; i-- > 0;) if (list[i]!.process === process) list.splice(i, 1);
  }

  #next(): Waiting | undefined {
    if (this.#sleeping.length > 0 && (this.#ready.length === 0 || this.chance(0.05))) {
      const earliest = this.#sleeping.reduce((a, b) => (b.at < a.at ? b : a));
      this.#sleeping.splice(this.#sleeping.indexOf(earliest), 1);
      this.now = Math.max(this.now, earliest.at);
      return earliest;
    }
    let left = this.random() * this.#ready.reduce((sum, { weight }) => sum + weight, 0);
    const index = this.#ready.findIndex(({ weight }) => (left -= weight) < 0);
    return index === -1 ? this.#ready.pop() : this.#ready.splice(index, 1)[0];
  }
}

/** What lives and dies as one: a loader, a collector, a server. */
export class Process implements Clock {
  readonly scheduler: Scheduler;
  readonly #speed: number;
  isAlive = true;

  /** `speed`: 1, or less for a slow one. */
  constructor(scheduler: Scheduler, speed = 1) {
    this.scheduler = scheduler;
    this.#speed = speed;
  }

  /** Resolves when the scheduler lets the process go on; never, once it is dead. `speed`: of this step. */
  turn(speed = 1): Promise<void> {
    return this.isAlive ? this.scheduler.await(this, speed * this.#speed) : never();
  }

  sleep(): Promise<void> {
    return this.isAlive ? this.scheduler.sleep(this) : never();
  }

  soon(work: () => void): void {
    void this.turn().then(work);
  }

  kill(): void {
    this.isAlive = false;
    this.scheduler.forget(this);
  }
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}

/** Resolves when every promise that can go on has. */
export function settled(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}
