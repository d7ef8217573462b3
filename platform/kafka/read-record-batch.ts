import { promisify } from 'node:util';
import { gunzip, gunzipSync, zstdDecompress, zstdDecompressSync } from 'node:zlib';
import { crc32c, createErrorFromCode } from './kafkajs-internals.ts';
import type { ConsumedMessage } from './log.ts';
import { compressionTypes, unlessSmall } from './record-batch.ts';
import {
  ATTRIBUTES_AT,
  BASE_TIMESTAMP_AT,
  CHECKSUM_AT,
  COUNT_AT,
  HEAD_BYTES,
  LAST_OFFSET_DELTA_AT,
  LENGTH_AT,
  MAGIC,
  MAGIC_AT,
  MAX_TIMESTAMP_AT,
  OFFSET_AT,
  PRODUCER_ID_AT,
  UNCOUNTED_BYTES,
} from './record-batch-layout.ts';

export interface ReadBatch {
  messages: ConsumedMessage[];
  /** Before compression, without the head. */
  bytes: number;
  /** Past the last record that the batch ever had: compaction may have removed it. */
  nextOffset: bigint;
  producerId: bigint;
  isTransactional: boolean;
  /** What ends a transaction; its message is not for consumers. */
  isControl: boolean;
}

const COMPRESSION_MASK = 0x07;
const LOG_APPEND_TIME = 0x08;
const TRANSACTIONAL = 0x10;
const CONTROL = 0x20;

const CORRUPT_MESSAGE = 2;
const UNSUPPORTED_FOR_MESSAGE_FORMAT = 43;
const UNSUPPORTED_COMPRESSION_TYPE = 76;

const decompressors: Record<number, (bytes: Buffer) => Buffer | Promise<Buffer>> = {
  [compressionTypes.none]: (bytes) => bytes,
  [compressionTypes.gzip]: unlessSmall(promisify(gunzip), gunzipSync),
  [compressionTypes.zstd]: unlessSmall(promisify(zstdDecompress), zstdDecompressSync),
};

/** How long the batch at the start of these bytes is; undefined where the broker cut it off, in the middle, at the size that was asked for. */
export function batchLength(bytes: Buffer): number | undefined {
  if (bytes.length <= MAGIC_AT) return undefined;
  const length = UNCOUNTED_BYTES + bytes.readInt32BE(LENGTH_AT);
  return length <= bytes.length ? length : undefined;
}

/**
 * One record batch, whole: https://kafka.apache.org/documentation/#recordbatch. Messages are views of its bytes, and their
 * headers are read when they are asked for: kafkajs's reader makes some twenty objects for each message.
 * @throws what createErrorFromCode makes of a batch of an old format, of a compression other than gzip and zstd, and of a broken one
 */
export async function readRecordBatch(batch: Buffer): Promise<ReadBatch> {
  if (batch.readInt8(MAGIC_AT) !== MAGIC) throw createErrorFromCode(UNSUPPORTED_FOR_MESSAGE_FORMAT);
  if (batch.readUInt32BE(CHECKSUM_AT) !== crc32c(batch.subarray(ATTRIBUTES_AT)))
    throw createErrorFromCode(CORRUPT_MESSAGE);
  const attributes = batch.readInt16BE(ATTRIBUTES_AT);
  const decompress = decompressors[attributes & COMPRESSION_MASK];
  if (decompress === undefined) throw createErrorFromCode(UNSUPPORTED_COMPRESSION_TYPE);
  const count = batch.readInt32BE(COUNT_AT);
  const records = count === 0 ? Buffer.alloc(0) : await decompress(batch.subarray(HEAD_BYTES));
  const firstOffset = batch.readBigInt64BE(OFFSET_AT);
  const maxTimestamp = Number(batch.readBigInt64BE(MAX_TIMESTAMP_AT));
  const baseTimestamp = Number(batch.readBigInt64BE(BASE_TIMESTAMP_AT));
  const timestampOf = (delta: number): number =>
    (attributes & LOG_APPEND_TIME) === 0 ? baseTimestamp + delta : maxTimestamp;
  return {
    messages: readRecords(records, count, firstOffset, timestampOf),
    bytes: records.length,
    nextOffset: firstOffset + BigInt(batch.readInt32BE(LAST_OFFSET_DELTA_AT)) + 1n,
    producerId: batch.readBigInt64BE(PRODUCER_ID_AT),
    isTransactional: (attributes & TRANSACTIONAL) !== 0,
    isControl: (attributes & CONTROL) !== 0,
  };
}

function readRecords(
  bytes: Buffer,
  count: number,
  firstOffset: bigint,
  timestampOf: (delta: number) => number,
): ConsumedMessage[] {
  const cursor = new Cursor(bytes);
  const messages = new Array<ConsumedMessage>(count);
  for (let index = 0; index < count; index++) {
    const length = cursor.varint();
    const end = cursor.at + length;
    if (length <= 0 || end > bytes.length) throw createErrorFromCode(CORRUPT_MESSAGE);
    cursor.at++; // attributes, of which there are none yet
    const timestamp = timestampOf(cursor.varint());
    const offset = firstOffset + BigInt(cursor.varint());
    const key = cursor.bytes();
    const value = cursor.bytes();
    const rest = cursor.rest(end);
    let headers: Record<string, string> | undefined;
    messages[index] = {
      offset,
      timestamp,
      key,
      value,
      get headers() {
        return (headers ??= readHeaders(rest));
      },
    };
    cursor.at = end;
  }
  return messages;
}

/** Of headers with one name the last one counts. */
function readHeaders(cursor: Cursor): Record<string, string> {
  const headers: [string, string][] = [];
  for (let left = cursor.varint(); left > 0; left--) {
    const name = cursor.bytes()?.toString() ?? '';
    headers.push([name, cursor.bytes()?.toString() ?? '']);
  }
  return Object.fromEntries(headers);
}

class Cursor {
  at: number;
  readonly #bytes: Buffer;
  readonly #end: number;

  constructor(bytes: Buffer, at = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.at = at;
    this.#end = end;
  }

  /** Seven bits a byte, the lowest first, then zigzag: https://protobuf.dev/programming-guides/encoding/#signed-ints. Exact up to 2^53. */
  varint(): number {
    let value = 0;
    let scale = 1;
    let byte: number;
    do {
      if (this.at >= this.#end) throw createErrorFromCode(CORRUPT_MESSAGE);
      byte = this.#bytes[this.at++]!;
      value += (byte & 0x7f) * scale;
      scale *= 128;
    } while (byte >= 0x80);
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  /** A length, -1 for null, and as many bytes. */
  bytes(): Buffer | null {
    const length = this.varint();
    if (length < 0) return null;
    const from = this.at;
    this.at += length;
    if (this.at > this.#end) throw createErrorFromCode(CORRUPT_MESSAGE);
    return this.#bytes.subarray(from, this.at);
  }

  /** The same bytes from here to an end. */
  rest(end: number): Cursor {
    return new Cursor(this.#bytes, this.at, end);
  }
}
