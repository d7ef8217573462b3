import { setTimeout as wait } from 'node:timers/promises';

/** What the runner asks of time. */
export interface Clock {
  /** Resolves after this time. */
  sleep(ms: number): Promise<unknown>;
  /** Does the work after what is due in this turn. */
  soon(work: () => void): void;
}

export const realClock: Clock = {
  sleep: (ms) => wait(ms),
  soon: (work) => void setImmediate(work),
};
