import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { explanations } from '../../conformance/explanations.ts';

const docs = readFileSync(path.join(import.meta.dirname, '../../../docs/differences.md'), 'utf8');
const rows = docs
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .map((line) => line.split('|')[1]!.trim());

test('every explanation is a row of docs/differences.md', () => {
  const missing = explanations.map(({ row }) => row).filter((row) => !rows.includes(row));
  assert.deepEqual(missing, []);
});

test('a row has its rules in one place', () => {
  assert.equal(new Set(explanations.map(({ row }) => row)).size, explanations.length);
});
