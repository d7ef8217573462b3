import type { Sync } from '../sync.ts';
import { rootPrincipalArn } from './iam/root-principal.ts';

/** The account itself. Not one of the reference's identifiers: it belongs to every run. */
export const account: Sync = {
  id: 'account',
  scope: 'global',
  records: ['cartography.aws.Account', 'cartography.aws.RootPrincipal'],
  actions: [],
  // eslint-disable-next-line @typescript-eslint/require-await -- nothing to read: what it emits is known
  async *collect(context) {
    const AccountId = context.accountId;
    yield { type: 'cartography.aws.Account', value: { AccountId, Name: context.accountName ?? null, InScope: true } };
    yield { type: 'cartography.aws.RootPrincipal', value: { Arn: rootPrincipalArn(context.partition, AccountId) } };
  },
};
