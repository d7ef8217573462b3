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

/**
 * The first signal asks for an orderly end; another one ends the process at once. The servers of a local stack end with
 * the process either way.
 */
export function listenForInterrupt(onFirst: () => void = () => undefined): InterruptListener {
  const controller = new AbortController();
  let firstAtMs = 0;
  const handle = (signal: NodeJS.Signals): void => {
    if (!controller.signal.aborted) {
      firstAtMs = performance.now();
      controller.abort(new Interrupted(signal));
      onFirst();
    } else if (performance.now() - firstAtMs > echoMs) {
      process.exit(new Interrupted(signal).exitCode);
    }
  };
  for (const signal of signals) process.on(signal, handle);
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      for (const signal of signals) process.off(signal, handle);
    },
  };
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
