import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { RecordError } from '../../platform/errors.ts';
import { loadCatalogue } from '../../schemas/catalogue.ts';
import { createDecoder, createEncoder } from '../../schemas/codec.ts';

const catalogue = loadCatalogue();
const [topic, type] = ['t', 'cartography.aws.markers.ScopeMarker'];
const registry = { register: async () => 1, byId: async () => catalogue.avro(type) };
const encoder = createEncoder(registry, catalogue);
const decoder = createDecoder(registry);

const plain = { noNullPrototype: true };
const count = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER - 1 });
const marker = fc.record(
  {
    scope: fc.string({ unit: 'grapheme' }),
    accountId: fc.string(),
    region: fc.string(),
    sync: fc.string(),
    updateTag: count,
    outcome: fc.constantFrom('complete', 'denied', 'unsupported', 'failed', 'skipped'),
    reason: fc.option(fc.string({ unit: 'grapheme' })),
    recordTypes: fc.array(
      fc.record({ name: fc.string(), records: count, complete: fc.boolean(), withheld: fc.array(fc.string()) }, plain),
    ),
    offsets: fc.array(fc.record({ topic: fc.string(), partition: fc.nat(), offset: count }, plain)),
    startedAt: count,
    endedAt: count,
  },
  plain,
);

test('what is encoded decodes to the same value', async () => {
  await fc.assert(
    fc.asyncProperty(marker, async (value) => {
      const decoded = await decoder.decode(await encoder.encode(topic, type, value));
      assert.deepEqual(decoded.value, value);
    }),
    { numRuns: 200 },
  );
});

test('damaged bytes decode to something or are a RecordError, nothing else', async () => {
  const damage = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(marker, damage, fc.nat(), async (value, changes, cut) => {
      const whole = await encoder.encode(topic, type, value);
      const bytes = Buffer.from(whole.subarray(0, whole.length - (cut % 3)));
      for (const [at, byte] of changes) bytes[5 + (at % (bytes.length - 5))] = byte;
      try {
        assert.equal(typeof (await decoder.decode(bytes)).value, 'object');
      } catch (error) {
        assert.ok(error instanceof RecordError, String(error));
      }
    }),
    { numRuns: 500 },
  );
});
