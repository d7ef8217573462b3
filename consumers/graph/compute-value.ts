import type { ValueRule } from '../../schemas/value-rule.ts';

type RecordValue = Readonly<Record<string, unknown>>;

/** Makes the function that reads a computed property's value from a record; null: none. */
export function computeValue(from: ValueRule): (value: RecordValue) => unknown {
  switch (from.how) {
    case 'value':
      return () => from.value;
    case 'first':
      return (value) => from.fields.map((field) => value[field]).find(isThere) ?? null;
    case 'toBoolean':
      return (value) => truthOf(value[from.field]) ?? isThere(value[from.field]);
    case 'or':
      return (value) => from.fields.some((field) => truthOf(value[field]) === true);
    case 'nor':
      return (value) => !from.fields.some((field) => truthOf(value[field]) === true);
    case 'in':
      return (value) => (isThere(value[from.field]) ? from.values.some((one) => one === value[from.field]) : null);
    case 'map':
      return (value) => from.names.get(value[from.field] as string) ?? null;
    case 'all':
      return (value) => from.equal.every(([field, expected]) => value[field] === expected);
  }
}

function isThere(value: unknown): boolean {
  return value !== null && value !== undefined;
}

/**
 * What a value says, if it is true or false in words or numbers.
 * https://neo4j.com/docs/cypher-manual/current/functions/scalar/#functions-tobooleanornull
 */
function truthOf(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return value !== 0;
  if (typeof value !== 'string') return undefined;
  const word = value.trim().toLowerCase();
  return word === 'true' ? true : word === 'false' ? false : undefined;
}
