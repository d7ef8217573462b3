import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

import { messageOf, SchemaError } from '../platform/errors.ts';
import type { AvroRecord } from './avro-schema.ts';
import { fullName, nameIn } from './avro-schema.ts';
import type { RecordSchema } from './record-schema.ts';
import { parseRecordSchema } from './record-schema.ts';

/** The schemas of this checkout: what its producers write. Loaders use the registry's instead. */
export interface Catalogue {
  /** The record type of this full name, e.g. `cartography.aws.ec2.Instance`; undefined for markers. */
  get(name: string): RecordSchema | undefined;
  /** All record types by name. */
  all(): readonly RecordSchema[];
  /** The record types that a sync emits, by name. */
  ofSync(sync: string): readonly RecordSchema[];
  /** The markers' schemas by full name. */
  readonly markers: ReadonlyMap<string, AvroRecord>;
  /** The Avro schema of a record type or a marker. */
  avro(name: string): AvroRecord | undefined;
  /** Those of all record types and markers. */
  avroByName(): ReadonlyMap<string, AvroRecord>;
}

const schemasDirectory = fileURLToPath(new URL('.', import.meta.url));

/**
 * Reads every .avsc file below `<directory>/aws`, at once and synchronously.
 * @throws SchemaError that names the file: not JSON, a name that is not its path, a `graph` attribute that breaks the contract.
 */
export function loadCatalogue(directory: string = schemasDirectory): Catalogue {
  const records = new Map<string, RecordSchema>();
  const markers = new Map<string, AvroRecord>();
  for (const path of schemaFiles(directory)) {
    const avro = readSchemaFile(directory, path);
    const name = fullName(avro);
    if (avro.namespace?.endsWith('.markers') === true) markers.set(name, avro);
    else records.set(name, parseRecordSchema(avro));
  }
  const all = [...records.values()];
  const avroByName = new Map([...all.map(({ name, avro }) => [name, avro] as const), ...markers]);
  const bySync = Map.groupBy(all, (schema) => schema.sync);
  return {
    get: (name) => records.get(name),
    all: () => all,
    ofSync: (sync) => bySync.get(sync) ?? [],
    markers,
    avro: (name) => avroByName.get(name),
    avroByName: () => avroByName,
  };
}

/** Paths relative to the directory, with slashes, in an order that does not depend on the machine. */
function schemaFiles(directory: string): string[] {
  return readdirSync(join(directory, 'aws'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.avsc'))
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort((a, b) => (a < b ? -1 : 1));
}

function readSchemaFile(directory: string, path: string): AvroRecord {
  let avro: AvroRecord;
  try {
    avro = JSON.parse(readFileSync(join(directory, path), 'utf8')) as AvroRecord;
  } catch (error) {
    throw new SchemaError(`schemas/${path}: is not JSON: ${messageOf(error)}`, { cause: error, details: { path } });
  }
  // `aws/ec2/Vpc.avsc` holds `cartography.aws.ec2.Vpc`, so no two files can hold one name.
  const expected = `cartography.${path.slice(0, -'.avsc'.length).replaceAll('/', '.')}`;
  const name = nameIn(avro);
  if (name !== expected) {
    throw new SchemaError(`schemas/${path}: the name must be ${expected}, not ${JSON.stringify(name)}`, {
      details: { path },
    });
  }
  return avro;
}
