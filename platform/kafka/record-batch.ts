import { promisify } from 'node:util';
import { gzip, zstdCompress } from 'node:zlib';
import type { Compression } from './kafka-config.ts';
import { compressionTypes, crc32c } from './kafkajs-internals.ts';

/** What a record batch holds of a message. */
export interface BatchMessage {
  key: string;
  value: Buffer | null;
  headers: Readonly<Record<string, string | Buffer>> | undefined;
  /** At least the bytes that key, value and headers take, and the overheads below. */
  bytes: number;
}

/** What a record takes beside its key, its value and its headers, at most. */
export const RECORD_OVERHEAD_BYTES = 40;
/** What a header takes beside its name and its value, at most. */
export const HEADER_OVERHEAD_BYTES = 10;

const compressors: Record<Compression, { type: number; compress: (bytes: Buffer) => Buffer | Promise<Buffer> }> = {
  none: { type: compressionTypes.None, compress: (bytes) => bytes },
  gzip: { type: compressionTypes.GZIP, compress: promisify(gzip) },
  zstd: { type: compressionTypes.ZSTD, compress: promisify(zstdCompress) },
};

const HEAD_BYTES = 61;
/** baseOffset and batchLength, which batchLength does not count. */
const UNCOUNTED_BYTES = 12;
const CHECKED_FROM = 21;
const MAGIC = 2;
const MOST_VARINT_BYTES = 5;

/**
 * A record batch of messages that all carry the time `now` (ms), as a producer that is not idempotent writes it.
 * https://kafka.apache.org/documentation/#recordbatch
 */
export async function encodeRecordBatch(
  messages: readonly BatchMessage[],
  compression: Compression,
  now: number,
): Promise<Buffer> {
  const { type, compress } = compressors[compression];
  const records = await compress(encodeRecords(messages));
  const batch = Buffer.allocUnsafe(HEAD_BYTES + records.length);
  let at = batch.writeBigInt64BE(0n); // base offset: the broker's to set
  at = batch.writeInt32BE(batch.length - UNCOUNTED_BYTES, at);
  at = batch.writeInt32BE(0, at); // partition leader epoch
  at = batch.writeInt8(MAGIC, at);
  at += 4; // checksum
  at = batch.writeInt16BE(type, at);
  at = batch.writeInt32BE(messages.length - 1, at); // last offset delta
  at = batch.writeBigInt64BE(BigInt(now), at);
  at = batch.writeBigInt64BE(BigInt(now), at);
  at = batch.writeBigInt64BE(-1n, at); // producer id
  at = batch.writeInt16BE(-1, at); // producer epoch
  at = batch.writeInt32BE(-1, at); // first sequence
  at = batch.writeInt32BE(messages.length, at);
  records.copy(batch, at);
  batch.writeUInt32BE(crc32c(batch.subarray(CHECKED_FROM)), CHECKED_FROM - 4);
  return batch;
}

function encodeRecords(messages: readonly BatchMessage[]): Buffer {
  const buffer = Buffer.allocUnsafe(messages.reduce((sum, { bytes }) => sum + bytes, 0));
  let at = 0;
  for (const [index, message] of messages.entries()) {
    // The length stands in front and is known last; moving a record by a few bytes costs less than measuring it.
    const from = at + MOST_VARINT_BYTES;
    const end = writeRecord(buffer, from, index, message);
    const body = writeVarint(buffer, at, end - from);
    buffer.copyWithin(body, from, end);
    at = body + end - from;
  }
  return buffer.subarray(0, at);
}

function writeRecord(buffer: Buffer, from: number, index: number, { key, value, headers = {} }: BatchMessage): number {
  let at = buffer.writeInt8(0, from); // attributes
  at = writeVarint(buffer, at, 0); // timestamp delta
  at = writeVarint(buffer, at, index);
  at = writeText(buffer, at, key);
  at = value === null ? writeVarint(buffer, at, -1) : writeBytes(buffer, at, value);
  const names = Object.keys(headers);
  at = writeVarint(buffer, at, names.length);
  for (const name of names) {
    const content = headers[name]!;
    at = writeText(buffer, at, name);
    at = typeof content === 'string' ? writeText(buffer, at, content) : writeBytes(buffer, at, content);
  }
  return at;
}

function writeBytes(buffer: Buffer, at: number, bytes: Buffer): number {
  const from = writeVarint(buffer, at, bytes.length);
  return from + bytes.copy(buffer, from);
}

function writeText(buffer: Buffer, at: number, text: string): number {
  const from = writeVarint(buffer, at, Buffer.byteLength(text));
  return from + buffer.write(text, from);
}

/** Zigzag, then seven bits a byte, the lowest first: https://protobuf.dev/programming-guides/encoding/#signed-ints */
function writeVarint(buffer: Buffer, at: number, value: number): number {
  let left = ((value << 1) ^ (value >> 31)) >>> 0;
  while (left > 0x7f) {
    buffer[at++] = (left & 0x7f) | 0x80;
    left >>>= 7;
  }
  buffer[at++] = left;
  return at;
}
