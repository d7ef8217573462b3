import neo4j from 'neo4j-driver';
import { RecordError } from '../../platform/errors.ts';
import { assetScope, hierarchyScope, recordKey } from '../../schemas/scope.ts';
import type { RecordSchema, Relationship } from '../../schemas/record-schema.ts';
import type { ValueKind } from '../../schemas/value-kind.ts';
import { computeValue } from './compute-value.ts';
import { writtenAs } from './names.ts';

/** A decoded record, ready for the graph. */
export interface Row {
  id: string;
  scope: string;
  /** The account or organization part of the scope. */
  owner: string;
  tag: bigint;
  /** The record's key. */
  claim: string;
  /** Properties to set; null removes. */
  props: Record<string, unknown>;
  references: Reference[];
  /** The message that it came with. */
  message: Buffer;
}

/** One edge that a record asserts. */
export interface Reference {
  /** Position in RecordSchema.relationships. */
  relationship: number;
  /** Values of the other node's properties, in the order of Relationship.match, as the record has them. */
  values: (string | number | boolean)[];
  /** Properties of the edge, as the record has them. */
  props: Record<string, unknown>;
}

type RecordValue = Record<string, unknown>;

const convert: Record<ValueKind, (value: never) => unknown> = {
  integer: (value: number) => BigInt(value),
  float: (value: number) => value,
  boolean: (value: boolean) => value,
  string: (value: string) => value,
  datetime: (value: number) => toDateTime(value),
  integers: (value: number[]) => value.map((one) => BigInt(one)),
  floats: (value: number[]) => value,
  booleans: (value: boolean[]) => value,
  strings: (value: string[]) => value,
};

function toDateTime(milliseconds: number): unknown {
  const at = new Date(milliseconds);
  if (Number.isNaN(at.getTime())) throw new RecordError(`${milliseconds} ms is outside the range of dates`);
  return new neo4j.types.DateTime(
    at.getUTCFullYear(),
    at.getUTCMonth() + 1,
    at.getUTCDate(),
    at.getUTCHours(),
    at.getUTCMinutes(),
    at.getUTCSeconds(),
    at.getUTCMilliseconds() * 1_000_000,
    0,
  );
}

/** Makes the function that turns values of this record type into rows. */
export function compileRow(schema: RecordSchema): (value: RecordValue, message: Buffer) => Row {
  const setters = schema.properties
    .filter(({ property }) => property !== 'id')
    .map(({ property, field, kind }) => ({
      name: writtenAs(schema, property),
      field,
      convert: convert[kind] as (value: unknown) => unknown,
    }));
  const computed = schema.computed.map(({ property, kind, from }) => ({
    name: writtenAs(schema, property),
    compute: computeValue(from),
    convert: convert[kind] as (value: unknown) => unknown,
  }));
  const asset = schema.kind === 'asset';
  return (value, message) => {
    const id = value[schema.idField] as string;
    const owner = (asset ? value['accountId'] : value['organizationId']) as string;
    const scope = asset ? assetScope(owner, value['region'] as string, schema.sync) : hierarchyScope(owner);
    const props: Record<string, unknown> = {};
    for (const { name, field, convert } of setters) {
      const one = value[field];
      props[name] = one === null || one === undefined ? null : convert(one);
    }
    for (const { name, compute, convert } of computed) {
      const one = compute(value);
      props[name] = one === null ? null : convert(one);
    }
    let references: Reference[] | undefined;
    return {
      id,
      scope,
      owner,
      tag: BigInt(value['updateTag'] as number),
      claim: recordKey(schema.name, scope, id),
      props,
      message,
      /** Found when they are asked for: the nodes stage never does. */
      get references() {
        return (references ??= schema.relationships.flatMap((relationship, index) =>
          referencesOf(relationship, index, value),
        ));
      },
    };
  };
}

/** An edge's properties as the graph stores them. */
export function edgeProperties(relationship: Relationship, props: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    relationship.properties.map(({ property, kind }) => [
      property,
      props[property] === null ? null : (convert[kind] as (value: unknown) => unknown)(props[property]),
    ]),
  );
}

/** A matcher's value as the graph stores it: whole numbers are integers there. */
export function matchValue(value: string | number | boolean): unknown {
  return typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : value;
}

/** The edges of one declared relationship: one per item of an array, none where a value is missing. */
function referencesOf(relationship: Relationship, index: number, value: RecordValue): Reference[] {
  const steps = [...relationship.match, ...relationship.properties].map(({ path }) => path);
  const through = steps.find((path) => path.length === 2)?.[0];
  const many = through ?? relationship.match.map(({ path }) => path[0]!).find((field) => Array.isArray(value[field]));
  const items: unknown[] = many === undefined ? [undefined] : ((value[many] as unknown[] | null) ?? []);
  const references: Reference[] = [];
  const seen = new Set<string>();
  for (const item of items) {
    const at = (path: readonly string[]): unknown =>
      path.length === 2 ? (item as RecordValue)[path[1]!] : path[0] === many ? item : value[path[0]!];
    const values = relationship.match.map(({ path }) => at(path));
    if (values.some((one) => one === null || one === undefined)) continue;
    const key = values.length === 1 ? String(values[0]) : JSON.stringify(values);
    if (seen.has(key)) continue;
    seen.add(key);
    const props = Object.fromEntries(relationship.properties.map(({ property, path }) => [property, at(path) ?? null]));
    references.push({ relationship: index, values: values as Reference['values'], props });
  }
  return references;
}
