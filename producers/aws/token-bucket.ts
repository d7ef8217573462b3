import { setTimeout as delay } from 'node:timers/promises';

export interface RateLimit {
  ratePerSecond: number;
  /** How many calls may be made at once after a pause. */
  burst: number;
}

export interface TokenBucket {
  /** Resolves when the next call may be made, in the order of asking. Rejects when the signal aborts. */
  take(signal?: AbortSignal): Promise<void>;
}

export interface Clock {
  nowMs(): number;
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

const systemClock: Clock = {
  nowMs: () => performance.now(),
  sleep: async (milliseconds, signal) => {
    await delay(milliseconds, undefined, signal === undefined ? {} : { signal });
  },
};

/** A token bucket that starts full. */
export function createTokenBucket({ ratePerSecond, burst }: RateLimit, clock: Clock = systemClock): TokenBucket {
  const intervalMs = 1000 / ratePerSecond;
  /** When the bucket will be full again: what was taken and not yet refilled, as a time. */
  let fullAtMs = -Infinity;
  return {
    async take(signal) {
      const now = clock.nowMs();
      fullAtMs = Math.max(fullAtMs, now) + intervalMs;
      const waitMs = fullAtMs - burst * intervalMs - now;
      if (waitMs > 0) await clock.sleep(waitMs, signal);
    },
  };
}
