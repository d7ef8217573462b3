import pRetry from 'p-retry';

export interface RetryOptions {
  /** Whether the operation may succeed if it is simply tried again; anything else is thrown at once. */
  isTransient: (error: unknown) => boolean;
  /** The first delay, before jitter. Default 200. */
  minDelayMs?: number;
  /** Default 10,000. */
  maxDelayMs?: number;
  /** Gives up, with the last error, once this much time has passed. Default: never. */
  maxElapsedMs?: number;
  /** Ends the waiting at once; the promise then rejects with the signal's reason. */
  signal?: AbortSignal;
  /** Called before each wait. */
  onRetry?: (error: unknown, delayMs: number, attempt: number) => void;
}

/** Carries any thrown value through p-retry, which on its own gives up on every TypeError and rewraps what is no Error. */
class Failure extends Error {
  readonly thrown: unknown;

  constructor(thrown: unknown) {
    super('', { cause: thrown });
    this.thrown = thrown;
  }
}

/** Runs the operation until it succeeds, with jittered exponential back-off between attempts. Throws what the operation threw last. */
export async function retryTransient<T>(operation: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { isTransient, minDelayMs = 200, maxDelayMs = 10_000, maxElapsedMs = Infinity, signal, onRetry } = options;
  try {
    return await pRetry(
      async () => {
        try {
          return await operation();
        } catch (error) {
          throw new Failure(error);
        }
      },
      {
        retries: Infinity,
        minTimeout: minDelayMs,
        maxTimeout: maxDelayMs,
        maxRetryTime: maxElapsedMs,
        randomize: true,
        signal,
        shouldRetry: ({ error, retryDelay, attemptNumber }) => {
          const { thrown } = error as Failure;
          if (!isTransient(thrown)) return false;
          onRetry?.(thrown, retryDelay, attemptNumber);
          return true;
        },
      },
    );
  } catch (error) {
    throw error instanceof Failure ? error.thrown : error;
  }
}

/** The wait before attempt number `attempt` (from 0): doubles from `minMs` up to `maxMs`, of which a random half is taken off. */
export function backoffDelayMs(attempt: number, minMs: number, maxMs: number): number {
  const full = Math.min(minMs * 2 ** Math.min(attempt, 30), maxMs);
  return full / 2 + (Math.random() * full) / 2;
}

/** Waits, but no longer than until the signal. Never rejects. */
export function pause(delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) return resolve();
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, delayMs);
    signal?.addEventListener('abort', end, { once: true });
  });
}

/** Waits for the promise, however it settles, but no longer than this. Never rejects. */
export async function settleWithin(limitMs: number, promise: Promise<unknown>): Promise<void> {
  const settled = new AbortController();
  const settling = promise.then(
    () => settled.abort(),
    () => settled.abort(),
  );
  await Promise.race([settling, pause(limitMs, settled.signal)]);
}
