import { promisify } from 'node:util';
import { gzip, gzipSync, zstdCompress, zstdCompressSync } from 'node:zlib';
import type { Compression } from './kafka-config.ts';
import { crc32c } from './kafkajs-internals.ts';
import { ATTRIBUTES_AT, CHECKSUM_AT, HEAD_BYTES, MAGIC, UNCOUNTED_BYTES } from './record-batch-layout.ts';

/** What a record batch holds of a message. */
export interface BatchMessage {
  key: string;
  value: Buffer | null;
  headers?: Readonly<Record<string, string | Buffer>>;
}

/** What a record takes beside its key, its value and its headers, at most: two lengths, three varints, the attributes. */
const RECORD_OVERHEAD_BYTES = 31;
/** What a header takes beside its name and its value, at most. */
const HEADER_OVERHEAD_BYTES = 10;
/** Of a UTF-16 code unit in UTF-8. */
const MOST_BYTES_PER_UNIT = 3;

/** What a message takes in a batch: never less than it really does. Quick; `sizeOf` is near. */
export function mostBytesOf(message: BatchMessage): number {
  return bytesOf(message, ({ length }) => MOST_BYTES_PER_UNIT * length);
}

/** What a message takes in a batch, but for some bytes of overhead at most. */
export function sizeOf(message: BatchMessage): number {
  return bytesOf(message, (content) => Buffer.byteLength(content));
}

function bytesOf({ key, value, headers }: BatchMessage, measure: (content: string | Buffer) => number): number {
  let bytes = RECORD_OVERHEAD_BYTES + measure(key) + (value?.length ?? 0);
  for (const name in headers) bytes += HEADER_OVERHEAD_BYTES + measure(name) + measure(headers[name]!);
  return bytes;
}

/** At up to this size the way to another thread and back takes several times what the work takes. */
const SMALL_BYTES = 32 * 1024;

/** Small buffers at once, large ones beside this thread. */
export function unlessSmall(
  beside: (bytes: Buffer) => Promise<Buffer>,
  atOnce: (bytes: Buffer) => Buffer,
): (bytes: Buffer) => Buffer | Promise<Buffer> {
  return (bytes) => (bytes.length <= SMALL_BYTES ? atOnce(bytes) : beside(bytes));
}

/** In the lowest bits of a batch's attributes. */
export const compressionTypes = { none: 0, gzip: 1, zstd: 4 } as const satisfies Record<Compression, number>;

const compressors: Record<Compression, (bytes: Buffer) => Buffer | Promise<Buffer>> = {
  none: (bytes) => bytes,
  gzip: unlessSmall(promisify(gzip), gzipSync),
  zstd: unlessSmall(promisify(zstdCompress), zstdCompressSync),
};

/** A record's length, attributes, timestamp delta and offset delta. */
const MOST_RECORD_HEAD_BYTES = 12;
const FIRST_CAPACITY_BYTES = 16 * 1024;

/**
 * Messages in the making of a record batch. Each is written into one buffer as it comes, so that a message that waits for
 * its acknowledgement keeps no objects alive. https://kafka.apache.org/documentation/#recordbatch
 */
export class RecordBatch {
  /** Records without their heads, one behind the other. */
  #bodies = Buffer.allocUnsafe(FIRST_CAPACITY_BYTES);
  /** Where each ends. */
  readonly #ends: number[] = [];

  get count(): number {
    return this.#ends.length;
  }

  /** Bytes, before compression. */
  get size(): number {
    return this.#length + this.count * MOST_RECORD_HEAD_BYTES;
  }

  get #length(): number {
    return this.#ends.at(-1) ?? 0;
  }

  add(message: BatchMessage): void {
    this.#makeRoom(mostBytesOf(message));
    this.#ends.push(writeBody(this.#bodies, this.#length, message));
  }

  /** Two batches with half of the messages each. */
  halves(): [RecordBatch, RecordBatch] {
    const middle = Math.ceil(this.count / 2);
    return [this.#part(0, middle), this.#part(middle, this.count)];
  }

  /** With all messages at the time `now` (ms), as a producer that is not idempotent writes it. */
  async encode(compression: Compression, now: number): Promise<Buffer> {
    const records = await compressors[compression](this.#encodeRecords());
    const batch = Buffer.allocUnsafe(HEAD_BYTES + records.length);
    let at = batch.writeBigInt64BE(0n); // base offset: the broker's to set
    at = batch.writeInt32BE(batch.length - UNCOUNTED_BYTES, at);
    at = batch.writeInt32BE(0, at); // partition leader epoch
    at = batch.writeInt8(MAGIC, at);
    at += 4; // checksum
    at = batch.writeInt16BE(compressionTypes[compression], at);
    at = batch.writeInt32BE(this.count - 1, at); // last offset delta
    at = batch.writeBigInt64BE(BigInt(now), at);
    at = batch.writeBigInt64BE(BigInt(now), at);
    at = batch.writeBigInt64BE(-1n, at); // producer id
    at = batch.writeInt16BE(-1, at); // producer epoch
    at = batch.writeInt32BE(-1, at); // first sequence
    at = batch.writeInt32BE(this.count, at);
    records.copy(batch, at);
    batch.writeUInt32BE(crc32c(batch.subarray(ATTRIBUTES_AT)), CHECKSUM_AT);
    return batch;
  }

  #encodeRecords(): Buffer {
    const records = Buffer.allocUnsafe(this.size);
    let at = 0;
    let from = 0;
    for (let index = 0; index < this.#ends.length; index++) {
      const end = this.#ends[index]!;
      at = writeVarint(records, at, 2 + varintBytes(index) + end - from);
      records[at++] = 0; // attributes
      records[at++] = 0; // timestamp delta
      at = writeVarint(records, at, index);
      at += this.#bodies.copy(records, at, from, end);
      from = end;
    }
    return records.subarray(0, at);
  }

  #part(first: number, end: number): RecordBatch {
    const part = new RecordBatch();
    const from = this.#ends[first - 1] ?? 0;
    part.#bodies = this.#bodies.subarray(from, this.#ends[end - 1]);
    for (const one of this.#ends.slice(first, end)) part.#ends.push(one - from);
    return part;
  }

  #makeRoom(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#bodies.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, 2 * this.#bodies.length));
    this.#bodies.copy(larger, 0, 0, this.#length);
    this.#bodies = larger;
  }
}

/** Key, value and headers. */
function writeBody(buffer: Buffer, from: number, { key, value, headers = {} }: BatchMessage): number {
  let at = writeText(buffer, from, key);
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

/** Most texts here are short and ASCII: their length is known before they are written, and a loop is the quickest way. */
function writeText(buffer: Buffer, at: number, text: string): number {
  const { length } = text;
  const from = writeVarint(buffer, at, length);
  for (let index = 0; index < length; index++) {
    const unit = text.charCodeAt(index);
    if (unit > 0x7f) return writeUtf8(buffer, at, text);
    buffer[from + index] = unit;
  }
  return from + length;
}

function writeUtf8(buffer: Buffer, at: number, text: string): number {
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

/** Of a whole number of 0 or more. */
function varintBytes(value: number): number {
  let bytes = 1;
  for (let left = value * 2; left > 0x7f; left = Math.floor(left / 128)) bytes++;
  return bytes;
}
