import type { AvroRecord } from '../../schemas/avro-schema.ts';
import type { SchemaRegistry } from '../../schemas/registry.ts';

/** A registry in memory, without compatibility rules. */
export class MemoryRegistry implements SchemaRegistry {
  readonly url = 'memory:';
  readonly #schemas: AvroRecord[] = [];
  readonly #subjects = new Map<string, number>();

  async ping(): Promise<void> {}

  async register(subject: string, schema: AvroRecord): Promise<number> {
    let index = this.#schemas.findIndex((one) => JSON.stringify(one) === JSON.stringify(schema));
    if (index === -1) index = this.#schemas.push(schema) - 1;
    this.#subjects.set(subject, index);
    return index + 1;
  }

  async byId(id: number): Promise<unknown> {
    return this.#schemas[id - 1];
  }

  async subjects(): Promise<string[]> {
    return [...this.#subjects.keys()];
  }

  async latest(subject: string): Promise<{ id: number; version: number; schema: unknown } | undefined> {
    const index = this.#subjects.get(subject);
    return index === undefined ? undefined : { id: index + 1, version: 1, schema: this.#schemas[index] };
  }
}
