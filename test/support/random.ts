/** Of the test run (TEST_SEED); tests name it, so that what it chose can be repeated. */
export const testSeed = Number(process.env['TEST_SEED'] ?? Date.now() % 1_000_000);

/** A fraction below 1, the same ones in turn for the same seed. */
export const random = randomFrom(testSeed);

/** Fractions below 1, the same ones in turn for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A whole number from `low` to `high`, both included. */
export function randomInteger(low: number, high: number): number {
  return low + Math.floor(random() * (high - low + 1));
}

export function shuffle<T>(items: readonly T[]): T[] {
  const shuffled = [...items];
  for (let last = shuffled.length - 1; last > 0; last--) {
    const other = randomInteger(0, last);
    [shuffled[last], shuffled[other]] = [shuffled[other] as T, shuffled[last] as T];
  }
  return shuffled;
}
