import type { Logger } from 'pino';

import { CredentialsError } from '../../platform/errors.ts';
import { discoverAccounts } from '../accounts/discover-accounts.ts';
import { createClientFactory } from '../aws/aws-clients.ts';
import { type Environment, readAwsSettings } from '../aws/aws-settings.ts';
import { describeError } from '../aws/describe-error.ts';

/**
 * The active accounts of the caller's organization, by ListAccounts, which the management account and delegated
 * administrators may call.
 * @throws CredentialsError when there are no credentials, or they may not list accounts.
 */
export async function listOrganizationAccounts(caller: {
  environment: Environment;
  logger: Logger;
  signal: AbortSignal;
}): Promise<{ accounts: { id: string; name: string }[]; partition: string }> {
  const { environment, signal } = caller;
  const clients = createClientFactory({ settings: readAwsSettings(environment), environment, signal });
  try {
    const [account] = (await discoverAccounts({ ...caller, clients })).accounts;
    if (account === undefined) throw new CredentialsError('There are no AWS credentials.');
    const { OrganizationsClient, paginateListAccounts } = await import('@aws-sdk/client-organizations');
    const client = clients.create(OrganizationsClient, account, account.homeRegion);
    const accounts = [];
    try {
      for await (const page of paginateListAccounts({ client }, {})) {
        for (const { Id: id, Name, State, Status } of page.Accounts ?? []) {
          if (id !== undefined && (State ?? Status) === 'ACTIVE') accounts.push({ id, name: Name ?? id });
        }
      }
    } catch (error) {
      signal.throwIfAborted();
      throw new CredentialsError(
        `Account ${account.id} cannot list the accounts of its organization: ${describeError(error)}. Use credentials of the management account or of a delegated administrator, or name the accounts with --accounts.`,
        { cause: error, setting: '--organization' },
      );
    }
    return { accounts, partition: account.partition };
  } finally {
    clients.close();
  }
}
