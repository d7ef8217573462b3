import pLimit from 'p-limit';
import type { AvroRecord } from './avro-schema.ts';
import type { Catalogue } from './catalogue.ts';
import { subjectOf } from './codec.ts';
import type { SchemaRegistry } from './registry.ts';

/** The subjects of the log's topics with their schemas: assets, hierarchy and markers. */
export function subjectsOf(
  catalogue: Pick<Catalogue, 'avro' | 'all' | 'markers'>,
  topics: { assets: string; hierarchy: string; markers: string },
): Map<string, AvroRecord> {
  const subjects = new Map<string, AvroRecord>();
  for (const { name, kind, avro } of catalogue.all())
    subjects.set(subjectOf(kind === 'asset' ? topics.assets : topics.hierarchy, name), avro);
  for (const [name, avro] of catalogue.markers) subjects.set(subjectOf(topics.markers, name), avro);
  return subjects;
}

/**
 * Registers every schema that collectors write with, so that loaders can create all constraints and indexes at once and
 * an incompatible schema is found before anything is collected.
 * @throws SchemaError for an incompatible schema; InfrastructureError CS_REGISTRY.
 */
export async function registerSchemas(
  registry: Pick<SchemaRegistry, 'register'>,
  subjects: ReadonlyMap<string, AvroRecord>,
): Promise<void> {
  const limit = pLimit(8);
  await Promise.all([...subjects].map(([subject, avro]) => limit(() => registry.register(subject, avro))));
}
