import { hash } from 'node:crypto';
import { assetEnvelope, hierarchyEnvelope } from '../../schemas/graph-attribute.ts';
import type { RecordSchema } from '../../schemas/record-schema.ts';

/** Raise it when the loaders begin to make something else of the same record: nodes are then written anew. */
const MAPPING_VERSION = 2n;

/** Magic byte and schema id. */
const WIRE_HEAD_BYTES = 5;
const SCHEMA_ID_AT = 1;

/**
 * 64 bits that stand for all that a message says, the writer's schema included, but its tag: equal in two runs that saw the
 * same. The envelope stands in front (scope and id are compared by themselves); null where a schema has it elsewhere.
 */
export function contentOf(schema: RecordSchema, message: Buffer): bigint | null {
  const texts = envelopeTexts(schema);
  if (texts === undefined) return null;
  const digest = hash('sha1', message.subarray(afterEnvelope(message, texts)), 'buffer');
  return digest.readBigInt64BE() ^ BigInt(message.readUInt32BE(SCHEMA_ID_AT)) ^ (MAPPING_VERSION << 32n);
}

const known = new WeakMap<RecordSchema, number | undefined>();

/** How many texts stand in front of the update tag; undefined where the fields do not begin with the envelope. */
function envelopeTexts(schema: RecordSchema): number | undefined {
  if (!known.has(schema)) {
    const envelope: readonly string[] = schema.kind === 'asset' ? assetEnvelope : hierarchyEnvelope;
    const isInFront = envelope.every((name, index) => schema.avro.fields[index]?.name === name);
    known.set(schema, isInFront && envelope.at(-1) === 'updateTag' ? envelope.length - 1 : undefined);
  }
  return known.get(schema);
}

/** https://avro.apache.org/docs/1.12.0/specification/#binary-encoding: a text is its length, a zigzag long, and its bytes. */
function afterEnvelope(message: Buffer, texts: number): number {
  let at = WIRE_HEAD_BYTES;
  for (let text = 0; text < texts; text++) {
    let length = 0;
    let shift = 1;
    let byte: number;
    do {
      byte = message[at++]!;
      length += (byte & 0x7f) * shift;
      shift *= 128;
    } while (byte >= 0x80);
    at += length / 2;
  }
  while (message[at++]! >= 0x80);
  return at;
}
