import type { AvroSchema } from './avro-schema.ts';
import { isNullable, itemsOf, withoutNull } from './avro-schema.ts';

/** What the graph stores: integers, floats and date-times need conversion on the way. */
export type ScalarKind = 'integer' | 'float' | 'boolean' | 'string' | 'datetime';
export type ValueKind = ScalarKind | 'integers' | 'floats' | 'booleans' | 'strings';

/**
 * What a field of this Avro type becomes as a property. Undefined for what no property can hold: maps, records, bytes,
 * nested arrays, arrays of date-times, and arrays with nulls among their items.
 */
export function kindOf(type: AvroSchema): ValueKind | undefined {
  const items = itemsOf(type);
  if (items === undefined) return scalarKindOf(type);
  if (isNullable(items)) return undefined;
  const kind = scalarKindOf(items);
  return kind === undefined || kind === 'datetime' ? undefined : `${kind}s`;
}

function scalarKindOf(type: AvroSchema): ScalarKind | undefined {
  const inner = withoutNull(type);
  if (typeof inner === 'object' && !Array.isArray(inner)) {
    if (inner.type === 'enum') return 'string';
    // On any other type the logical type means nothing (Avro specification, Logical Types).
    if (inner.type === 'long' && inner['logicalType'] === 'timestamp-millis') return 'datetime';
    return typeof inner.type === 'string' ? scalarKindOf(inner.type) : undefined;
  }
  switch (inner) {
    case 'int':
    case 'long':
      return 'integer';
    case 'float':
    case 'double':
      return 'float';
    case 'boolean':
    case 'string':
      return inner;
    default:
      return undefined;
  }
}
