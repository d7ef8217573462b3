import assert from 'node:assert/strict';
import { test } from 'node:test';
import neo4j from 'neo4j-driver';
import { literalOf } from '../../conformance/literal.ts';

test('values of different types have different literals', () => {
  const values = [1n, 1, 1.5, '1', true, 'true', ['1'], [1n], neo4j.types.Date.fromStandardDate(new Date(0))];
  assert.equal(new Set(values.map(literalOf)).size, values.length);
  assert.equal(literalOf(1), '1.0');
  assert.equal(literalOf(['a', 2n]), '["a", 2]');
});
