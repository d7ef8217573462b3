import { setTimeout as sleep } from 'node:timers/promises';

/** Resolves once the condition holds; looks every few milliseconds, without end. Rejects with `failed`. */
export async function waitUntil(
  condition: () => boolean,
  failed: Promise<never> = new Promise(() => {}),
): Promise<void> {
  let failure: { reason: unknown } | undefined;
  failed.catch((reason: unknown) => (failure = { reason }));
  while (!condition()) {
    if (failure !== undefined) throw failure.reason;
    await sleep(5);
  }
}
