import type { AvroField, AvroSchema } from './avro-schema.ts';
import { fieldsOf, itemsOf } from './avro-schema.ts';
import type { RelationshipAttribute } from './graph-attribute.ts';
import type { Relationship } from './record-schema.ts';
import type { SchemaChecks } from './schema-checks.ts';
import type { ValueKind } from './value-kind.ts';
import { kindOf } from './value-kind.ts';

export type FieldsByName = ReadonlyMap<string, AvroField>;

/** A value of the record: of a field, or of a field of the records in an array. */
interface Source {
  path: readonly string[];
  type: AvroSchema;
}

/** Reads one relationship, from JSON that anybody may have written. */
export function parseRelationship(
  checks: SchemaChecks,
  fields: FieldsByName,
  place: string,
  json: unknown,
): Relationship {
  const { fail } = checks;
  const one = checks.object(place, json) as Partial<RelationshipAttribute>;
  const sources = (what: 'match' | 'properties'): [string, Source][] =>
    checks
      .entries(`${place}.${what}`, one[what])
      .map(([name, from]) => [name, sourceOf(checks, fields, `${place}.${what}.${name}`, from)]);

  const match = sources('match').map(([name, source]) => {
    const at = `${place}.match`;
    if (!isComparable(kindOfOne(source))) fail(`${at}.${name}`, 'must name a field of text, whole numbers or booleans');
    return { property: checks.property(at, name), source };
  });
  if (match.length === 0) fail(`${place}.match`, 'is empty');
  match.sort((a, b) => (a.property < b.property ? -1 : 1));
  if (one.direction !== 'in' && one.direction !== 'out') {
    return fail(`${place}.direction`, `must be "in" or "out", not ${JSON.stringify(one.direction)}`);
  }

  const set = sources('properties');
  const many = arrayOf(
    checks,
    place,
    [...match.map(({ source }) => source), ...set.map(([, source]) => source)],
    match,
  );
  return {
    type: checks.name(`${place}.type`, one.type),
    direction: one.direction,
    label: checks.name(`${place}.label`, one.label),
    match: match.map(({ property, source }) => ({ property, path: source.path })),
    unique:
      checks.flag(`${place}.unique`, one.unique) ??
      match.every(({ property }) => property === 'id' || property === 'arn'),
    crossAccount: checks.flag(`${place}.crossAccount`, one.crossAccount) ?? false,
    properties: set.map(([name, source]) => ({
      property: checks.property(`${place}.properties`, name),
      path: source.path,
      // One edge per item of the array: each carries its item, not all of them.
      kind:
        (source.path[0] === many ? kindOfOne(source) : kindOf(source.type)) ??
        fail(`${place}.properties.${name}`, 'has a type that no property can hold'),
    })),
  };
}

/** The array that one edge per item is made of, if there is one; two could not be told how to go together. */
function arrayOf(
  { fail }: SchemaChecks,
  place: string,
  sources: readonly Source[],
  match: readonly { source: Source }[],
): string | undefined {
  const arrays = new Set([
    ...sources.filter(({ path }) => path.length === 2).map(({ path }) => path[0]),
    ...match.filter(({ source }) => isArray(source)).map(({ source }) => source.path[0]),
  ]);
  if (arrays.size > 1) fail(place, `goes through several arrays: ${[...arrays].join(', ')}`);
  return [...arrays][0];
}

function isArray({ path, type }: Source): boolean {
  return path.length === 1 && itemsOf(type) !== undefined;
}

/** The kind of a value, or of each value of an array. */
function kindOfOne({ type }: Source): ValueKind | undefined {
  return kindOf(itemsOf(type) ?? type);
}

function isComparable(kind: ValueKind | undefined): boolean {
  return kind === 'string' || kind === 'integer' || kind === 'boolean';
}

function sourceOf({ fail }: SchemaChecks, fields: FieldsByName, place: string, from: unknown): Source {
  const path = typeof from === 'string' ? from.split('.') : [];
  const outer = fields.get(path[0] ?? '');
  if (outer !== undefined && path.length === 1) return { path, type: outer.type };
  const items = outer === undefined ? undefined : itemsOf(outer.type);
  const inner = items === undefined || path.length !== 2 ? undefined : fieldsOf(items);
  const field = inner?.find(({ name }) => name === path[1]);
  if (field === undefined) return fail(place, `names no field: ${JSON.stringify(from)}`);
  if (itemsOf(field.type) !== undefined) return fail(place, `${path.join('.')} is an array within an array`);
  return { path, type: field.type };
}
