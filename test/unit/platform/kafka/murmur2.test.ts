import assert from 'node:assert/strict';
import { test } from 'node:test';
import { murmur2, partitionOf } from '../../../../platform/kafka/murmur2.ts';

/** Key, hash and partition of twelve, as the Java client 4.3.1 computes them (Utils.murmur2, Utils.toPositive). */
const fromJava: [string, number, number][] = [
  ['', 275646681, 9],
  ['a', -1563381124, 4],
  ['ab', 316155434, 2],
  ['abc', 479470107, 3],
  ['21', -973932308, 0],
  ['foobar', -790332482, 6],
  ['a-little-bit-long-string', -985981536, 8],
  ['a-little-bit-longer-string', -1486304829, 11],
  ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971, 5],
  ['cartography.aws.ec2.Instance|123456789012/eu-west-1/ec2:instance|i-0é漢', 1455114077, 5],
];

test('a key has the hash that the Java client gives it', () => {
  for (const [key, hash] of fromJava) assert.equal(murmur2(Buffer.from(key)), hash, key);
});

test('a key goes to the partition to which the Java client sends it', () => {
  for (const [key, , partition] of fromJava) assert.equal(partitionOf(key, 12), partition, key);
});

test('a view into a larger buffer hashes as the bytes that it shows', () => {
  const buffer = Buffer.from('xxfoobaryy');
  assert.equal(murmur2(buffer.subarray(2, 8)), -790332482);
});
