/**
 * Asks for the next page while the current one is worked on, so that AWS's answer and our work take the time of the longer
 * one and not of both. Two pages are in memory then. An error comes in its turn, after the pages before it.
 */
export async function* readAhead<T>(pages: AsyncIterable<T>): AsyncGenerator<T> {
  const iterator = pages[Symbol.asyncIterator]();
  const ask = (): Promise<IteratorResult<T>> => {
    const next = iterator.next();
    // Not unhandled while the page before is worked on; it is thrown where it is awaited.
    next.catch(() => undefined);
    return next;
  };
  try {
    for (let next = ask(); ;) {
      const result = await next;
      if (result.done === true) return;
      next = ask();
      yield result.value;
    }
  } finally {
    void iterator.return?.().catch(() => undefined);
  }
}
