import { SchemaError } from '../platform/errors.ts';
import type { AvroRecord } from './avro-schema.ts';
import type { RegistryConfig } from './registry-request.ts';
import { createRegistryRequest } from './registry-request.ts';

export interface RegisteredSchema {
  id: number;
  version: number;
  /** As JSON with all its attributes; usually an AvroRecord. */
  schema: unknown;
}

/**
 * A Confluent-compatible schema registry. Every method throws InfrastructureError CS_REGISTRY when the registry cannot
 * be reached (retryable) or refuses us (not retryable).
 * https://docs.confluent.io/platform/current/schema-registry/develop/api.html
 */
export interface SchemaRegistry {
  /** Without credentials. */
  readonly url: string;
  /** Resolves when a registry answers at the address. */
  ping(): Promise<void>;
  /**
   * Sees to it that the subject is BACKWARD_TRANSITIVE (FULL_TRANSITIVE is left alone) and that the schema is one of
   * its versions. Returns the schema's id, the same one each time.
   * @throws SchemaError when the schema is incompatible with an earlier version, or invalid.
   */
  register(subject: string, schema: AvroRecord): Promise<number>;
  /** The schema of an id as JSON; undefined when the registry has none. */
  byId(id: number): Promise<unknown>;
  /** The names of all subjects. */
  subjects(): Promise<string[]>;
  /** The newest version; undefined when the subject has none. */
  latest(subject: string): Promise<RegisteredSchema | undefined>;
}

const strictEnough = new Set(['BACKWARD_TRANSITIVE', 'FULL_TRANSITIVE']);

/** Opens no connection yet: see `ping`. */
export function connectRegistry(config: RegistryConfig): SchemaRegistry {
  const request = createRegistryRequest(config);

  const ensureCompatibility = async (subject: string): Promise<void> => {
    const path = `/config/${encodeURIComponent(subject)}`;
    const current = await request.send<{ compatibilityLevel?: string }>('GET', path);
    if (strictEnough.has(current?.compatibilityLevel ?? '')) return;
    const changed = await request.send('PUT', path, { compatibility: 'BACKWARD_TRANSITIVE' });
    if (changed === undefined) throw request.failure(`it cannot set the compatibility of subject ${subject}`);
  };

  const parse = (answer: { schema?: unknown; schemaType?: string }, what: string): unknown => {
    if (answer.schemaType !== undefined && answer.schemaType !== 'AVRO') {
      throw new SchemaError(`the registry's schema of ${what} is of type ${answer.schemaType}, not Avro`);
    }
    if (typeof answer.schema !== 'string') throw request.failure(`the answer for ${what} holds no schema`);
    try {
      return JSON.parse(answer.schema);
    } catch (error) {
      throw new SchemaError(`the registry's schema of ${what} is not JSON`, { cause: error });
    }
  };

  return {
    url: request.url,

    async ping() {
      if ((await request.send('GET', '/config')) === undefined) throw request.failure('/config is not found there');
    },

    async register(subject, schema) {
      await ensureCompatibility(subject);
      const path = `/subjects/${encodeURIComponent(subject)}/versions`;
      const answer = await request.send<{ id?: unknown }>('POST', path, {
        schema: JSON.stringify(schema),
        schemaType: 'AVRO',
      });
      if (typeof answer?.id !== 'number') throw request.failure(`no schema id came back for subject ${subject}`);
      return answer.id;
    },

    async byId(id) {
      const answer = await request.send<{ schema?: unknown }>('GET', `/schemas/ids/${id}`);
      return answer === undefined ? undefined : parse(answer, `id ${id}`);
    },

    async subjects() {
      return (await request.send<string[]>('GET', '/subjects')) ?? [];
    },

    async latest(subject) {
      const path = `/subjects/${encodeURIComponent(subject)}/versions/latest`;
      const answer = await request.send<{ id: number; version: number; schema?: unknown }>('GET', path);
      if (answer === undefined) return undefined;
      return { id: answer.id, version: answer.version, schema: parse(answer, `subject ${subject}`) };
    },
  };
}
