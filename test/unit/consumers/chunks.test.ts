import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chunksOf } from '../../../consumers/runner/chunks.ts';
import type { ConsumedMessage } from '../../../platform/kafka/log.ts';

function messages(...sizes: number[]): ConsumedMessage[] {
  return sizes.map((size, index) => ({
    offset: BigInt(index),
    timestamp: 0,
    key: null,
    value: Buffer.alloc(size),
    headers: {},
  }));
}

function sizesOf(all: ConsumedMessage[], limits: { rows: number; bytes: number }): number[][] {
  return [...chunksOf(all, limits)].map((chunk) => chunk.map(({ value }) => value!.length));
}

test('a chunk ends at the limit of rows', () => {
  assert.deepEqual(sizesOf(messages(1, 1, 1, 1, 1), { rows: 2, bytes: 100 }), [[1, 1], [1, 1], [1]]);
});

test('a chunk ends before the limit of bytes is passed', () => {
  assert.deepEqual(sizesOf(messages(40, 40, 40), { rows: 10, bytes: 100 }), [[40, 40], [40]]);
});

test('a message over the limit of bytes stands alone and is not lost', () => {
  assert.deepEqual(sizesOf(messages(10, 500, 10), { rows: 10, bytes: 100 }), [[10], [500], [10]]);
});

test('no messages make no chunk', () => {
  assert.deepEqual(sizesOf([], { rows: 1, bytes: 1 }), []);
});
