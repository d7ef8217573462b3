import { createDecoder } from '../../schemas/codec.ts';
import type { SchemaRegistry } from '../../schemas/registry.ts';
import type { Log } from '../../platform/kafka/log.ts';
import type { Topics } from '../../platform/topics.ts';
import { graphOf, type ModelGraph, type ModelMarker, type ModelRecord } from '../model/law.ts';
import { readLog } from '../../platform/kafka/read-log.ts';

/** What the law makes of everything that can be decoded in the log. */
export async function lawOfLog(log: Log, registry: SchemaRegistry, topics: Topics): Promise<ModelGraph> {
  const { records, markers } = await readModel(log, registry, topics);
  return graphOf(records, markers);
}

/** Everything in the log that can be decoded and that the law speaks of. */
export async function readModel(
  log: Log,
  registry: SchemaRegistry,
  topics: Topics,
): Promise<{ records: ModelRecord[]; markers: ModelMarker[] }> {
  const decoder = createDecoder(registry);
  const decode = async (topic: string) => {
    const messages = await readLog(log, topic);
    const decoded = await Promise.all(
      messages.map(async ({ value }) => {
        try {
          return await decoder.decode(value as Buffer);
        } catch {
          return undefined;
        }
      }),
    );
    return decoded.filter((one) => one !== undefined);
  };
  const records: ModelRecord[] = [];
  for (const topic of [topics.assets, topics.hierarchy])
    for (const { schema, value } of await decode(topic)) if (schema !== undefined) records.push({ schema, value });
  const markers = (await decode(topics.markers)).flatMap(({ value }) => markerOf(value) ?? []);
  return { records, markers };
}

function markerOf(value: Record<string, unknown>): ModelMarker | undefined {
  if (value['outcome'] !== 'complete') return undefined;
  const scope = (value['scope'] as string | undefined) ?? `organization/${String(value['organizationId'])}`;
  return {
    scope,
    tag: value['updateTag'] as number,
    recordTypes: value['recordTypes'] as ModelMarker['recordTypes'],
  };
}
