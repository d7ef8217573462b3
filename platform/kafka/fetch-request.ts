import type { BrokerConnection } from './broker-connection.ts';
import {
  createErrorFromCode,
  decodeRecordBatch,
  Decoder,
  filterAbortedMessages,
  type KafkajsDecoder,
  type ProtocolRequest,
  type RawRecord,
} from './kafkajs-internals.ts';
import type { ConsumedMessage } from './log.ts';

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

const RECORD_BATCH_HEADER_BYTES = 17;
const MAGIC_AT = 16;
const LENGTH_AT = 8;
const RECORD_BATCH_MAGIC = 2;
const UNSUPPORTED_FOR_MESSAGE_FORMAT = 43;
/** What compression hid: the rest of the answer is fetched again later. */
const MOST_DECODED_BYTES = 512 * 1024;

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
  const abortedTransactions = decoder.readArray((aborted) => ({
    producerId: aborted.readInt64().toString(),
    firstOffset: aborted.readInt64().toString(),
  }));
  decoder.readInt32(); // preferred read replica
  const size = decoder.readInt32();
  const batches = await decodeRecordBatches(decoder.slice(Math.max(size, 0)), position.offset);
  decoder.forward(Math.max(size, 0));

  const records =
    abortedTransactions.length > 0
      ? filterAbortedMessages({ messages: batches.records, abortedTransactions })
      : batches.records;
  const messages: ConsumedMessage[] = [];
  for (const record of records) {
    const message = record.isControlRecord ? undefined : toMessage(record);
    // A batch is answered whole, with what stands before the offset that was asked for.
    if (message !== undefined && message.offset >= position.offset) messages.push(message);
  }
  return {
    ...position,
    error: errorCode === 0 ? undefined : createErrorFromCode(errorCode),
    highWatermark,
    messages,
    nextOffset: batches.nextOffset,
  };
}

async function decodeRecordBatches(
  decoder: KafkajsDecoder,
  offset: bigint,
): Promise<{ records: RawRecord[]; nextOffset: bigint }> {
  const records: RawRecord[] = [];
  let nextOffset = offset;
  let bytes = 0;
  while (bytes < MOST_DECODED_BYTES && decoder.canReadBytes(RECORD_BATCH_HEADER_BYTES)) {
    const { buffer, offset: start } = decoder;
    const length = buffer.readInt32BE(start + LENGTH_AT);
    // The broker cuts the answer at the size that was asked for, in the middle of a batch.
    if (!decoder.canReadBytes(LENGTH_AT + 4 + length)) break;
    if (buffer.readInt8(start + MAGIC_AT) !== RECORD_BATCH_MAGIC)
      throw createErrorFromCode(UNSUPPORTED_FOR_MESSAGE_FORMAT);
    const batch = await decodeRecordBatch(decoder);
    for (const record of batch.records) {
      records.push(record);
      bytes += (record.key?.length ?? 0) + (record.value?.length ?? 0);
    }
    const end = BigInt(batch.firstOffset) + BigInt(batch.lastOffsetDelta) + 1n;
    if (end > nextOffset) nextOffset = end;
  }
  return { records, nextOffset };
}

function toMessage({ offset, timestamp, key, value, headers }: RawRecord): ConsumedMessage {
  let read: Record<string, string> | undefined;
  return {
    offset: BigInt(offset),
    timestamp: Number(timestamp),
    key,
    value,
    /** Few readers look at them, so they are read once they are asked for. */
    get headers() {
      return (read ??= readHeaders(headers));
    },
  };
}

function readHeaders(headers: RawRecord['headers']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => {
      const last = Array.isArray(value) ? value.at(-1) : value;
      return [name, last?.toString() ?? ''];
    }),
  );
}
