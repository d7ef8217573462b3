import { compileRow, type Row } from '../../consumers/graph/row.ts';
import type { Log } from '../../platform/kafka/log.ts';
import { readLog } from '../../platform/kafka/read-log.ts';
import { createDecoder } from '../../schemas/codec.ts';
import type { RecordSchema } from '../../schemas/record-schema.ts';
import type { SchemaRegistry } from '../../schemas/registry.ts';

export interface TypedRows {
  schema: RecordSchema;
  rows: Row[];
}

/** Everything that is in a topic, decoded into what the loaders would write, by record type. */
export async function readRows(log: Log, registry: SchemaRegistry, topic: string): Promise<TypedRows[]> {
  const decoder = createDecoder(registry);
  const groups = new Map<string, TypedRows & { compile: ReturnType<typeof compileRow> }>();
  for (const { value } of await readLog(log, topic)) {
    const decoded = await decoder.decode(value!);
    let group = groups.get(decoded.name);
    if (group === undefined) {
      group = { schema: decoded.schema!, rows: [], compile: compileRow(decoded.schema!) };
      groups.set(decoded.name, group);
    }
    group.rows.push(group.compile(decoded.value, value!));
  }
  return [...groups.values()].map(({ schema, rows }) => ({ schema, rows }));
}
