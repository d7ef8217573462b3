import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AvroSchema } from '../../../schemas/avro-schema.ts';
import { kindOf } from '../../../schemas/value-kind.ts';

const texts: AvroSchema = { type: 'array', items: 'string' };

test('a field may hold one text or several, as a policy’s Action does', () => {
  assert.equal(kindOf(['null', 'string', texts]), 'strings');
  assert.equal(kindOf([texts, 'string']), 'strings');
});

test('other unions are no property', () => {
  const numbers: AvroSchema = { type: 'array', items: 'long' };
  const nullableTexts: AvroSchema = { type: 'array', items: ['null', 'string'] };

  for (const union of [
    ['null', 'string', numbers],
    ['null', 'string', 'long'],
    ['string', texts, 'boolean'],
    ['string', nullableTexts],
    [texts, numbers],
  ]) {
    assert.equal(kindOf(union), undefined, JSON.stringify(union));
  }
});
