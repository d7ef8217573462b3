import type { Log } from '../../platform/kafka/log.ts';
import type { Decoder } from '../../schemas/codec.ts';

/** One of the processes that share the accounts of a run. */
export interface Shard {
  /** From 1. */
  number: number;
  /** How many there are. */
  of: number;
  /** Where the shards read each other's markers. Its topic `shards` exists already. */
  log: Log;
  decoder: Decoder;
}

/** The number of the shard that collects an account: the same in every process and run, whatever other accounts there are. */
export function shardOf(accountId: string, of: number): number {
  return (Number(accountId) % of) + 1;
}
