import type { BrokerConnection } from './broker-connection.ts';
import { createErrorFromCode, Decoder, type KafkajsDecoder, type ProtocolRequest } from './kafkajs-internals.ts';
import type { ConsumedMessage } from './log.ts';
import { batchLength, type ReadBatch, readRecordBatch } from './read-record-batch.ts';

export interface FetchPosition {
  topic: string;
  partition: number;
  offset: bigint;
}

export interface FetchedPartition extends FetchPosition {
  /** Of this partition alone. */
  error: (Error & { type: string }) | undefined;
  highWatermark: bigint;
  /** From `offset` on; without control records and what aborted transactions wrote. */
  messages: ConsumedMessage[];
  /** Where to go on: past what compaction removed, too. */
  nextOffset: bigint;
}

export interface FetchLimits {
  waitMs: number;
  bytes: number;
  partitionBytes: number;
}

/** What compression hid: the rest of the answer is fetched again later. */
const MOST_DECODED_BYTES = 1024 * 1024;

/**
 * A Fetch request in kafkajs's encoding, with our own reader of the answer: kafkajs's throws everything away when one partition
 * has an error, and loses where a compacted batch ends, after which its consumer creeps over the gap one offset at a time.
 * https://kafka.apache.org/protocol#The_Messages_Fetch (version 11), https://kafka.apache.org/documentation/#recordbatch
 */
export function fetchRequest(
  connection: BrokerConnection,
  positions: readonly FetchPosition[],
  limits: FetchLimits,
): ProtocolRequest {
  const READ_COMMITTED = 1;
  const topics = Map.groupBy(positions, ({ topic }) => topic);
  const request = connection.prepare('Fetch', {
    maxWaitTime: limits.waitMs,
    minBytes: 1,
    maxBytes: limits.bytes,
    isolationLevel: READ_COMMITTED,
    topics: [...topics].map(([topic, partitions]) => ({
      topic,
      partitions: partitions.map(({ partition, offset }) => ({
        partition,
        fetchOffset: offset.toString(),
        maxBytes: limits.partitionBytes,
      })),
    })),
  });
  return {
    ...request,
    response: {
      decode: (payload) => decodeFetchResponse(payload, positions),
      parse: (partitions) => Promise.resolve(partitions),
    },
  };
}

/** The payload after the correlation id. Throws what createErrorFromCode makes of an error of the whole request. */
export async function decodeFetchResponse(
  payload: Buffer,
  positions: readonly FetchPosition[],
): Promise<FetchedPartition[]> {
  const offsets = new Map(positions.map(({ topic, partition, offset }) => [`${topic}/${partition}`, offset]));
  const decoder = new Decoder(payload);
  decoder.readInt32(); // throttle time
  const errorCode = decoder.readInt16();
  if (errorCode !== 0) throw createErrorFromCode(errorCode);
  decoder.readInt32(); // session id
  const fetched: FetchedPartition[] = [];
  for (let topics = decoder.readInt32(); topics > 0; topics--) {
    const topic = decoder.readString() ?? '';
    for (let partitions = decoder.readInt32(); partitions > 0; partitions--) {
      const partition = decoder.readInt32();
      const offset = offsets.get(`${topic}/${partition}`) ?? 0n;
      fetched.push(await decodePartition(decoder, { topic, partition, offset }));
    }
  }
  return fetched;
}

async function decodePartition(decoder: KafkajsDecoder, position: FetchPosition): Promise<FetchedPartition> {
  const errorCode = decoder.readInt16();
  const highWatermark = decoder.readInt64();
  decoder.readInt64(); // last stable offset
  decoder.readInt64(); // log start offset
  const aborted = decoder.readArray((transaction) => ({
    producerId: transaction.readInt64(),
    firstOffset: transaction.readInt64(),
  }));
  decoder.readInt32(); // preferred read replica
  const size = Math.max(decoder.readInt32(), 0);
  const { offset: start, buffer } = decoder;
  const batches = await readBatches(buffer.subarray(start, start + size));
  decoder.forward(size);
  return {
    ...position,
    error: errorCode === 0 ? undefined : createErrorFromCode(errorCode),
    highWatermark,
    // A batch is answered whole, with what stands before the offset that was asked for.
    messages: committed(batches, aborted).filter(({ offset }) => offset >= position.offset),
    nextOffset: batches.reduce((next, batch) => (batch.nextOffset > next ? batch.nextOffset : next), position.offset),
  };
}

async function readBatches(bytes: Buffer): Promise<ReadBatch[]> {
  const batches: ReadBatch[] = [];
  let read = 0;
  for (let left = bytes; read < MOST_DECODED_BYTES;) {
    const length = batchLength(left);
    if (length === undefined) break;
    const batch = await readRecordBatch(left.subarray(0, length));
    batches.push(batch);
    read += batch.bytes;
    left = left.subarray(length);
  }
  return batches;
}

interface AbortedTransaction {
  producerId: bigint;
  firstOffset: bigint;
}

/**
 * The messages of no aborted transaction. Of those the broker says where each begins, in order; it ends with the control
 * batch of its producer. https://cwiki.apache.org/confluence/display/KAFKA/KIP-98
 */
function committed(batches: readonly ReadBatch[], aborted: readonly AbortedTransaction[]): ConsumedMessage[] {
  const begun = new Set<bigint>();
  let next = 0;
  return batches.flatMap(({ messages, nextOffset, producerId, isTransactional, isControl }) => {
    for (; next < aborted.length && aborted[next]!.firstOffset < nextOffset; next++)
      begun.add(aborted[next]!.producerId);
    if (isControl) begun.delete(producerId);
    return isControl || (isTransactional && begun.has(producerId)) ? [] : messages;
  });
}
