import type { SummaryKeyType } from '@aws-sdk/client-iam';
import { GetAccountSummaryCommand } from '@aws-sdk/client-iam';
import type { CollectedRecord } from '../../sync.ts';
import type { IamReader } from './iam-reader.ts';

/** The entries that are no quotas. */
const ENTRIES = [
  'AccountMFAEnabled',
  'MFADevices',
  'MFADevicesInUse',
  'AccountAccessKeysPresent',
  'AccountSigningCertificatesPresent',
  'Users',
  'Groups',
  'Roles',
  'Policies',
  'InstanceProfiles',
  'Providers',
  'ServerCertificates',
  'PolicyVersionsInUse',
] as const;

/** Counts and facts of the account as a whole. */
export async function* collectAccountSummary({ context, client }: IamReader): AsyncGenerator<CollectedRecord> {
  const answer = await client.send(new GetAccountSummaryCommand({}), { abortSignal: context.signal });
  // The SDK's list of keys lags behind IAM's.
  const summary: Partial<Record<SummaryKeyType | (typeof ENTRIES)[number], number>> = answer.SummaryMap ?? {};
  const entries = Object.fromEntries(ENTRIES.map((name) => [name, summary[name] ?? null]));
  yield { type: 'cartography.aws.iam.AccountSummary', value: { AccountId: context.accountId, ...entries } };
}
