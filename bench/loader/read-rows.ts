import { compileRow, type Row } from '../../consumers/graph/row.ts';
import type { Log } from '../../platform/kafka/log.ts';
import { createDecoder } from '../../schemas/codec.ts';
import type { RecordSchema } from '../../schemas/record-schema.ts';
import type { SchemaRegistry } from '../../schemas/registry.ts';

export interface TypedRows {
  schema: RecordSchema;
  rows: Row[];
}

/** Everything that is in a topic, decoded into what the loaders would write, by record type. */
export async function readRows(log: Log, registry: SchemaRegistry, topic: string): Promise<TypedRows[]> {
  const admin = await log.admin();
  const ends = await admin.offsets(topic);
  await admin.close();
  const unread = new Map(ends.filter(({ high }) => high > 0n).map(({ partition, high }) => [partition, high]));
  const decoder = createDecoder(registry);
  const groups = new Map<string, TypedRows & { compile: ReturnType<typeof compileRow> }>();
  const done = Promise.withResolvers<void>();
  const consumer = log.consumer({ groupId: `bench-read-${Date.now()}`, topics: [topic] });
  await consumer.start(async (batch) => {
    for (const { value } of batch.messages) {
      const decoded = await decoder.decode(value!);
      let group = groups.get(decoded.name);
      if (group === undefined) {
        group = { schema: decoded.schema!, rows: [], compile: compileRow(decoded.schema!) };
        groups.set(decoded.name, group);
      }
      group.rows.push(group.compile(decoded.value, value!));
    }
    if (batch.nextOffset >= (unread.get(batch.partition) ?? 0n)) unread.delete(batch.partition);
    if (unread.size === 0) done.resolve();
  });
  await Promise.race([done.promise, consumer.failed]);
  await consumer.close();
  return [...groups.values()].map(({ schema, rows }) => ({ schema, rows }));
}
