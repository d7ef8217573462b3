import type { CollectedRecord } from '../../producers/sync.ts';

/** One by one what a sync yields singly or several at once. */
export async function* recordsOf(
  yielded: AsyncIterable<CollectedRecord | CollectedRecord[]>,
): AsyncGenerator<CollectedRecord> {
  for await (const some of yielded) yield* Array.isArray(some) ? some : [some];
}
