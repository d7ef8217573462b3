import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dateText, jsonText } from '../../../producers/syncs/python-text.ts';

test('a date reads as Python writes one in UTC', () => {
  assert.equal(dateText(new Date('2024-01-31T09:30:00Z')), '2024-01-31 09:30:00+00:00');
  assert.equal(dateText(new Date('2024-01-31T09:30:00.042Z')), '2024-01-31 09:30:00.042000+00:00');
});

test('JSON reads as Python writes it: blanks after commas and colons, ASCII only', () => {
  const value = { a: ['é', '😀', 'tab\t"\\', 'del\u007f'], b: { c: null, d: true, e: 3600, f: 1.5 }, g: [], h: {} };

  assert.equal(
    jsonText(value),
    '{"a": ["\\u00e9", "\\ud83d\\ude00", "tab\\t\\"\\\\", "del\\u007f"], "b": {"c": null, "d": true, "e": 3600, "f": 1.5}, "g": [], "h": {}}',
  );
});
