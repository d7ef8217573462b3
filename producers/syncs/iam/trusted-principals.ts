import type { CollectedRecord, SyncContext } from '../../sync.ts';
import { isNew } from '../is-new.ts';
import { rootPrincipalArn } from './root-principal.ts';
import type { TrustedPrincipal } from './trust-policy.ts';

const SERVICE = 'cartography.aws.iam.ServicePrincipal';
const FEDERATED = 'cartography.aws.iam.FederatedPrincipal';
const ACCOUNT = 'cartography.aws.iam.TrustedAccount';
const ROOT = 'cartography.aws.iam.TrustedRootPrincipal';

/** Nodes for whom no read of this account lists: services, identity providers, other accounts. Each once per scope. */
export function trustedPrincipalCollector(context: SyncContext) {
  const seen = new Set<string>();

  function* records(trusted: readonly TrustedPrincipal[]): Iterable<CollectedRecord> {
    for (const { kind, name } of trusted) {
      if (kind === 'AWS') yield* otherAccount(name);
      else if (isNew(seen, `${kind} ${name}`)) {
        yield { type: kind === 'Service' ? SERVICE : FEDERATED, value: { Arn: name, Type: kind } };
      }
    }
  }

  function* otherAccount(arn: string): Iterable<CollectedRecord> {
    // The reference looks for "root" anywhere in the ARN, so a role of that name tells of its account, too.
    const accountId = arn.startsWith('arn:') && arn.includes('root') ? (arn.split(':')[4] ?? '') : '';
    if (!/^\d{12}$/.test(accountId) || accountId === context.accountId || !isNew(seen, `AWS ${accountId}`)) return;
    yield { type: ACCOUNT, value: { TrustedAccountId: accountId } };
    const Arn = rootPrincipalArn(context.partition, accountId);
    yield { type: ROOT, value: { Arn, TrustedAccountId: accountId } };
  }

  return { types: [SERVICE, FEDERATED, ACCOUNT, ROOT], records };
}
