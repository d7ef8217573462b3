import { readFile, writeFile } from 'node:fs/promises';

import type { AvroRecord } from '../../schemas/avro-schema.ts';

/** Every version of every schema that was ever released, the oldest first, without docs. */
export type Baseline = ReadonlyMap<string, readonly AvroRecord[]>;

const file = new URL('../../schemas/baseline/released.json', import.meta.url);

export async function readBaseline(): Promise<Baseline> {
  return new Map(Object.entries(JSON.parse(await readFile(file, 'utf8')) as Record<string, AvroRecord[]>));
}

/** One line per version, so that a diff shows what a release changed. */
export async function writeBaseline(baseline: Baseline): Promise<void> {
  const entries = [...baseline].map(([name, versions]) => {
    const lines = versions.map((version) => `    ${JSON.stringify(version)}`);
    return `  ${JSON.stringify(name)}: [\n${lines.join(',\n')}\n  ]`;
  });
  await writeFile(file, entries.length === 0 ? '{}\n' : `{\n${entries.join(',\n')}\n}\n`);
}

/** The baseline once the current schemas are released: those that have changed since become their newest version. */
export function release(baseline: Baseline, current: ReadonlyMap<string, AvroRecord>): Baseline {
  const names = [...new Set([...baseline.keys(), ...current.keys()])].sort();
  return new Map(
    names.map((name) => {
      const versions = baseline.get(name) ?? [];
      const schema = current.get(name);
      if (schema === undefined) return [name, versions];
      const newest = withoutDocs(schema) as AvroRecord;
      return JSON.stringify(versions.at(-1)) === JSON.stringify(newest)
        ? [name, versions]
        : [name, [...versions, newest]];
    }),
  );
}

/** A default may hold anything, so only schemas are searched, not defaults. */
function withoutDocs(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutDocs);
  if (typeof schema !== 'object' || schema === null) return schema;
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([attribute]) => attribute !== 'doc')
      .map(([attribute, value]) => [attribute, attribute === 'default' ? value : withoutDocs(value)]),
  );
}
