import type { FieldGraphAttribute, GraphAttribute } from './graph-attribute.ts';

/** An Avro schema as JSON. */
export type AvroSchema = string | AvroSchema[] | { type: AvroSchema; [attribute: string]: unknown };

export interface AvroField {
  name: string;
  type: AvroSchema;
  doc?: string;
  default?: unknown;
  graph?: FieldGraphAttribute;
}

export interface AvroRecord {
  type: 'record';
  name: string;
  namespace?: string;
  doc?: string;
  fields: AvroField[];
  graph?: GraphAttribute;
}

/** An Avro record's namespace and name. */
export function fullName(avro: { name: string; namespace?: string }): string {
  return avro.namespace === undefined || avro.name.includes('.') ? avro.name : `${avro.namespace}.${avro.name}`;
}

/** The full name in JSON that may be anything. */
export function nameIn(json: unknown): string | undefined {
  const { name, namespace } = (json ?? {}) as { name?: unknown; namespace?: unknown };
  if (typeof name !== 'string') return undefined;
  return fullName(typeof namespace === 'string' ? { name, namespace } : { name });
}

export function isNullable(type: AvroSchema): boolean {
  return Array.isArray(type) ? type.some(isNullable) : type === 'null';
}

/** The one type beside null in a union; a type that is no union is itself. Undefined for other unions. */
export function withoutNull(type: AvroSchema): AvroSchema | undefined {
  if (!Array.isArray(type)) return type;
  const branches = type.filter((branch) => branch !== 'null');
  return branches.length === 1 && !Array.isArray(branches[0]) ? branches[0] : undefined;
}

/** What an array holds; undefined for all that is not an array, nullable or not. */
export function itemsOf(type: AvroSchema): AvroSchema | undefined {
  const inner = withoutNull(type);
  if (typeof inner !== 'object' || Array.isArray(inner) || inner.type !== 'array') return undefined;
  return inner['items'] as AvroSchema;
}

/** The fields of a record, nullable or not; undefined for all else. */
export function fieldsOf(type: AvroSchema): AvroField[] | undefined {
  const inner = withoutNull(type);
  if (typeof inner !== 'object' || Array.isArray(inner) || inner.type !== 'record') return undefined;
  return inner['fields'] as AvroField[];
}
