import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { once } from 'node:events';
import neo4j from 'neo4j-driver';
import type { RecordSchema } from '../../schemas/record-schema.ts';
import type { ValueKind } from '../../schemas/value-kind.ts';
import type { TypedRows } from '../loader/read-rows.ts';

/** How `neo4j-admin database import` names the kinds of values. */
const csvTypes: Record<ValueKind, string> = {
  integer: 'long',
  float: 'double',
  boolean: 'boolean',
  string: 'string',
  datetime: 'datetime',
  integers: 'long[]',
  floats: 'double[]',
  booleans: 'boolean[]',
  strings: 'string[]',
};

/** The options `--nodes` and `--relationships` for the files that were written. */
export interface CsvFiles {
  parameters: string[];
  nodes: number;
  edges: number;
}

/** Writes what the records make as CSV for `neo4j-admin database import`: a file for each label and each kind of edge. */
export async function writeCsv(types: readonly TypedRows[], folder: string): Promise<CsvFiles> {
  const files: CsvFiles = { parameters: [], nodes: 0, edges: 0 };
  const byLabel = Map.groupBy(types, ({ schema }) => schema.label);
  for (const [label, group] of byLabel) {
    const columns = new Map(group.flatMap(({ schema }) => columnsOf(schema)));
    const nodes = new Map<string, Record<string, unknown>>();
    for (const { rows } of group)
      for (const { id, props, tag } of rows) nodes.set(id, { ...nodes.get(id), ...props, lastupdated: tag });
    const header = [`id:ID(${label})`, ...[...columns].map(([name, kind]) => `${name}:${csvTypes[kind]}`)];
    const lines = [...nodes].map(([id, props]) => [id, ...[...columns.keys()].map((name) => props[name])]);
    const file = await writeLines(path.join(folder, `${label}.csv`), header, lines);
    const labels = [...new Set(group.flatMap(({ schema }) => [schema.label, ...schema.labels]))];
    files.parameters.push(`--nodes=${labels.join(':')}=${file}`);
    files.nodes += nodes.size;
  }
  for (const { schema, rows } of types) {
    for (const [index, { type, label, match, direction, crossAccount }] of schema.relationships.entries()) {
      if (crossAccount || match[0]!.property !== 'id' || !byLabel.has(label)) continue;
      const ends = direction === 'out' ? [schema.label, label] : [label, schema.label];
      const lines = rows.flatMap(({ id, tag, references }) =>
        references
          .filter(({ relationship }) => relationship === index)
          .map(({ values }) => (direction === 'out' ? [id, values[0], tag] : [values[0], id, tag])),
      );
      const header = [`:START_ID(${ends[0]})`, `:END_ID(${ends[1]})`, 'lastupdated:long'];
      const file = await writeLines(path.join(folder, `${schema.name}.${index}.csv`), header, lines);
      files.parameters.push(`--relationships=${type}=${file}`);
      files.edges += lines.length;
    }
  }
  return files;
}

function columnsOf(schema: RecordSchema): [string, ValueKind][] {
  const own = schema.properties
    .filter(({ property }) => property !== 'id')
    .map(({ property, kind }): [string, ValueKind] => [property, kind]);
  return [...own, ['lastupdated', 'integer']];
}

async function writeLines(file: string, header: readonly string[], lines: readonly unknown[][]): Promise<string> {
  const stream = createWriteStream(file);
  for (const line of [header, ...lines])
    if (!stream.write(`${line.map(csvValue).join(',')}\n`)) await once(stream, 'drain');
  stream.end();
  await once(stream, 'finish');
  return file;
}

function csvValue(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = Array.isArray(value)
    ? value.map(String).join(';')
    : neo4j.isDateTime(value)
      ? value.toString()
      : `${value as string}`;
  return `"${text.replaceAll('"', '""')}"`;
}
