import avsc from 'avsc';
import type { Type } from 'avsc';

import type { AvroRecord, AvroSchema } from './avro-schema.ts';

type AvscSchema = Parameters<typeof avsc.Type.forSchema>[0];

/** What avsc's readers hand around; its typings leave it out. */
interface Tap {
  readonly buf: Buffer;
  pos: number;
  readLong(): number;
  skipLong(): void;
  readString(): string;
}
interface Reader {
  _read(tap: Tap): unknown;
}

/**
 * The avsc type of a schema, for both directions. Values are plain objects; a `[null, X]` union holds null or X
 * unwrapped; longs are numbers, and so are their logical types (timestamp-millis: milliseconds since the epoch).
 * @throws Error of avsc for an invalid schema, and for a union whose branches no JavaScript value tells apart.
 */
export function avroType(schema: AvroSchema | AvroRecord): Type {
  return avsc.Type.forSchema(schema as AvscSchema, {
    wrapUnions: 'never',
    omitRecordMethods: true,
    typeHook: buildType,
  });
}

function buildType(schema: AvscSchema, options: object): Type | undefined {
  switch ((schema as { type?: unknown }).type) {
    case 'record': {
      const type = new avsc.types.RecordType(schema, options);
      (type.recordConstructor as { prototype: object }).prototype = Object.prototype;
      return type;
    }
    case 'array':
      return new BoundedArrayType(schema, options);
    case 'map':
      return new BoundedMapType(schema, options);
    default:
      return undefined;
  }
}

/** avsc believes any item count it reads: five corrupt bytes would make it fill the memory. */
class BoundedArrayType extends avsc.types.ArrayType {
  _read(tap: Tap): unknown[] {
    const items = this.itemsType as unknown as Reader;
    const value: unknown[] = [];
    for (let left = readBlockCount(tap); left > 0; left = readBlockCount(tap)) {
      while (left-- > 0) value.push(items._read(tap));
    }
    return value;
  }
}

class BoundedMapType extends avsc.types.MapType {
  _read(tap: Tap): Record<string, unknown> {
    const values = this.valuesType as Reader;
    const value: Record<string, unknown> = {};
    for (let left = readBlockCount(tap); left > 0; left = readBlockCount(tap)) {
      while (left-- > 0) {
        const key = tap.readString();
        const item = values._read(tap);
        if (key === '__proto__') Object.defineProperty(value, key, { value: item, enumerable: true });
        else value[key] = item;
      }
    }
    return value;
  }
}

/** Every item takes at least one byte (none of ours is empty), so a block cannot hold more items than bytes are left. */
function readBlockCount(tap: Tap): number {
  let count = tap.readLong();
  if (count < 0) {
    count = -count;
    tap.skipLong();
  }
  if (count > tap.buf.length - tap.pos && count !== 0)
    throw new Error(`${count} items announced, ${tap.buf.length - tap.pos} bytes left`);
  return count;
}
