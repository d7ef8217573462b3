import type { Account } from '../accounts/discover-accounts.ts';
import type { RunMarker } from '../marker-writer.ts';
import type { RunContext } from '../run-context.ts';
import { combineShards, requireOnePlan, unendedShards } from './combine-shards.ts';
import { readShards } from './read-shards.ts';
import type { Shard } from './shard.ts';

export interface SharedRun {
  /** @throws UsageError where another shard of the run was started with another plan */
  start(): Promise<void>;
  /** Says that this shard has ended, and if it was the last one, that the run has. Resolves with the shards that have not ended. */
  end(ended: Pick<RunMarker, 'outcomes' | 'offsets'>): Promise<number[]>;
}

/**
 * This shard's side of a run that several share. Each writes its own marker before it reads the others', so at least the
 * last one finds all of them; where two find that, they write the same.
 */
export function shareRun(
  shard: Shard,
  plan: { requestedSyncs: readonly string[]; accounts: readonly Pick<Account, 'id'>[] },
  run: Pick<RunContext, 'markers' | 'topics' | 'updateTag'>,
): SharedRun {
  const { requestedSyncs } = plan;
  const own = {
    shard: shard.number,
    shards: shard.of,
    accounts: plan.accounts.map(({ id }) => id),
    requestedSyncs,
  };
  const readOthers = async () => {
    const markers = await readShards(shard, run.topics.shards, run.updateTag);
    const isOwn = (marker: { shard: number; shards: number }) =>
      marker.shard === own.shard && marker.shards === own.shards;
    const others = markers.filter((marker) => !isOwn(marker));
    requireOnePlan({ updateTag: run.updateTag, of: shard.of, requestedSyncs }, others);
    return others;
  };
  return {
    async start() {
      await readOthers();
      await run.markers.shard({ ...own, state: 'started', outcomes: {}, offsets: [], at: Date.now() });
    },
    async end(ended) {
      const marker = { ...own, ...ended, state: 'ended' as const, at: Date.now() };
      await run.markers.shard(marker);
      const all = [...(await readOthers()), marker];
      const waitingFor = unendedShards(shard.of, all);
      if (waitingFor.length === 0) {
        await run.markers.run({ ...combineShards(all), requestedSyncs, state: 'ended', at: Date.now() });
      }
      return waitingFor;
    },
  };
}
