import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileRow } from '../../../consumers/graph/row.ts';
import type { AvroField } from '../../../schemas/avro-schema.ts';
import { parseRecordSchema } from '../../../schemas/record-schema.ts';
import { schema } from '../../support/thing-schema.ts';

const fields: AvroField[] = [
  { name: 'Name', type: ['null', 'string'], default: null },
  { name: 'Other', type: ['null', 'string'], default: null },
  { name: 'Size', type: ['null', 'long'], default: null },
  { name: 'Open', type: ['null', 'boolean'], default: null },
  { name: 'Names', type: ['null', { type: 'array', items: 'string' }], default: null },
];

/** What a record with these fields sets. */
function propsOf(graph: object, value: Record<string, unknown>): Record<string, unknown> {
  const compile = compileRow(parseRecordSchema(schema(graph, ...fields)));
  const envelope = { accountId: '111122223333', region: 'eu-west-1', updateTag: 7, Id: 'i-1' };
  const none = { Name: null, Other: null, Size: null, Open: null, Names: null };
  return compile({ ...envelope, ...none, ...value }, Buffer.alloc(0)).props;
}

const rules: [what: string, rule: unknown, value: Record<string, unknown>, expected: unknown][] = [
  ['a field', 'Size', { Size: 3 }, 3n],
  ['a list', 'Names', { Names: ['a', 'b'] }, ['a', 'b']],
  ['the same value', { value: 'aws' }, {}, 'aws'],
  ['the same number', { value: 443 }, {}, 443n],
  ['the same truth', { value: false }, {}, false],
  ['the first that is there', { first: ['Name', 'Other'] }, { Other: 'b' }, 'b'],
  ['the first of two', { first: ['Name', 'Other'] }, { Name: '', Other: 'b' }, ''],
  ['the first of none', { first: ['Name', 'Other'] }, {}, null],
  ['the boolean true', { toBoolean: 'Open' }, { Open: true }, true],
  ['the boolean false', { toBoolean: 'Open' }, { Open: false }, false],
  ['the boolean of nothing', { toBoolean: 'Open' }, {}, false],
  ['the boolean of a word that says false', { toBoolean: 'Name' }, { Name: 'False' }, false],
  ['the boolean of another word', { toBoolean: 'Name' }, { Name: 'aws:kms' }, true],
  ['the boolean of zero', { toBoolean: 'Size' }, { Size: 0 }, false],
  ['the opposite of true', { invert: 'Open' }, { Open: true }, false],
  ['the opposite of false', { invert: 'Open' }, { Open: false }, true],
  ['the opposite of nothing', { invert: 'Open' }, {}, true],
  ['the opposite of a word', { invert: 'Name' }, { Name: 'private' }, true],
  ['one of two is true', { or: ['Open', 'Name'] }, { Open: false, Name: 'true' }, true],
  ['none of two is true', { or: ['Open', 'Name'] }, { Name: 'yes' }, false],
  ['neither of two', { nor: ['Open', 'Name'] }, { Name: 'yes' }, true],
  ['not neither of two', { nor: ['Open', 'Name'] }, { Open: true }, false],
  ['one of a list', { field: 'Name', in: ['Enabled', 'On'] }, { Name: 'On' }, true],
  ['none of a list', { field: 'Name', in: ['Enabled', 'On'] }, { Name: 'Suspended' }, false],
  ['nothing is neither', { field: 'Name', in: ['Enabled', 'On'] }, {}, null],
  ['one of some numbers', { field: 'Size', in: [1, 2] }, { Size: 2 }, true],
  ['another name', { field: 'Name', map: { 'in-use': 'in_use' } }, { Name: 'in-use' }, 'in_use'],
  ['no other name', { field: 'Name', map: { 'in-use': 'in_use' } }, { Name: 'constructor' }, null],
  ['another name of nothing', { field: 'Name', map: { null: 'in_use' } }, {}, null],
];
for (const [what, rule, value, expected] of rules) {
  test(`an ontology property can be ${what}: ${JSON.stringify(rule)} of ${JSON.stringify(value)}`, () => {
    assert.deepEqual(propsOf({ ontology: { one: rule } }, value)['_ont_one'], expected);
  });
}

test('the value of a contested ontology property is kept under the name of its record type', () => {
  const contested = { _ont_name: ['cartography.test.Thing', 'cartography.test.Other'] };

  const props = propsOf({ ontology: { name: 'Name' }, contested }, { Name: 'blue' });

  assert.equal(props['_value_test_Thing__ont_name'], 'blue');
  assert.equal('_ont_name' in props, false);
});

test('a label hangs on all its conditions', () => {
  const labels = [{ label: 'Secret', when: { Name: 'SecureString', Open: false, Size: 1 } }];
  const isSecret = (value: object) => propsOf({ labels }, { ...value })['_label_Secret'];

  assert.equal(isSecret({ Name: 'SecureString', Open: false, Size: 1 }), true);
  assert.equal(isSecret({ Name: 'SecureString', Open: true, Size: 1 }), false);
  assert.equal(isSecret({ Name: 'SecureString', Open: false }), false);
});
