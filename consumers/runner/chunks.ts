import type { ConsumedMessage } from '../../platform/kafka/log.ts';

export interface ChunkLimits {
  /** Records per transaction. Default 5,000. */
  rows: number;
  /** Bytes of record values per transaction. Default 4 MiB. */
  bytes: number;
}

export const defaultChunkLimits: ChunkLimits = { rows: 5_000, bytes: 4 * 1024 * 1024 };

/** All partitions decode side by side and share transactions, so one of them only takes a part of what a transaction does. */
const PARTS = 5;

export function partOf({ rows, bytes }: ChunkLimits): ChunkLimits {
  return { rows: Math.ceil(rows / PARTS), bytes: Math.ceil(bytes / PARTS) };
}

/** Splits consecutive messages into what one transaction takes; a message over the limit stands alone. */
export function* chunksOf(messages: readonly ConsumedMessage[], limits: ChunkLimits): Generator<ConsumedMessage[]> {
  let chunk: ConsumedMessage[] = [];
  let bytes = 0;
  for (const message of messages) {
    const size = message.value?.length ?? 0;
    if (chunk.length > 0 && (chunk.length >= limits.rows || bytes + size > limits.bytes)) {
      yield chunk;
      chunk = [];
      bytes = 0;
    }
    chunk.push(message);
    bytes += size;
  }
  if (chunk.length > 0) yield chunk;
}

/** How much of one transaction's limits messages take up: 1 is all of it. */
export function shareOf(messages: readonly ConsumedMessage[], limits: ChunkLimits): number {
  const bytes = messages.reduce((sum, { value }) => sum + (value?.length ?? 0), 0);
  return Math.max(messages.length / limits.rows, bytes / limits.bytes);
}
