import assert from 'node:assert/strict';
import { test } from 'node:test';

import { formatAge, formatNumberOf, formatSeconds, formatTable } from '../../../cli/format.ts';

test('a table has numbers to the right and no blanks at the end', () => {
  assert.deepEqual(
    formatTable([
      ['name', 'count'],
      ['a', 1_000],
      ['longer', 2],
    ]),
    ['name    count', 'a       1,000', 'longer      2'],
  );
  assert.deepEqual(
    formatTable([
      ['a', ''],
      ['b', 'c'],
    ]),
    ['a', 'b  c'],
  );
  assert.deepEqual(formatTable([]), []);
});

test('numbers of things have their plural', () => {
  assert.equal(formatNumberOf(1, 'scope'), '1 scope');
  assert.equal(formatNumberOf(1_200, 'scope'), '1,200 scopes');
});

test('times are told in a unit that fits', () => {
  assert.equal(formatSeconds(3.14159), '3.1 s');
  assert.equal(formatSeconds(150), '2 min 30 s');
  assert.deepEqual([5, 65, 7_200, 200_000].map(formatAge), ['5 s', '1 min', '2 h', '2 d']);
});
