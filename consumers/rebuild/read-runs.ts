import type { Log } from '../../platform/kafka/log.ts';
import { readNewest, type ScanOptions } from '../../platform/kafka/read-log.ts';
import type { Decoder } from '../../schemas/codec.ts';

export interface LoggedRun {
  updateTag: number;
  hasEnded: boolean;
}

/** The runs whose markers are in the log, by tag. */
export async function readRuns(
  log: Log,
  decoder: Decoder,
  markersTopic: string,
  options?: ScanOptions,
): Promise<LoggedRun[]> {
  const newest = await readNewest(log, markersTopic, 'run|', options);
  const values = await Promise.all(newest.map(async (bytes) => (await decoder.decode(bytes)).value));
  const byTag = Map.groupBy(values, (value) => value['updateTag'] as number);
  return [...byTag]
    .map(([updateTag, ofRun]) => ({ updateTag, hasEnded: ofRun.some((value) => value['state'] === 'ended') }))
    .sort((a, b) => a.updateTag - b.updateTag);
}
