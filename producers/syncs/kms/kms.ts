import type { Sync } from '../../sync.ts';

/** Keys, their aliases and grants, and whom their policies let in. */
export const kms: Sync = {
  id: 'kms',
  scope: 'regional',
  records: [
    'cartography.aws.kms.Key',
    'cartography.aws.kms.KeyPolicy',
    'cartography.aws.kms.Alias',
    'cartography.aws.kms.Grant',
  ],
  actions: ['kms:ListKeys', 'kms:DescribeKey', 'kms:GetKeyPolicy', 'kms:ListGrants', 'kms:ListAliases'],
  async *collect(context) {
    // Here, not above, so that the SDK's client is loaded only when it is needed.
    const { collectKeys } = await import('./keys.ts');
    const { collectAliases } = await import('./aliases.ts');
    yield* collectKeys(context);
    yield* collectAliases(context);
  },
};
