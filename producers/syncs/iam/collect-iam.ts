import { IAMClient } from '@aws-sdk/client-iam';
import type { CollectedRecord, SyncContext } from '../../sync.ts';
import { reasonOf, throwIfScopeEnds } from '../read-detail.ts';
import { collectAccountSummary } from './account-summary.ts';
import { collectGroups } from './groups.ts';
import { collectLastAccessed } from './last-accessed.ts';
import { collectManagedPolicies } from './managed-policies.ts';
import { collectRoles } from './roles.ts';
import { collectSamlProviders } from './saml-providers.ts';
import { collectServerCertificates } from './server-certificates.ts';
import { collectUsers } from './users.ts';
import type { IamReader } from './iam-reader.ts';

/** Principals first: what they name decides which groups and policies are of interest. */
export async function* collectIam(context: SyncContext): AsyncGenerator<CollectedRecord> {
  const reader: IamReader = {
    context,
    client: context.client(IAMClient),
    groupArns: new Map(),
    principals: [],
    attachedPolicyArns: new Set(),
  };
  yield* collectGroups(reader);
  yield* collectUsers(reader);
  yield* collectRoles(reader);
  yield* collectManagedPolicies(reader);
  yield* orWithhold(context, 'SAMLProvider', 'ListSAMLProviders', collectSamlProviders(reader));
  yield* orWithhold(context, 'ServerCertificate', 'ListServerCertificates', collectServerCertificates(reader));
  yield* orWithhold(context, 'AccountSummary', 'GetAccountSummary', collectAccountSummary(reader));
  // Last: it takes long, and nothing waits for it.
  yield* collectLastAccessed(reader);
}

/** These stand alone: where one is denied, the others still count. */
async function* orWithhold(
  context: SyncContext,
  name: string,
  operation: string,
  records: AsyncIterable<CollectedRecord>,
): AsyncGenerator<CollectedRecord> {
  try {
    yield* records;
  } catch (error) {
    throwIfScopeEnds(context, error);
    context.withhold(`cartography.aws.iam.${name}`, reasonOf(operation, error));
  }
}
