import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { AvroField, AvroRecord } from '../../../schemas/avro-schema.ts';
import { loadCatalogue } from '../../../schemas/catalogue.ts';
import { readBaseline, release } from '../../../scripts/compatibility/baseline.ts';
import { findIncompatibilities } from '../../../scripts/compatibility/find-incompatibilities.ts';

const a: AvroField = { name: 'a', type: 'string', doc: 'A.' };
const b: AvroField = { name: 'b', type: ['null', 'int'], default: null };

function schema(fields: AvroField[], graph: object = {}): AvroRecord {
  return { type: 'record', name: 'n.R', doc: 'R.', graph: { sync: 's', label: 'L', id: 'a', ...graph }, fields };
}
const of = (one: AvroRecord) => new Map([['n.R', one]]);
const released = release(new Map(), of(schema([a, b])));

function problems(current: AvroRecord): string[] {
  return findIncompatibilities(released, of(current));
}

test('the schemas of this checkout may follow the released ones', async () => {
  assert.deepEqual(findIncompatibilities(await readBaseline(), loadCatalogue().avroByName()), []);
});

const allowed: [string, AvroRecord][] = [
  ['nothing', schema([a, b])],
  ['a new field with a default', schema([a, b, { name: 'c', type: 'string', default: '' }])],
  ['a field less', schema([a])],
  ['a wider number', schema([a, { ...b, type: ['null', 'long'] }])],
  ['a field that may now be null', schema([{ ...a, type: ['null', 'string'] }, b])],
  ['more labels, relationships and docs', schema([{ ...a, doc: 'Aa.' }, b], { labels: ['M'], relationships: [] })],
];
for (const [what, current] of allowed) {
  test(`${what}: compatible`, () => {
    assert.deepEqual(problems(current), []);
  });
}

const refused: [string, AvroRecord, RegExp][] = [
  ['a new field without a default', schema([a, b, { name: 'c', type: 'string' }]), /default-less n\.R\.c/],
  ['another type', schema([{ ...a, type: 'int' }, b]), /cannot read what was released/],
  ['a field that may no longer be null', schema([a, { name: 'b', type: 'int' }]), /cannot read what was released/],
  ['another label', schema([a, b], { label: 'M' }), /graph\.label was "L", is "M"/],
  ['another id', schema([a, b], { id: 'b' }), /graph\.id was "a", is "b"/],
  ['another sync', schema([a, b], { sync: 't' }), /graph\.sync was "s", is "t"/],
];
for (const [what, current, message] of refused) {
  test(`${what}: refused`, () => {
    const found = problems(current);

    assert.equal(found.length, 1);
    assert.match(found[0]!, message);
  });
}

test('a record type that is gone: refused', () => {
  assert.match(findIncompatibilities(released, new Map())[0]!, /n\.R is gone/);
});

test('a field that comes back must suit the release that had it, not only the last one', () => {
  const without = release(released, of(schema([a])));

  assert.deepEqual(findIncompatibilities(without, of(schema([a, b]))), []);
  assert.equal(findIncompatibilities(without, of(schema([a, { name: 'b', type: 'string', default: '' }]))).length, 1);
});

test('a release adds a version where something but docs has changed, and only there', () => {
  const again = release(released, of(schema([{ ...a, doc: 'Other.' }, b])));
  const changed = release(released, of(schema([a])));

  assert.deepEqual(again, released);
  assert.deepEqual(
    changed.get('n.R')?.map(({ fields }) => fields.map(({ name }) => name)),
    [['a', 'b'], ['a']],
  );
  assert.ok(!JSON.stringify([...changed]).includes('"doc"'));
});
