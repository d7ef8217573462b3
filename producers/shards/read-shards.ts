import { readNewest } from '../../platform/kafka/read-log.ts';
import type { ShardMarker } from '../marker-writer.ts';
import type { Shard } from './shard.ts';

/** The newest marker of each shard of a run. */
export async function readShards(
  { log, decoder }: Pick<Shard, 'log' | 'decoder'>,
  topic: string,
  updateTag: number,
): Promise<ShardMarker[]> {
  const newest = await readNewest(log, topic, `${updateTag}|`);
  const decoded = await Promise.all(newest.map(async (bytes) => decoder.decode(bytes)));
  return decoded.map(({ value }) => value as unknown as ShardMarker);
}
