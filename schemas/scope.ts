/**
 * A scope is what one snapshot covers, written as text:
 * `<account>/<region or "global">/<sync>` for assets, `organization/<organization id>` for a hierarchy.
 */
export function assetScope(accountId: string, region: string, sync: string): string {
  return `${accountId}/${region}/${sync}`;
}

export function hierarchyScope(organizationId: string): string {
  return `organization/${organizationId}`;
}

/** The account of an asset scope, or undefined for a hierarchy. */
export function accountOfScope(scope: string): string | undefined {
  const account = scope.slice(0, scope.indexOf('/'));
  return account === 'organization' ? undefined : account;
}

/** What an asset scope is made of; undefined for a hierarchy. */
export function partsOfScope(scope: string): { accountId: string; region: string; sync: string } | undefined {
  const [accountId, region, ...sync] = scope.split('/');
  if (accountId === undefined || accountId === 'organization' || region === undefined) return undefined;
  return { accountId, region, sync: sync.join('/') };
}

/** The key of a record: what compaction and the loaders take as "the same record". */
export function recordKey(recordType: string, scope: string, nodeId: string): string {
  return `${recordType}|${scope}|${nodeId}`;
}
