import { constants } from 'node:os';

/** Ctrl-C, or another request of the system to end. */
export class Interrupted extends Error {
  /** 128 and the signal's number, as shells have it: 130 for Ctrl-C. */
  readonly exitCode: number;

  constructor(signal: NodeJS.Signals) {
    super(`interrupted by ${signal}`);
    this.exitCode = 128 + constants.signals[signal];
  }
}

export interface InterruptListener {
  /** Aborted, with an Interrupted as its reason, by the first signal. */
  readonly signal: AbortSignal;
  [Symbol.dispose](): void;
}

const signals: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
/** npm and the launcher pass on what the terminal has sent to the whole group: one Ctrl-C may come twice. */
const echoMs = 500;
/** Below the grace period of Kubernetes, 30 seconds, after which it kills. */
const orderlyEndMs = 25_000;

export interface InterruptOptions {
  onFirst?: () => void;
  /** How long the orderly end may take. Default 25 seconds: a server that does not answer must not keep the process. */
  limitMs?: number;
}

/**
 * The first signal asks for an orderly end; another one, or the limit, ends the process at once. The servers of a local stack
 * end with the process either way.
 */
export function listenForInterrupt({
  onFirst = () => undefined,
  limitMs = orderlyEndMs,
}: InterruptOptions = {}): InterruptListener {
  const controller = new AbortController();
  let firstAtMs = 0;
  let overdue: NodeJS.Timeout | undefined;
  const handle = (signal: NodeJS.Signals): void => {
    if (!controller.signal.aborted) {
      firstAtMs = performance.now();
      controller.abort(new Interrupted(signal));
      overdue = setTimeout(() => process.exit(new Interrupted(signal).exitCode), limitMs).unref();
      onFirst();
    } else if (performance.now() - firstAtMs > echoMs) {
      process.exit(new Interrupted(signal).exitCode);
    }
  };
  for (const signal of signals) process.on(signal, handle);
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      clearTimeout(overdue);
      for (const signal of signals) process.off(signal, handle);
    },
  };
}

/**
 * Ends the process at a signal that nobody else listens for, as the system does, except for the first process of a
 * container: that one would go on until it is killed.
 */
export function endOnSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (process.listenerCount(signal) === 1) process.exit(new Interrupted(signal).exitCode);
    });
  }
}

/** The promise's outcome, or the signal's reason as soon as that is aborted. What the promise does later is left alone. */
export async function orInterrupted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) {
    promise.catch(() => undefined);
    throw signal.reason;
  }
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(signal.reason as Error);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
    promise.catch(() => undefined);
  }
}
