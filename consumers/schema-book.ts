import { SchemaError } from '../platform/errors.ts';
import { subjectOf } from '../schemas/codec.ts';
import { parseRecordSchema, type RecordSchema } from '../schemas/record-schema.ts';
import type { AvroRecord } from '../schemas/avro-schema.ts';
import type { SchemaRegistry } from '../schemas/registry.ts';
import { recordTypesCalled, shortName } from './graph/names.ts';

/**
 * The registry's newest schemas by record type. What a loader must know of a record type that it has no record of at
 * hand comes from here, not from the loader's own copy.
 */
export class SchemaBook {
  readonly #registry: Pick<SchemaRegistry, 'latest' | 'subjects'>;
  readonly #topics: readonly string[];
  readonly #maxAgeMs: number;
  readonly #known = new Map<string, { at: number; schema: RecordSchema | undefined }>();
  #listed: { at: number; names: readonly string[] } | undefined;

  constructor(registry: Pick<SchemaRegistry, 'latest' | 'subjects'>, topics: readonly string[], maxAgeMs = 60_000) {
    this.#registry = registry;
    this.#topics = topics;
    this.#maxAgeMs = maxAgeMs;
  }

  /** The newest schema of a record type; undefined if the registry knows none. */
  async lookup(recordType: string, asOf = 0): Promise<RecordSchema | undefined> {
    const known = this.#known.get(recordType);
    if (known !== undefined && this.#isFresh(known.at, asOf)) return known.schema;
    const at = Date.now();
    let schema: RecordSchema | undefined;
    for (const topic of this.#topics) {
      const latest = await this.#registry.latest(subjectOf(topic, recordType));
      if (latest !== undefined) schema = sameOr(known?.schema, latest.schema) ?? schema;
    }
    this.#known.set(recordType, { at, schema });
    return schema;
  }

  /** The record types of the log, as far as the registry lists them. */
  async all(asOf = 0): Promise<RecordSchema[]> {
    const schemas = await Promise.all((await this.#names(asOf)).map((name) => this.lookup(name, asOf)));
    return schemas.filter((schema) => schema !== undefined);
  }

  /**
   * The record type of this short name, as the registry says at `asOf` (ms) or later. Asked by name where that can be: a
   * registry may leave subjects out of its list (Apicurio lists the first 1,000).
   */
  async called(short: string, asOf: number): Promise<RecordSchema | undefined> {
    for (const name of recordTypesCalled(short)) {
      const schema = await this.lookup(name, asOf);
      if (schema !== undefined) return schema;
    }
    return (await this.all(asOf)).find(({ name }) => shortName(name) === short);
  }

  #isFresh(at: number, asOf: number): boolean {
    return at >= asOf && Date.now() - at < this.#maxAgeMs;
  }

  async #names(asOf: number): Promise<readonly string[]> {
    if (this.#listed === undefined || !this.#isFresh(this.#listed.at, asOf)) {
      const at = Date.now();
      const subjects = await this.#registry.subjects();
      const names = this.#topics.flatMap((topic) =>
        subjects.filter((subject) => subject.startsWith(`${topic}-`)).map((subject) => subject.slice(topic.length + 1)),
      );
      this.#listed = { at, names: [...new Set(names)] };
    }
    return this.#listed.names;
  }
}

/**
 * Keeps the object while the schema is the same, so that what was made from it (statements) stays made. A subject that is
 * no record type of ours, whoever registered it, is none.
 */
function sameOr(known: RecordSchema | undefined, avro: unknown): RecordSchema | undefined {
  if (known !== undefined && JSON.stringify(known.avro) === JSON.stringify(avro)) return known;
  try {
    return parseRecordSchema(avro as AvroRecord);
  } catch (error) {
    if (error instanceof SchemaError) return undefined;
    throw error;
  }
}
