import pLimit from 'p-limit';
import type { Logger } from 'pino';

import { messageOf } from '../../platform/errors.ts';
import { type AccountProblem, discoverAccounts } from '../accounts/discover-accounts.ts';
import { createClientFactory } from '../aws/aws-clients.ts';
import { type Environment, readAwsSettings } from '../aws/aws-settings.ts';
import { selectCandidates } from '../organizations/select-candidates.ts';
import { actionsOf } from '../policy.ts';
import type { Sync } from '../sync.ts';
import { type AccountCheck, checkAccount } from './check-account.ts';

export interface ConfigurationOptions {
  environment: Environment;
  logger: Logger;
  signal: AbortSignal;
  syncs: readonly Sync[];
  syncAllProfiles: boolean;
  regions: readonly string[] | undefined;
  organizationAccountIds: readonly string[] | undefined;
}

export interface ConfigurationCheck {
  /** In the order of the profiles. */
  accounts: AccountCheck[];
  /** Profiles that give no account. */
  problems: AccountProblem[];
}

const accountsAtOnce = 8;

/**
 * What a run with these settings would meet, without reading or writing anything else.
 * @throws UsageError and CredentialsError as `collect` does.
 */
export async function checkConfiguration(options: ConfigurationOptions): Promise<ConfigurationCheck> {
  const { environment, logger, signal } = options;
  const clients = createClientFactory({ settings: readAwsSettings(environment), environment, signal });
  try {
    const { accounts, problems } = await discoverAccounts({ ...options, clients });
    const candidates = new Set(selectCandidates(accounts, options, logger));
    const limit = pLimit(accountsAtOnce);
    const actions = actionsOf(options.syncs);
    const checks = await Promise.allSettled(
      accounts.map((account) =>
        limit(() =>
          checkAccount(account, {
            clients,
            actions,
            asksOrganization: candidates.has(account),
            asksRegions: options.regions === undefined,
          }),
        ),
      ),
    );
    signal.throwIfAborted();
    const failures = checks.flatMap((check, index) =>
      check.status === 'rejected' ? [{ profile: accounts[index]!.name, reason: messageOf(check.reason) }] : [],
    );
    return {
      accounts: checks.flatMap((check) => (check.status === 'fulfilled' ? [check.value] : [])),
      problems: [...problems, ...failures],
    };
  } finally {
    clients.close();
  }
}
