import { UsageError } from '../platform/errors.ts';
import type { Sync } from './sync.ts';

/** Runs whatever was requested: other records hang on the account's node. */
const always = 'account';

/** Syncs that a request for another one brings along. */
const companions: Readonly<Record<string, string>> = { 'ec2:load_balancer_v2': 'ec2:load_balancer_v2:expose' };

/**
 * The syncs of a run, in the list's order, whatever the order of the request. Undefined requests all.
 * @throws UsageError for an identifier that is not in the list.
 */
export function selectSyncs(syncs: readonly Sync[], requested: readonly string[] | undefined): Sync[] {
  if (requested === undefined) return [...syncs];
  const known = new Set(syncs.map(({ id }) => id));
  const unknown = requested.filter((id) => !known.has(id));
  if (unknown.length > 0 || requested.length === 0) {
    const problem = unknown.length > 0 ? `does not know ${unknown.join(', ')}` : 'names no sync';
    const identifiers = [...known].filter((id) => id !== always).sort();
    throw new UsageError(`--aws-requested-syncs ${problem}: choose from ${identifiers.join(', ')}.`, {
      setting: '--aws-requested-syncs',
      details: { unknown },
    });
  }
  const chosen = new Set([always, ...requested, ...requested.flatMap((id) => companions[id] ?? [])]);
  return syncs.filter(({ id }) => chosen.has(id));
}
