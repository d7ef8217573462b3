import type { Gate } from '../../../consumers/runner/gate.ts';
import type { Stage } from '../../../consumers/stages/stage.ts';
import type { Decoder } from '../../../schemas/codec.ts';
import type { Client } from '../memory-graph/memory-graph.ts';

/** What a loader has instead of one of its guards. */
export interface Mutant {
  /** Where it is missed the most. Default: all syncs. */
  syncs?: readonly string[];
  /** A new one for each loader. */
  client?(): Pick<Client, 'wrap' | 'makeTransaction'>;
  decoder?(decoder: Decoder): Decoder;
  gate?(gate: Gate): Gate;
  stage?(stage: Stage): Stage;
  low?: (topic: string, partition: number) => bigint;
}
