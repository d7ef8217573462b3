import type { Command } from 'commander';

import { syncs } from '../../producers/syncs.ts';
import { nearMatches } from './near-matches.ts';
import { given, readInteger, readList, refuse, type Given } from './values.ts';

export interface CollectOptions {
  updateTag?: string;
  awsSyncAllProfiles?: boolean;
  awsRegions?: string;
  awsOrganizationAccountIds?: string;
  awsRequestedSyncs?: string;
  awsBestEffortMode?: boolean;
  accountsAtOnce?: string;
  scopesAtOnce?: string;
  overlapHierarchy?: boolean;
  shard?: string;
}

/** What is read of AWS. */
export interface CollectSettings {
  updateTag: number;
  syncAllProfiles: boolean;
  regions: string[] | undefined;
  organizationAccountIds: string[] | undefined;
  requestedSyncs: string[] | undefined;
  accountsAtOnce: number | undefined;
  scopesAtOnce: number | undefined;
  overlapHierarchy: boolean;
  /** Which of how many processes that share the run this one is. */
  shard: { number: number; of: number } | undefined;
  notes: string[];
}

/** Identifiers that may be requested; the account's own sync always runs. */
export const requestableSyncs: readonly string[] = syncs.map(({ id }) => id).filter((id) => id !== 'account');

export function addCollectOptions(command: Command): Command {
  return command
    .optionsGroup('AWS:')
    .option('--update-tag <seconds>', 'the run, in the graph `lastupdated` [default: the time now]')
    .option('--aws-sync-all-profiles', 'every profile of the AWS configuration except `default` [default: one account]')
    .option('--aws-regions <list>', 'instead of the regions that each account has enabled')
    .option('--aws-organization-account-ids <list>', 'only these accounts are asked about their organization')
    .option('--aws-requested-syncs <list>', `some of ${requestableSyncs.join(', ')} [default: all]`)
    .option('--aws-best-effort-mode', 'accepted for compatibility: a failure never stops the other scopes')
    .option('--accounts-at-once <number>', '[default: 4]')
    .option('--scopes-at-once <number>', 'over all accounts [default: 16]')
    .option('--overlap-hierarchy', 'enumerate organizations while accounts are collected, not before');
}

/** For commands that collect only: what loads waits for the whole run. */
export function addShardOption(command: Command): Command {
  return command.option(
    '--shard <i/n>',
    'collect the i-th of n parts of the accounts; the run ends when all n have ended, and needs --update-tag',
  );
}

/** @throws UsageError */
export function readCollectSettings(options: CollectOptions, now: () => number = Date.now): CollectSettings {
  const tag = given('--update-tag', options.updateTag);
  const regions = given('--aws-regions', options.awsRegions);
  const accounts = given('--aws-organization-account-ids', options.awsOrganizationAccountIds);
  const requested = given('--aws-requested-syncs', options.awsRequestedSyncs);
  const accountsAtOnce = given('--accounts-at-once', options.accountsAtOnce);
  const scopesAtOnce = given('--scopes-at-once', options.scopesAtOnce);
  return {
    updateTag: tag === undefined ? Math.floor(now() / 1_000) : readInteger(tag, { min: 1 }),
    syncAllProfiles: options.awsSyncAllProfiles === true,
    regions: regions === undefined ? undefined : readRegions(regions),
    organizationAccountIds: accounts === undefined ? undefined : readAccountIds(accounts),
    requestedSyncs: requested === undefined ? undefined : readSyncs(requested),
    accountsAtOnce: accountsAtOnce && readInteger(accountsAtOnce, { min: 1, max: 1_000 }),
    scopesAtOnce: scopesAtOnce && readInteger(scopesAtOnce, { min: 1, max: 10_000 }),
    overlapHierarchy: options.overlapHierarchy === true,
    shard: readShard(given('--shard', options.shard), tag),
    notes:
      regions === undefined || !regions.text.split(',').some((item) => item.trim() === '')
        ? []
        : ['--aws-regions has blank items; they are left out'],
  };
}

function readShard(value: Given | undefined, tag: Given | undefined): CollectSettings['shard'] {
  if (value === undefined) return undefined;
  const [, number = 0, of = 0] = (/^(\d{1,4})\/(\d{1,4})$/.exec(value.text) ?? []).map(Number);
  if (number < 1 || number > of) throw refuse(value, 'give the number of this part and of all, e.g. 2/5.');
  if (tag === undefined) throw refuse(value, 'set --update-tag too, to the same number for all parts.');
  return { number, of };
}

function readRegions(value: Given): string[] {
  return readList(value).map((region) => {
    if (!/^[a-z]{2,}(-[a-z]+)+-\d+$/.test(region)) {
      throw refuse(value, `${JSON.stringify(region)} is not the name of a region: give names like eu-west-1.`);
    }
    return region;
  });
}

function readAccountIds(value: Given): string[] {
  return readList(value).map((id) => {
    if (!/^\d{12}$/.test(id)) throw refuse(value, `${JSON.stringify(id)} is not an account id, which has 12 digits.`);
    return id;
  });
}

function readSyncs(value: Given): string[] {
  const ids = readList(value);
  const unknown = ids.filter((id) => id !== 'account' && !requestableSyncs.includes(id));
  if (unknown.length === 0) return ids;
  const near = [...new Set(unknown.flatMap((id) => nearMatches(id, requestableSyncs)))];
  const hint = near.length === 0 ? '' : ` Did you mean ${near.join(' or ')}?`;
  throw refuse(
    value,
    `there is no sync ${unknown.map((id) => JSON.stringify(id)).join(', ')}.${hint} Choose from ${requestableSyncs.join(', ')}.`,
  );
}
