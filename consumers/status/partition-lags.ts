import type { LogAdmin, PartitionOffsets } from '../../platform/kafka/log.ts';
import type { Topics } from '../../platform/topics.ts';
import type { Graph } from '../graph/graph.ts';
import { readBy } from '../load.ts';
import { placeOf } from '../runner/gate.ts';
import type { StageName } from '../stages/stage.ts';

/** Where one stage stands in one partition. */
export interface PartitionLag {
  stage: StageName;
  topic: string;
  partition: number;
  /** The next offset to apply, as the fence in the graph has it, or the partition's first one. */
  at: bigint;
  /** The partition's first offset. */
  low: bigint;
  /** Offsets from there to the end of the partition. */
  left: bigint;
}

/** Where the log begins and ends, by topic. */
export type LogBoundsByTopic = ReadonlyMap<string, readonly PartitionOffsets[]>;

export async function readBounds(
  admin: Pick<LogAdmin, 'offsets'>,
  topics: Topics,
  stages: readonly StageName[],
): Promise<LogBoundsByTopic> {
  const names = [...new Set(stages.flatMap((stage) => readBy(stage, topics)))];
  return new Map(await Promise.all(names.map(async (name) => [name, await admin.offsets(name)] as const)));
}

/** Where the stages stand, by stage, topic and partition. `bounds`: what they have to pass; default: all that is in the log now. */
export async function readPartitionLags(
  graph: Graph,
  admin: Pick<LogAdmin, 'offsets'>,
  topics: Topics,
  stages: readonly StageName[],
  bounds?: LogBoundsByTopic,
): Promise<PartitionLag[]> {
  const fences = await graph.transact((tx) => tx.fences(stages));
  const applied = new Map(fences.map((fence) => [`${fence.stage}/${placeOf(fence)}`, fence.offset]));
  const ends = bounds ?? (await readBounds(admin, topics, stages));
  const lags: PartitionLag[] = [];
  for (const stage of stages) {
    for (const topic of readBy(stage, topics)) {
      for (const { partition, low, high } of ends.get(topic)!) {
        const fence = applied.get(`${stage}/${topic}/${partition}`) ?? 0n;
        const at = fence > low ? fence : low;
        lags.push({ stage, topic, partition, at, low, left: at < high ? high - at : 0n });
      }
    }
  }
  return lags;
}
