import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { AvroField, AvroRecord } from '../../../schemas/avro-schema.ts';
import { fieldsOf, isNullable, itemsOf } from '../../../schemas/avro-schema.ts';
import { avroType } from '../../../schemas/avro-type.ts';
import { loadCatalogue } from '../../../schemas/catalogue.ts';
import type { RecordSchema } from '../../../schemas/record-schema.ts';

/* Rules that no schema can keep alone. */

const catalogue = loadCatalogue();
const byLabel = Map.groupBy(catalogue.all(), ({ label }) => label);

/** Labels that syncs which are still to come will write; take out what has come. */
const toCome = new Set(['AWSEKSCluster', 'AWSLambda', 'AWSSNSTopic', 'AWSVpnGateway']);

function writersOf(label: string): RecordSchema[] {
  return catalogue.all().filter((schema) => schema.label === label || schema.labels.includes(label));
}

function pairsOf(schemas: readonly RecordSchema[]): [RecordSchema, RecordSchema][] {
  return schemas.flatMap((one, index) =>
    schemas.slice(index + 1).map((other): [RecordSchema, RecordSchema] => [one, other]),
  );
}

test('every relationship ends at a label that some record type writes, matched on a property that it sets', () => {
  for (const schema of catalogue.all()) {
    for (const { type, label, match } of schema.relationships) {
      const writers = writersOf(label);
      const what = `${schema.name}, ${type}`;
      if (writers.length === 0) {
        assert.ok(toCome.has(label), `${what}: no record type writes ${label}`);
        continue;
      }
      for (const { property } of match) {
        const set = writers.some(({ properties }) => properties.some((one) => one.property === property));
        assert.ok(set, `${what}: no record type sets ${property} of ${label}`);
      }
    }
  }
});

test('no label is still to come that has come', () => {
  for (const label of toCome) assert.deepEqual(writersOf(label), [], label);
});

test('two record types of one label set the same property only if it follows from the id or is contested', () => {
  for (const [label, schemas] of byLabel) {
    for (const [one, other] of pairsOf(schemas)) {
      const rivals = [...other.properties, ...other.computed];
      for (const { property, identity, kind } of [...one.properties, ...one.computed]) {
        const rival = rivals.find((mapping) => mapping.property === property);
        if (rival === undefined) continue;
        const settled = (identity && rival.identity) || (one.contested.has(property) && other.contested.has(property));
        assert.ok(settled, `${label}.${property}: set by ${one.name} and ${other.name}; who wins?`);
        assert.equal(kind, rival.kind, `${label}.${property} of ${one.name} and ${other.name}`);
      }
    }
  }
});

test('the record types of a contest agree on it, share the label and set the property', () => {
  for (const schema of catalogue.all()) {
    for (const [property, names] of schema.contested) {
      for (const name of names) {
        const rival = catalogue.get(name);
        assert.ok(rival, `${schema.name}, contested ${property}: there is no ${name}`);
        assert.equal(rival.label, schema.label, `${schema.name} and ${name}`);
        assert.deepEqual(rival.contested.get(property), names, `${property} of ${schema.name} and ${name}`);
      }
    }
  }
});

test('an ontology property that several record types set follows from the same in all of them', () => {
  const sourceOf = (schema: RecordSchema, field: string): string =>
    schema.properties.find((one) => one.field === field && one.property !== 'id')?.property ?? field;
  for (const [label, schemas] of byLabel) {
    const rules = schemas.flatMap((schema) =>
      schema.computed.map(({ property, from }) => ({
        property,
        rule: JSON.stringify(from, (key, value: unknown) =>
          key === 'fields' ? (value as string[]).map((one) => sourceOf(schema, one)) : value,
        ),
      })),
    );
    for (const [property, same] of Map.groupBy(rules, (one) => one.property))
      assert.equal(
        new Set(same.map(({ rule }) => rule)).size,
        1,
        `${label}.${property}: ${same.map(({ rule }) => rule).join(' and ')}`,
      );
  }
});

test('a label that hangs on a condition does so for all record types of a node, and no relationship ends at it', () => {
  for (const { name, label, conditionalLabels } of catalogue.all()) {
    for (const { label: conditional } of conditionalLabels) {
      for (const other of byLabel.get(label)!)
        assert.ok(!other.labels.includes(conditional), `${conditional} of ${name} and ${other.name}`);
      for (const other of catalogue.all())
        assert.ok(!other.relationships.some((one) => one.label === conditional), `${conditional} in ${other.name}`);
    }
  }
});

test('a node that has an ontology label says where it comes from', () => {
  const ontologyLabels = new Set(
    catalogue
      .all()
      .filter(({ computed }) => computed.some(({ property }) => property === '_ont_source'))
      .map(({ label }) => label),
  );
  for (const { name, label, computed } of catalogue.all())
    if (computed.some(({ property }) => property.startsWith('_ont_'))) assert.ok(ontologyLabels.has(label), name);
});

test('the loaders’ short names of record types are unambiguous', () => {
  for (const { name } of catalogue.all()) assert.doesNotMatch(name, /_/);
});

function allFields(fields: readonly AvroField[], place: string): { place: string; field: AvroField }[] {
  return fields.flatMap((field) => {
    const at = `${place}.${field.name}`;
    const inner = fieldsOf(field.type) ?? fieldsOf(itemsOf(field.type) ?? 'null') ?? [];
    return [{ place: at, field }, ...allFields(inner, at)];
  });
}

function each(check: (place: string, field: AvroField, schema: AvroRecord) => void): void {
  for (const [name, schema] of catalogue.avroByName()) {
    for (const { place, field } of allFields(schema.fields, name)) check(place, field, schema);
  }
}

test('every schema and every field has a doc', () => {
  for (const [name, { doc }] of catalogue.avroByName()) assert.ok(doc, name);
  each((place, { doc }) => assert.ok(doc, place));
});

test('what may be null is null by default, so that a field can be added and left out', () => {
  each((place, { type, default: value }) => {
    if (isNullable(type)) assert.equal(value, null, place);
  });
});

test('avsc reads every schema', () => {
  for (const schema of catalogue.avroByName().values()) avroType(schema);
});
