import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { mergeWatermark } from '../../../consumers/cleanup/watermark.ts';
import type { Watermark } from '../../../consumers/graph/graph.ts';
import { isAlive } from '../../../consumers/stages/nodes-stage.ts';

const arbitraryMarker = fc.record({ tag: fc.bigInt({ min: 1n, max: 5n }), withheld: fc.subarray(['a', 'b']) });

test('after markers in any order a record is alive iff every marker above its tag withheld it', () => {
  fc.assert(
    fc.property(
      fc.array(arbitraryMarker, { minLength: 1, maxLength: 6 }),
      fc.constantFrom('a', 'b', 'c'),
      fc.bigInt({ min: 1n, max: 6n }),
      (markers, id, tag) => {
        const watermark = markers.reduce<Watermark | undefined>(mergeWatermark, undefined);
        const expected = markers.every((marker) => marker.tag <= tag || marker.withheld.includes(id));
        assert.equal(isAlive({ id, tag }, watermark), expected);
      },
    ),
  );
});

test('a scope without a complete marker leaves every record alive', () => {
  assert.equal(isAlive({ id: 'a', tag: 1n }, undefined), true);
});
