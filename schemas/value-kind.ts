import type { AvroSchema } from './avro-schema.ts';
import { isNullable, itemsOf, withoutNull } from './avro-schema.ts';

/** What the graph stores: integers, floats and date-times need conversion on the way. */
export type ScalarKind = 'integer' | 'float' | 'boolean' | 'string' | 'datetime';
export type ValueKind = ScalarKind | 'integers' | 'floats' | 'booleans' | 'strings';

/**
 * What a field of this Avro type becomes as a property. A union of a text and an array of texts counts as `strings`,
 * and each value is stored as it is. Undefined for what no property can hold: maps, records, bytes, nested arrays,
 * arrays of date-times or with nulls among their items, other unions than with null.
 */
export function kindOf(type: AvroSchema): ValueKind | undefined {
  if (isTextOrTexts(type)) return 'strings';
  const items = itemsOf(type);
  if (items === undefined) return scalarKindOf(type);
  if (isNullable(items)) return undefined;
  const kind = scalarKindOf(items);
  return kind === undefined || kind === 'datetime' ? undefined : `${kind}s`;
}

/** AWS's policies hold a string where they mean a list of one. */
function isTextOrTexts(type: AvroSchema): boolean {
  if (!Array.isArray(type)) return false;
  const branches = type.filter((branch) => branch !== 'null');
  return branches.length === 2 && branches.includes('string') && branches.some((one) => kindOf(one) === 'strings');
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
