/**
 * Maps items with up to `concurrency` calls under way and yields the results in the items' order. Memory is bounded:
 * no call starts before the consumer has taken the result that many places ahead of it. The first error ends it, after
 * the calls under way have ended.
 */
export async function* mapConcurrently<T, R>(
  items: Iterable<T>,
  concurrency: number,
  map: (item: T) => Promise<R>,
): AsyncGenerator<R, void, undefined> {
  const underway: Promise<R>[] = [];
  try {
    for (const item of items) {
      const call = map(item);
      // An error is thrown when its turn comes; until then it must not count as unhandled.
      call.catch(() => undefined);
      underway.push(call);
      if (underway.length >= concurrency) yield await underway.shift()!;
    }
    while (underway.length > 0) yield await underway.shift()!;
  } finally {
    await Promise.allSettled(underway);
  }
}
