import type { Account } from './accounts/discover-accounts.ts';
import type { RunContext } from './run-context.ts';
import type { ClientConstructor, SharedRead, Sync, SyncContext, SyncScope } from './sync.ts';

/** A collector's context but for the scope's `withhold`. */
export type ReadContext = Omit<SyncContext, 'withhold'>;

export interface AccountContext {
  of(scope: SyncScope, region: string): ReadContext;
  /** While the work of a scope runs, who needs what its sync finds waits for it, and reads by itself if the scope ends without. */
  whileFinding<T>(sync: Pick<Sync, 'scope' | 'finds'>, region: string, work: () => Promise<T>): Promise<T>;
}

/** Makes the contexts of one account's scopes, which share clients and reads. */
export function createAccountContext(
  account: Pick<Account, 'id' | 'name' | 'partition' | 'homeRegion'>,
  client: <C>(constructor: ClientConstructor<C>, region: string) => C,
  run: Pick<RunContext, 'updateTag' | 'signal' | 'logger'>,
): AccountContext {
  const reads = new Map<string, Promise<unknown>>();
  /** What scopes that have begun may find. */
  const finds = new Map<string, PromiseWithResolvers<{ value: unknown } | undefined>>();
  const regionOf = (scope: SyncScope, region: string): string => (scope === 'global' ? account.homeRegion : region);

  const contextOf = (scope: SyncScope, region: string): ReadContext => {
    const ownRegion = regionOf(scope, region);
    return {
      accountId: account.id,
      accountName: account.name,
      region: ownRegion,
      partition: account.partition,
      updateTag: run.updateTag,
      client: (constructor, clientRegion = ownRegion) => client(constructor, clientRegion),
      shared: (read) => readOnce(read, ownRegion),
      found: (read, value) => finds.get(keyOf(read, ownRegion))?.resolve({ value }),
      signal: run.signal,
      logger: run.logger.child({ accountId: account.id, region: scope === 'global' ? 'global' : region }),
    };
  };

  /** One that failed stays failed: each scope that needs it would only fail again, after as many retries. */
  const readOnce = <T>(read: SharedRead<T>, region: string): Promise<T> => {
    const key = keyOf(read, region);
    let result = reads.get(key) as Promise<T> | undefined;
    if (result === undefined) {
      const readNow = (): Promise<T> => read.read({ ...contextOf(read.scope, region), withhold: refuseToWithhold });
      result =
        finds.get(key)?.promise.then((found) => (found === undefined ? readNow() : (found.value as T))) ?? readNow();
      result.catch(() => {});
      reads.set(key, result);
    }
    return result;
  };

  return {
    of: contextOf,
    async whileFinding(sync, region, work) {
      const own = (sync.finds ?? []).map((read) => {
        const finding = Promise.withResolvers<{ value: unknown } | undefined>();
        finds.set(keyOf(read, regionOf(sync.scope, region)), finding);
        return finding;
      });
      try {
        return await work();
      } finally {
        for (const { resolve } of own) resolve(undefined);
      }
    },
  };
}

function keyOf(read: SharedRead<unknown>, region: string): string {
  return read.scope === 'global' ? read.id : `${region}/${read.id}`;
}

function refuseToWithhold(recordType: string): never {
  throw new Error(
    `a shared read cannot withhold ${recordType}: it belongs to no scope; throw, and let the sync withhold`,
  );
}
