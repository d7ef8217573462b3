import { CredentialsError, messageOf } from '../platform/errors.ts';
import { createAccountContext } from './account-context.ts';
import type { Account } from './accounts/discover-accounts.ts';
import { readIdentity } from './accounts/identity.ts';
import { cacheClients } from './aws/aws-clients.ts';
import { describeError } from './aws/describe-error.ts';
import { collectScope } from './collect-scope.ts';
import type { ScopeResult } from './collect-scope.ts';
import { OffsetVector } from './offset-vector.ts';
import { listRegions } from './regions.ts';
import type { RunContext } from './run-context.ts';
import { settleAll } from './settle-all.ts';
import type { Sync } from './sync.ts';

export interface AccountPlan {
  syncs: readonly Sync[];
  /** Undefined: those that are enabled for the account. */
  regions: readonly string[] | undefined;
}

export interface AccountResult {
  account: Pick<Account, 'id' | 'name'>;
  scopes: readonly ScopeResult[];
  offsets: OffsetVector;
  /** Why scopes are missing; undefined when none is. */
  problem: string | undefined;
}

/**
 * Collects one account: all its scopes side by side, then its marker. An account whose identity cannot be verified gets
 * no marker: nothing was written for it, and an empty vector would open gates of earlier records too soon.
 * @throws InfrastructureError, or the signal's reason: see collectScope.
 */
export async function collectAccount(account: Account, plan: AccountPlan, run: RunContext): Promise<AccountResult> {
  const attributes = { 'cloud.account.id': account.id };
  return run.telemetry.tracing.span({ name: 'collect account', attributes }, () => collectAll(account, plan, run));
}

async function collectAll(account: Account, plan: AccountPlan, run: RunContext): Promise<AccountResult> {
  const offsets = new OffsetVector();
  const ended = (scopes: readonly ScopeResult[], problem: string | undefined): AccountResult => {
    const records = scopes.reduce((sum, scope) => sum + countOf(scope), 0);
    run.report({
      kind: 'account-ended',
      accountId: account.id,
      name: account.name,
      records,
      ...(problem === undefined ? {} : { problem }),
    });
    return { account: { id: account.id, name: account.name }, scopes, offsets, problem };
  };

  try {
    await verifyIdentity(account, run);
  } catch (error) {
    run.signal.throwIfAborted();
    run.logger.error({ accountId: account.id }, messageOf(error));
    return ended([], messageOf(error));
  }

  const client = cacheClients(run.clients, account);
  let problem: string | undefined;
  let regions = plan.regions ?? [];
  if (plan.regions === undefined && plan.syncs.some(({ scope }) => scope === 'regional')) {
    try {
      regions = await listRegions(client, account.defaultRegion);
    } catch (error) {
      run.signal.throwIfAborted();
      problem = `the regions cannot be listed, so only global services are read: ${describeError(error)} (name regions with --aws-regions)`;
      run.logger.error({ accountId: account.id }, problem);
    }
  }

  const planned = plan.syncs.flatMap((sync) =>
    (sync.scope === 'global' ? ['global'] : regions).map((region) => ({ sync, region })),
  );
  run.report({ kind: 'account-started', accountId: account.id, name: account.name, scopesTotal: planned.length });
  const contexts = createAccountContext(account, client, run);
  let scopesDone = 0;
  const scopes = await settleAll(
    planned.map(({ sync, region }) =>
      run.limitScopes(async () => {
        const context = contexts.of(sync.scope, region);
        const result = await contexts.whileFinding(sync, region, () =>
          collectScope({ sync, accountId: account.id, region, context }, run),
        );
        scopesDone++;
        const { scope, outcome, reason } = result;
        run.report({
          kind: 'scope-ended',
          accountId: account.id,
          scope,
          sync: sync.id,
          region,
          outcome,
          ...(reason === undefined ? {} : { reason }),
          records: countOf(result),
          scopesDone,
          scopesTotal: planned.length,
        });
        return result;
      }),
    ),
  );

  for (const scope of scopes) offsets.merge(scope.offsets);
  await run.markers.account({
    accountId: account.id,
    requestedSyncs: plan.syncs.map(({ id }) => id),
    scopes: scopes.map(({ scope, outcome }) => ({ scope, outcome })),
    offsets: offsets.toArray(),
    endedAt: Date.now(),
  });
  return ended(scopes, problem);
}

/** Asked again right before anything is written: much may have happened since the accounts were listed. */
async function verifyIdentity(account: Account, run: RunContext): Promise<void> {
  const { accountId } = await readIdentity(run.clients, account, account.defaultRegion, `profile "${account.name}"`);
  if (accountId !== account.id) {
    throw new CredentialsError(
      `The credentials of profile "${account.name}" belong to account ${accountId} now; at the start of the run it was ${account.id}. Nothing is collected for it.`,
      { details: { accountId, expected: account.id } },
    );
  }
}

function countOf(scope: ScopeResult): number {
  let count = 0;
  for (const records of scope.records.values()) count += records;
  return count;
}
