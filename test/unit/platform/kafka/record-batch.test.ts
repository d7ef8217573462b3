import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { zstdDecompress } from 'node:zlib';
import fc from 'fast-check';
import type { Compression } from '../../../../platform/kafka/kafka-config.ts';
import { crc32c, Decoder, type KafkajsDecoder } from '../../../../platform/kafka/kafkajs-internals.ts';
import { type BatchMessage, mostBytesOf, RecordBatch, sizeOf } from '../../../../platform/kafka/record-batch.ts';
import { readRecordBatch } from '../../../../platform/kafka/read-record-batch.ts';

interface KafkajsBatch {
  lastOffsetDelta: number;
  records: {
    offset: string;
    timestamp: string;
    key: Buffer | null;
    value: Buffer | null;
    headers: Record<string, Buffer>;
  }[];
}

const load = createRequire(import.meta.url);
const decodeRecordBatch = load('kafkajs/src/protocol/recordBatch/v0/decoder') as (
  decoder: KafkajsDecoder,
) => Promise<KafkajsBatch>;
const { Codecs } = load('kafkajs/src/protocol/message/compression') as { Codecs: Record<number, () => object> };
const ZSTD = 4;
Codecs[ZSTD] = () => ({ decompress: promisify(zstdDecompress) });

function batchOf(messages: readonly BatchMessage[]): RecordBatch {
  const batch = new RecordBatch();
  for (const message of messages) batch.add(message);
  return batch;
}

/** As kafkajs, which consumers of all kinds agree with, reads it. */
function decode(batch: Buffer) {
  return decodeRecordBatch(new Decoder(batch));
}

function pick({ offset, timestamp, key, value }: Omit<KafkajsBatch['records'][number], 'headers'>) {
  return { offset, timestamp, key, value };
}

const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
/** Names of Object's own members are left out: kafkajs's reader takes those for headers. */
const messages = fc.array(
  fc.record({
    key: fc.string({ unit: 'grapheme', maxLength: 200 }),
    value: fc.option(bytes),
    headers: fc.dictionary(
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).filter((name) => !(name in {})),
      fc.oneof(fc.string({ unit: 'grapheme', maxLength: 100 }), bytes),
      { noNullPrototype: true },
    ),
  }),
  { minLength: 1, maxLength: 150 },
);

for (const compression of ['none', 'gzip', 'zstd'] satisfies Compression[]) {
  test(`what is encoded with compression ${compression} is what a reader decodes`, async () => {
    await fc.assert(
      fc.asyncProperty(messages, async (all) => {
        const batch = await batchOf(all).encode(compression, 1_767_225_600_123);
        const { records, lastOffsetDelta } = await decode(batch);

        assert.equal(lastOffsetDelta, all.length - 1);
        assert.deepEqual(
          records.map(({ offset, timestamp, key, value, headers }) => ({
            offset,
            timestamp,
            key: key?.toString(),
            value,
            headers: Object.entries(headers).map(([name, content]) => [name, content.toString('latin1')]),
          })),
          all.map(({ key, value, headers = {} }, index) => ({
            offset: String(index),
            timestamp: '1767225600123',
            key,
            value,
            headers: Object.entries(headers).map(([name, content]) => [
              name,
              Buffer.from(content as string).toString('latin1'),
            ]),
          })),
        );

        const read = await readRecordBatch(batch);
        assert.equal(read.nextOffset, BigInt(all.length));
        assert.deepEqual(
          read.messages.map(({ offset, timestamp, key, value, headers }) => ({
            offset: String(offset),
            timestamp: String(timestamp),
            key,
            value,
            headers,
          })),
          records.map(({ headers, ...record }) => ({
            ...pick(record),
            headers: Object.fromEntries(Object.entries(headers).map(([name, content]) => [name, content.toString()])),
          })),
        );
      }),
      { numRuns: 60 },
    );
  });
}

test('halves hold the messages of the whole, in their order', async () => {
  await fc.assert(
    fc.asyncProperty(messages, async (all) => {
      if (all.length < 2) return;
      const halves = batchOf(all).halves();

      const read = await Promise.all(halves.map(async (half) => decode(await half.encode('none', 1))));

      assert.ok(Math.abs(halves[0].count - halves[1].count) <= 1);
      assert.deepEqual(
        read.flatMap(({ records }) => records.map(({ key, value }) => ({ key: key?.toString(), value }))),
        all.map(({ key, value }) => ({ key, value })),
      );
    }),
    { numRuns: 30 },
  );
});

test('no message takes more than was said before', () => {
  fc.assert(
    fc.property(messages, (all) => {
      const batch = new RecordBatch();
      for (const message of all) {
        const before = batch.size;
        batch.add(message);
        assert.ok(batch.size - before <= sizeOf(message));
        assert.ok(sizeOf(message) <= mostBytesOf(message));
      }
    }),
  );
});

test('a large record has its length in as many bytes as it needs', async () => {
  const value = Buffer.alloc(9_000_000, 7);

  const batch = batchOf([
    { key: 'k', value },
    { key: 'l', value: null },
  ]);
  const { records } = await decode(await batch.encode('none', 1));

  assert.ok(records[0]!.value!.equals(value));
  assert.equal(records[1]!.value, null);
});

test('the checksum covers everything behind it', async () => {
  const batch = await batchOf([{ key: 'k', value: Buffer.from('v') }]).encode('none', 1);

  assert.equal(batch.readUInt32BE(17), crc32c(batch.subarray(21)));
  assert.equal(batch.readInt32BE(8), batch.length - 12);
});
