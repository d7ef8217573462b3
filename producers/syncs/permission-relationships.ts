import type { Sync } from '../sync.ts';

/**
 * Reads nothing: that it was asked for, and so has a scope, tells the loaders to work out which principals of the account
 * may do what with its assets (docs/permission-relationships.md).
 */
export const permissionRelationships: Sync = {
  id: 'permission_relationships',
  scope: 'global',
  records: [],
  actions: [],
  async *collect() {},
};
