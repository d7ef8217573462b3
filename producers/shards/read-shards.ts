import { scanLog } from '../../platform/kafka/read-log.ts';
import type { ShardMarker } from '../marker-writer.ts';
import type { Shard } from './shard.ts';

/** The newest marker of each shard of a run. */
export async function readShards({ log, decoder }: Shard, topic: string, updateTag: number): Promise<ShardMarker[]> {
  const newest = new Map<string, Buffer>();
  await scanLog(log, topic, ({ key, value }) => {
    const name = key?.toString('utf8') ?? '';
    if (name.startsWith(`${updateTag}|`) && value !== null) newest.set(name, value);
  });
  const decoded = await Promise.all([...newest.values()].map(async (bytes) => decoder.decode(bytes)));
  return decoded.map(({ value }) => value as unknown as ShardMarker);
}
