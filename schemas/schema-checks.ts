import { SchemaError } from '../platform/errors.ts';

/** Everything that a schema puts into Cypher text must look like this. */
const namePattern = /^[A-Za-z][A-Za-z0-9_]{0,127}$/;
const recordNamePattern = /^(?=.{1,200}$)[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)+$/;
/** Bookkeeping of the loaders: no schema may set these. */
const reserved = new Set(['lastupdated', 'firstseen']);
/** The names with an underscore in front that the reference has; all others are kept for bookkeeping. */
const referenceNames = new Set(['_sub_resource_label', '_sub_resource_id']);

/** Checks of JSON from outside, each with the place that its message names. */
export interface SchemaChecks {
  fail: (place: string, problem: string) => never;
  object: (place: string, value: unknown) => object;
  /** An absent list is empty. */
  list: (place: string, value: unknown) => unknown[];
  /** The entries of an object; an absent one has none. */
  entries: (place: string, value: unknown) => [string, unknown][];
  flag: (place: string, value: unknown) => boolean | undefined;
  /** A label, a relationship type, or a property that is only read. */
  name: (place: string, value: unknown) => string;
  /** A property that records set. */
  property: (place: string, value: unknown) => string;
  recordName: (place: string, value: unknown) => string;
}

/** @param schema what the messages call the schema: its name, if it has one. */
export function checksOf(schema: string): SchemaChecks {
  const fail = (place: string, problem: string): never => {
    throw new SchemaError(`schema ${schema}: ${place} ${problem}`, { details: { schema } });
  };
  const object = (place: string, value: unknown): object =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? value
      : fail(place, `must be an object, not ${show(value)}`);
  const name = (place: string, value: unknown): string =>
    typeof value === 'string' && namePattern.test(value)
      ? value
      : fail(place, `must be a name of letters, digits and underscores that begins with a letter, not ${show(value)}`);
  return {
    fail,
    object,
    name,
    list: (place, value) =>
      value === undefined
        ? []
        : Array.isArray(value)
          ? (value as unknown[])
          : fail(place, `must be a list, not ${show(value)}`),
    entries: (place, value) => (value === undefined ? [] : Object.entries(object(place, value))),
    flag: (place, value) =>
      value === undefined || typeof value === 'boolean'
        ? value
        : fail(place, `must be true or false, not ${show(value)}`),
    property: (place, value) => {
      if (typeof value === 'string' && referenceNames.has(value)) return value;
      const property = name(place, value);
      return reserved.has(property) ? fail(place, `"${property}" is set by the loader`) : property;
    },
    recordName: (place, value) =>
      typeof value === 'string' && recordNamePattern.test(value)
        ? value
        : fail(place, `must be a dotted Avro full name, not ${show(value)}`),
  };
}

function show(value: unknown): string {
  return value === undefined ? 'missing' : JSON.stringify(value).slice(0, 200);
}
