import type { Type } from 'avsc';

import { InfrastructureError, messageOf, RecordError, SchemaError } from '../platform/errors.ts';
import { avroType } from './avro-type.ts';
import type { Catalogue } from './catalogue.ts';
import type { AvroRecord } from './avro-schema.ts';
import { fullName } from './avro-schema.ts';
import type { RecordSchema } from './record-schema.ts';
import { parseRecordSchema } from './record-schema.ts';
import type { SchemaRegistry } from './registry.ts';

/*
 * Confluent's wire format: a zero byte, the schema id as four bytes big-endian, the Avro body.
 * https://docs.confluent.io/platform/current/schema-registry/fundamentals/serdes-develop/index.html#wire-format
 */
const magicByte = 0;
const headerBytes = 5;
const slabBytes = 64 * 1024;

export interface Encoder {
  /**
   * One message value. The first call for a topic and record type registers the schema; later ones answer without a
   * promise, so that a hot loop can leave the `await` out. Errors come the same two ways.
   * @throws RecordError for a value that the schema refuses: names the record type, the field and what is wrong.
   * @throws SchemaError when the record type is unknown or the registry finds its schema incompatible.
   * @throws InfrastructureError CS_REGISTRY when the registry cannot be reached.
   */
  encode(topic: string, recordType: string, value: object): Buffer | Promise<Buffer>;
}

export interface DecodedRecord {
  schemaId: number;
  /** Full name of the writer's schema. */
  name: string;
  /** The writer's schema with its `graph` attribute; undefined for an event that is no node, such as a marker. */
  schema: RecordSchema;
  value: Record<string, unknown>;
}
export interface DecodedEvent extends Omit<DecodedRecord, 'schema'> {
  schema: undefined;
}
export type Decoded = DecodedRecord | DecodedEvent;

export interface Decoder {
  /**
   * Decodes with the schema that it was written with. Answers without a promise once it knows the schema id, so that
   * a hot loop can leave the `await` out; errors come the same two ways.
   * @throws RecordError for bytes that no retry will make readable (poison).
   * @throws InfrastructureError CS_REGISTRY, retryable, when the registry cannot be asked: says nothing about the record.
   */
  decode(bytes: Buffer): Decoded | Promise<Decoded>;
}

/** The registry's subject of a record type in a topic: TopicRecordNameStrategy. */
export function subjectOf(topic: string, recordType: string): string {
  return `${topic}-${recordType}`;
}

export function createEncoder(registry: Pick<SchemaRegistry, 'register'>, catalogue: Pick<Catalogue, 'avro'>): Encoder {
  const types = new Map<string, RecordWriter>();
  const schemaIds = new Map<string, Map<string, number | Promise<number>>>();
  // Values are cut from it, one behind the other.
  let slab = Buffer.allocUnsafeSlow(slabBytes);
  let used = 0;

  const writerOf = (recordType: string): RecordWriter => {
    const known = types.get(recordType);
    if (known !== undefined) return known;
    const avro = catalogue.avro(recordType);
    if (avro === undefined)
      throw new SchemaError(`${recordType} is no record type of schemas/`, { details: { recordType } });
    const writer = { avro, type: avroType(avro), fields: new Set(avro.fields.map((field) => field.name)) };
    types.set(recordType, writer);
    return writer;
  };

  const schemaIdOf = (topic: string, recordType: string, avro: AvroRecord): number | Promise<number> => {
    let ofTopic = schemaIds.get(topic);
    if (ofTopic === undefined) {
      ofTopic = new Map<string, number | Promise<number>>();
      schemaIds.set(topic, ofTopic);
    }
    let schemaId = ofTopic.get(recordType);
    if (schemaId === undefined) {
      schemaId = registry.register(subjectOf(topic, recordType), avro);
      ofTopic.set(recordType, schemaId);
      schemaId.then(
        (id) => ofTopic.set(recordType, id),
        () => ofTopic.delete(recordType),
      );
    }
    return schemaId;
  };

  const write = (writer: RecordWriter, schemaId: number, value: object): Buffer => {
    for (;;) {
      const end = writer.type.encode(value, slab, used + headerBytes);
      if (end < 0) {
        // By so much it was too short; what others hold of the old one stays theirs.
        slab = Buffer.allocUnsafeSlow(Math.max(slabBytes, slab.length - used - end));
        used = 0;
        continue;
      }
      const bytes = slab.subarray(used, end);
      bytes[0] = magicByte;
      bytes.writeUInt32BE(schemaId, 1);
      used = end;
      return bytes;
    }
  };

  const encodeWith = (recordType: string, writer: RecordWriter, schemaId: number, value: object): Buffer => {
    for (const field in value)
      if (!writer.fields.has(field)) throw refusal(recordType, `${field} is not in the schema`);
    try {
      return write(writer, schemaId, value);
    } catch (error) {
      // avsc's own error quotes the value, which may be a secret.
      const fault = findFault(writer.type, value);
      throw fault === undefined ? refusal(recordType, messageOf(error), error) : refusal(recordType, fault);
    }
  };

  return {
    encode(topic, recordType, value) {
      const writer = writerOf(recordType);
      const schemaId = schemaIdOf(topic, recordType, writer.avro);
      return typeof schemaId === 'number'
        ? encodeWith(recordType, writer, schemaId, value)
        : schemaId.then((late) => encodeWith(recordType, writer, late, value));
    },
  };
}

interface RecordWriter {
  avro: AvroRecord;
  type: Type;
  fields: ReadonlySet<string>;
}

function refusal(recordType: string, problem: string, cause?: unknown): RecordError {
  return new RecordError(`${recordType} refuses a record: ${problem}`, { cause, details: { recordType } });
}

/** Says where and why a value does not fit; only values that did not are worth the time. */
function findFault(type: Type, value: object): string | undefined {
  let fault: string | undefined;
  type.isValid(value, {
    errorHook: (path, found, expected) => {
      fault ??= `${path.join('.')} must be ${describeType(expected)}, not ${describeValue(found)}`;
    },
  });
  return fault;
}

function describeType(type: Type): string {
  const schema = JSON.stringify(type.schema({ noDeref: true }));
  return schema.length <= 120 ? schema : type.typeName;
}

/** The kind and, for what cannot be a secret, the value. */
function describeValue(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'bigint') return `the bigint ${value}`;
  return Array.isArray(value) ? 'an array' : value instanceof Date ? 'a Date' : `a ${typeof value}`;
}

interface RecordReader {
  schemaId: number;
  name: string;
  schema: RecordSchema | undefined;
  type: Type;
}

export function createDecoder(registry: Pick<SchemaRegistry, 'byId'>, options: { unknownIdMs?: number } = {}): Decoder {
  const { unknownIdMs = 30_000 } = options;
  const readers = new Map<number, RecordReader>();
  const asked = new Map<number, Promise<RecordReader>>();
  /** Ids whose schema cannot be used; asked again after a while, so that a flood of poison does not flood the registry. */
  const unusable = new Map<number, { until: number; error: RecordError }>();

  const ask = async (schemaId: number): Promise<RecordReader> => {
    const refused = unusable.get(schemaId);
    if (refused !== undefined && refused.until > Date.now()) throw refused.error;
    try {
      const reader = readerOf(schemaId, await registry.byId(schemaId));
      readers.set(schemaId, reader);
      return reader;
    } catch (error) {
      if (error instanceof InfrastructureError) throw error;
      const poison = new RecordError(messageOf(error), { cause: error, details: { schemaId } });
      unusable.set(schemaId, { until: Date.now() + unknownIdMs, error: poison });
      throw poison;
    }
  };

  const askOnce = (schemaId: number): Promise<RecordReader> => {
    let answer = asked.get(schemaId);
    if (answer === undefined) {
      answer = ask(schemaId).finally(() => asked.delete(schemaId));
      asked.set(schemaId, answer);
    }
    return answer;
  };

  return {
    decode(bytes) {
      if (bytes.length < headerBytes || bytes[0] !== magicByte) {
        throw new RecordError(`the value is not in Confluent's wire format: ${describeStart(bytes)}`);
      }
      const schemaId = bytes.readUInt32BE(1);
      const reader = readers.get(schemaId);
      return reader === undefined ? askOnce(schemaId).then((late) => read(late, bytes)) : read(reader, bytes);
    },
  };
}

function readerOf(schemaId: number, avro: unknown): RecordReader {
  if (avro === undefined) throw new RecordError(`the registry knows no schema ${schemaId}`);
  if (!isAvroRecord(avro)) throw new RecordError(`schema ${schemaId} of the registry is no Avro record`);
  const schema = avro.graph === undefined ? undefined : parseRecordSchema(avro);
  return { schemaId, name: fullName(avro), schema, type: avroType(avro) };
}

function isAvroRecord(avro: unknown): avro is AvroRecord {
  return (
    typeof avro === 'object' &&
    avro !== null &&
    'type' in avro &&
    avro.type === 'record' &&
    'fields' in avro &&
    Array.isArray(avro.fields)
  );
}

function read(reader: RecordReader, bytes: Buffer): Decoded {
  const { schemaId, name, schema } = reader;
  let body: { value: unknown; offset: number };
  try {
    body = reader.type.decode(bytes, headerBytes);
  } catch (error) {
    throw unreadable(reader, messageOf(error), error);
  }
  if (body.offset < 0) throw unreadable(reader, 'the body is truncated');
  if (body.offset < bytes.length) throw unreadable(reader, `${bytes.length - body.offset} bytes follow the body`);
  return { schemaId, name, schema, value: body.value } as Decoded;
}

function unreadable(reader: RecordReader, problem: string, cause?: unknown): RecordError {
  const { schemaId, name } = reader;
  return new RecordError(`the value is no ${name} (schema ${schemaId}): ${problem}`, {
    cause,
    details: { schemaId, recordType: name },
  });
}

function describeStart(bytes: Buffer): string {
  return bytes.length < headerBytes ? `${bytes.length} bytes` : `it begins with byte ${bytes[0]}`;
}
