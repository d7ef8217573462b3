import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { decodeFetchResponse } from '../../../../platform/kafka/fetch-request.ts';
import { crc32c } from '../../../../platform/kafka/kafkajs-internals.ts';

const load = createRequire(import.meta.url);
const { RecordBatch } = load('kafkajs/src/protocol/recordBatch/v0') as {
  RecordBatch: (options: object) => Promise<{ buffer: Buffer }>;
};
const encodeRecord = load('kafkajs/src/protocol/recordBatch/record/v0') as (record: object) => unknown;

interface PartitionAnswer {
  partition: number;
  errorCode?: number;
  records?: Buffer;
  aborted?: { producerId: number; firstOffset: number }[];
}

const TRANSACTIONAL = 0x10;
const CONTROL = 0x20;

/** A record batch that began with `size` records, of which compaction has left those at these deltas. */
async function batchOf(
  firstOffset: number,
  size: number,
  left: number[],
  { producerId = -1, attributes = 0 } = {},
): Promise<Buffer> {
  const records = left.map((delta) =>
    encodeRecord({
      offsetDelta: delta,
      key: `key-${firstOffset + delta}`,
      value: Buffer.from('value'),
      headers: { ce_type: 'x' },
    }),
  );
  const batch = await RecordBatch({ records, firstTimestamp: 1_000, maxTimestamp: 1_000, lastOffsetDelta: size - 1 });
  const buffer = Buffer.from(batch.buffer);
  buffer.writeBigInt64BE(BigInt(firstOffset), 0);
  buffer.writeInt16BE(attributes, 21);
  buffer.writeBigInt64BE(BigInt(producerId), 43);
  buffer.writeUInt32BE(crc32c(buffer.subarray(21)), 17);
  return buffer;
}

function answer(partitions: PartitionAnswer[]): Buffer {
  const header = Buffer.alloc(14); // throttle time, error code, session id, number of topics
  header.writeInt32BE(1, 10);
  const topic = Buffer.from('\0\x06assets');
  const count = Buffer.alloc(4);
  count.writeInt32BE(partitions.length);
  const bodies = partitions.map(({ partition, errorCode = 0, records = Buffer.alloc(0), aborted = [] }) => {
    const body = Buffer.alloc(4 + 2 + 8 + 8 + 8 + 4 + 16 * aborted.length + 4 + 4);
    body.writeInt32BE(partition, 0);
    body.writeInt16BE(errorCode, 4);
    body.writeBigInt64BE(1_000n, 6); // high watermark
    body.writeInt32BE(aborted.length, 30);
    for (const [index, { producerId, firstOffset }] of aborted.entries()) {
      body.writeBigInt64BE(BigInt(producerId), 34 + 16 * index);
      body.writeBigInt64BE(BigInt(firstOffset), 42 + 16 * index);
    }
    body.writeInt32BE(records.length, body.length - 4);
    return Buffer.concat([body, records]);
  });
  return Buffer.concat([header, topic, count, ...bodies]);
}

const at = (partition: number, offset: bigint) => ({ topic: 'assets', partition, offset });

test('messages come with their offsets, keys, values and headers', async () => {
  const [fetched] = await decodeFetchResponse(answer([{ partition: 0, records: await batchOf(40, 2, [0, 1]) }]), [
    at(0, 40n),
  ]);
  assert.equal(fetched?.highWatermark, 1_000n);
  assert.equal(fetched?.nextOffset, 42n);
  assert.deepEqual(
    fetched?.messages.map(({ offset, key, value, headers, timestamp }) => [
      offset,
      key?.toString(),
      value?.toString(),
      headers,
      timestamp,
    ]),
    [
      [40n, 'key-40', 'value', { ce_type: 'x' }, 1_000],
      [41n, 'key-41', 'value', { ce_type: 'x' }, 1_000],
    ],
  );
});

test('what stands before the offset that was asked for is left out', async () => {
  const [fetched] = await decodeFetchResponse(answer([{ partition: 0, records: await batchOf(40, 3, [0, 1, 2]) }]), [
    at(0, 42n),
  ]);
  assert.deepEqual(
    fetched?.messages.map(({ offset }) => offset),
    [42n],
  );
});

test('the gap that compaction left at the end of a batch is skipped in one step', async () => {
  const [fetched] = await decodeFetchResponse(answer([{ partition: 0, records: await batchOf(40, 5_000, [3]) }]), [
    at(0, 40n),
  ]);
  assert.deepEqual(
    fetched?.messages.map(({ offset }) => offset),
    [43n],
  );
  assert.equal(fetched?.nextOffset, 5_040n);
});

test('a position inside such a gap moves to its end, although there is no message', async () => {
  const [fetched] = await decodeFetchResponse(answer([{ partition: 0, records: await batchOf(40, 5_000, [3]) }]), [
    at(0, 100n),
  ]);
  assert.deepEqual(fetched?.messages, []);
  assert.equal(fetched?.nextOffset, 5_040n);
});

test('a batch without any record left moves the position, too', async () => {
  const [fetched] = await decodeFetchResponse(answer([{ partition: 0, records: await batchOf(40, 10, []) }]), [
    at(0, 40n),
  ]);
  assert.deepEqual(fetched?.messages, []);
  assert.equal(fetched?.nextOffset, 50n);
});

test('a batch that the broker cut off is left for the next fetch', async () => {
  const [first, second] = [await batchOf(40, 2, [0, 1]), await batchOf(42, 2, [0, 1])];
  for (const cut of [1, 12, 16, 17, 40, second.length - 1]) {
    const [fetched] = await decodeFetchResponse(
      answer([{ partition: 0, records: Buffer.concat([first, second.subarray(0, cut)]) }]),
      [at(0, 40n)],
    );
    assert.deepEqual(
      fetched?.messages.map(({ offset }) => offset),
      [40n, 41n],
    );
    assert.equal(fetched?.nextOffset, 42n);
  }
});

test('an error of one partition leaves the messages of the others', async () => {
  const OFFSET_OUT_OF_RANGE = 1;
  const fetched = await decodeFetchResponse(
    answer([
      { partition: 0, errorCode: OFFSET_OUT_OF_RANGE },
      { partition: 1, records: await batchOf(7, 1, [0]) },
    ]),
    [at(0, 5n), at(1, 7n)],
  );
  assert.equal(fetched[0]?.error?.type, 'OFFSET_OUT_OF_RANGE');
  assert.deepEqual(fetched[0]?.messages, []);
  assert.equal(fetched[1]?.error, undefined);
  assert.deepEqual(
    fetched[1]?.messages.map(({ offset }) => offset),
    [7n],
  );
});

test('what a transaction wrote that was aborted is left out, and what else stands between', async () => {
  const ours = { producerId: 7, attributes: TRANSACTIONAL };
  const end = { producerId: 7, attributes: TRANSACTIONAL | CONTROL };
  const records = Buffer.concat([
    await batchOf(40, 1, [0], ours),
    await batchOf(41, 1, [0], { producerId: 8, attributes: TRANSACTIONAL }),
    await batchOf(42, 1, [0], { producerId: 7 }),
    await batchOf(43, 1, [0], end),
    await batchOf(44, 1, [0], ours),
    await batchOf(45, 1, [0], end),
  ]);
  const aborted = [{ producerId: 7, firstOffset: 40 }];
  const [fetched] = await decodeFetchResponse(answer([{ partition: 0, records, aborted }]), [at(0, 40n)]);
  assert.deepEqual(
    fetched?.messages.map(({ offset }) => offset),
    [41n, 42n, 44n],
  );
  assert.equal(fetched?.nextOffset, 46n);
});

test('a broken batch is refused, wherever it is broken, and never misread', async () => {
  const whole = await batchOf(40, 3, [0, 1, 2]);
  for (let place = 17; place < whole.length; place++) {
    const broken = Buffer.from(whole);
    broken[place]! ^= 0xff;
    const read = decodeFetchResponse(answer([{ partition: 0, records: broken }]), [at(0, 40n)]);
    await assert.rejects(read, { type: 'CORRUPT_MESSAGE' }, `byte ${place}`);
  }
});

test('a compression that is not read is named', async () => {
  const LZ4 = 3;
  const batch = await batchOf(40, 1, [0], { attributes: LZ4 });
  await assert.rejects(decodeFetchResponse(answer([{ partition: 0, records: batch }]), [at(0, 40n)]), {
    type: 'UNSUPPORTED_COMPRESSION_TYPE',
  });
});
