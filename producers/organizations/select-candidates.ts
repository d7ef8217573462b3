import type { Logger } from 'pino';

export interface CandidateOptions {
  syncAllProfiles: boolean;
  /** Only these accounts are asked about an organization. */
  organizationAccountIds: readonly string[] | undefined;
}

/** The accounts that are asked about an organization, in order. */
export function selectCandidates<A extends { id: string }>(
  accounts: readonly A[],
  { syncAllProfiles, organizationAccountIds }: CandidateOptions,
  logger: Pick<Logger, 'warn'>,
): A[] {
  const listed = organizationAccountIds === undefined ? undefined : new Set(organizationAccountIds);
  for (const id of listed ?? []) {
    if (accounts.some((account) => account.id === id)) continue;
    logger.warn({ accountId: id }, `--aws-organization-account-ids names ${id}, for which no profile gives access`);
  }
  const candidates = accounts.filter(({ id }) => listed?.has(id) ?? true);
  if (syncAllProfiles || candidates.length <= 1) return candidates;
  logger.warn(`only the first of ${candidates.length} accounts is asked about an organization`);
  return candidates.slice(0, 1);
}
