import type { LogPosition } from '../platform/kafka/log.ts';

/** As the markers' schemas have it. */
export interface PartitionOffset {
  topic: string;
  partition: number;
  /** The offset after the last record. */
  offset: number;
}

/** Where records end in the log: for each partition that was written to, the offset after the last one. */
export class OffsetVector {
  readonly #ends = new Map<string, PartitionOffset>();

  add({ topic, partition, offset }: LogPosition): void {
    this.#raise(topic, partition, Number(offset) + 1);
  }

  merge(other: OffsetVector): void {
    this.raise([...other.#ends.values()]);
  }

  /** As a marker has it. */
  raise(ends: readonly PartitionOffset[]): void {
    for (const { topic, partition, offset } of ends) this.#raise(topic, partition, offset);
  }

  /** By topic and partition. */
  toArray(): PartitionOffset[] {
    return [...this.#ends.values()].sort((a, b) =>
      a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1,
    );
  }

  #raise(topic: string, partition: number, offset: number): void {
    const key = `${partition}/${topic}`;
    const end = this.#ends.get(key);
    if (end === undefined) this.#ends.set(key, { topic, partition, offset });
    else if (end.offset < offset) end.offset = offset;
  }
}
