import type { Account } from './accounts/discover-accounts.ts';
import type { RunContext } from './run-context.ts';
import type { ClientConstructor, SharedRead, SyncContext, SyncScope } from './sync.ts';

/** A collector's context but for the scope's `withhold`. */
export type ReadContext = Omit<SyncContext, 'withhold'>;

/** Makes the contexts of one account's scopes, which share clients and reads. */
export function createAccountContext(
  account: Pick<Account, 'id' | 'name' | 'partition' | 'homeRegion'>,
  client: <C>(constructor: ClientConstructor<C>, region: string) => C,
  run: Pick<RunContext, 'updateTag' | 'signal' | 'logger'>,
): (scope: SyncScope, region: string) => ReadContext {
  const reads = new Map<string, Promise<unknown>>();

  const contextOf = (scope: SyncScope, region: string): ReadContext => {
    const ownRegion = scope === 'global' ? account.homeRegion : region;
    return {
      accountId: account.id,
      accountName: account.name,
      region: ownRegion,
      partition: account.partition,
      updateTag: run.updateTag,
      client: (constructor, clientRegion = ownRegion) => client(constructor, clientRegion),
      shared: (read) => readOnce(read, ownRegion),
      signal: run.signal,
      logger: run.logger.child({ accountId: account.id, region: scope === 'global' ? 'global' : region }),
    };
  };

  /** One that failed stays failed: each scope that needs it would only fail again, after as many retries. */
  const readOnce = <T>(read: SharedRead<T>, region: string): Promise<T> => {
    const key = read.scope === 'global' ? read.id : `${region}/${read.id}`;
    let result = reads.get(key) as Promise<T> | undefined;
    if (result === undefined) {
      result = read.read({ ...contextOf(read.scope, region), withhold: refuseToWithhold });
      result.catch(() => {});
      reads.set(key, result);
    }
    return result;
  };
  return contextOf;
}

function refuseToWithhold(recordType: string): never {
  throw new Error(
    `a shared read cannot withhold ${recordType}: it belongs to no scope; throw, and let the sync withhold`,
  );
}
