import { UsageError } from '../../platform/errors.ts';
import type { RunMarker, ShardMarker } from '../marker-writer.ts';
import { OffsetVector } from '../offset-vector.ts';

export interface ShardedPlan {
  updateTag: number;
  /** How many shards. */
  of: number;
  requestedSyncs: readonly string[];
}

/** @throws UsageError where a shard of this run was started with another plan */
export function requireOnePlan({ updateTag, of, requestedSyncs }: ShardedPlan, markers: readonly ShardMarker[]): void {
  const other = markers.find(({ shards }) => shards !== of);
  if (other !== undefined) {
    throw new UsageError(
      `--shard: run ${updateTag} was started with ${other.shards} shards, not ${of}: start all with the same number, or take a new --update-tag.`,
      { setting: '--shard' },
    );
  }
  const wanted = requestedSyncs.toSorted().join();
  const unlike = markers.find((marker) => marker.requestedSyncs.toSorted().join() !== wanted);
  if (unlike !== undefined) {
    throw new UsageError(
      `--aws-requested-syncs: shard ${unlike.shard}/${unlike.shards} of run ${updateTag} collects other syncs than this one: start all with the same list, or take a new --update-tag.`,
      { setting: '--aws-requested-syncs' },
    );
  }
}

/** The numbers of the shards that have not ended. */
export function unendedShards(of: number, markers: readonly ShardMarker[]): number[] {
  const ended = new Set(markers.filter(({ state }) => state === 'ended').map(({ shard }) => shard));
  return Array.from({ length: of }, (_, index) => index + 1).filter((number) => !ended.has(number));
}

/** Those of a run whose markers these are; none for a run that is not shared. */
export function findWaitingShards(markers: readonly ShardMarker[]): number[] {
  const [first] = markers;
  return first === undefined ? [] : unendedShards(first.shards, markers);
}

/** What the run comes to when all its shards have ended. */
export function combineShards(markers: readonly ShardMarker[]): Pick<RunMarker, 'accounts' | 'outcomes' | 'offsets'> {
  const outcomes: Record<string, number> = {};
  const offsets = new OffsetVector();
  for (const marker of markers) {
    for (const [outcome, count] of Object.entries(marker.outcomes))
      outcomes[outcome] = (outcomes[outcome] ?? 0) + count;
    offsets.raise(marker.offsets);
  }
  return { accounts: markers.flatMap(({ accounts }) => accounts).sort(), outcomes, offsets: offsets.toArray() };
}
