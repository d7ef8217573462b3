import type { Command } from 'commander';

import { UsageError } from '../../platform/errors.ts';
import { credentialSources, type CredentialSource } from '../../producers/setup/roles.ts';
import { given, readList, readOneOf, refuse, type Given } from './values.ts';

const formats = ['cloudformation', 'terraform', 'json'] as const;
const partitions = ['aws', 'aws-cn', 'aws-us-gov'] as const;

export interface RolesOptions {
  format?: string;
  hubAccount?: string;
  externalId?: string;
  credentialSource?: string;
  partition?: string;
  leastPrivilege?: boolean;
  awsRequestedSyncs?: string;
}

/** What `iam` prints. */
export interface RolesSettings {
  /** Undefined: the policy alone. */
  format: (typeof formats)[number] | undefined;
  hubAccountId: string | undefined;
  externalId: string | undefined;
  credentialSource: CredentialSource;
  partition: string;
  leastPrivilege: boolean;
}

export interface ProfilesOptions {
  accounts?: string;
  organization?: boolean;
  externalId?: string;
  credentialSource?: string;
  sourceProfile?: string;
  partition?: string;
  region?: string;
}

/** What `iam profiles` prints. */
export interface ProfilesSettings {
  /** Undefined: those of the organization. */
  accounts: { id: string; name: string }[] | undefined;
  externalId: string | undefined;
  source: { credentialSource: CredentialSource } | { sourceProfile: string };
  /** Undefined: what the caller's identity says, or `aws`. */
  partition: (typeof partitions)[number] | undefined;
  /** Undefined: the partition's first. */
  region: string | undefined;
}

export function addRolesOptions(command: Command): Command {
  return addSharedOptions(
    command
      .option('--format <format>', `${formats.join(', ')} [default: cloudformation]`)
      .option('--hub-account <id>', 'the account in which this program runs; a parameter of the templates without it')
      .option('--least-privilege', 'the generated policy: alone, or with --format in place of the managed policies')
      .option('--aws-requested-syncs <list>', 'the generated policy for these only [default: all]'),
  );
}

export function addProfilesOptions(command: Command): Command {
  return addSharedOptions(
    command
      .option('--accounts <list>', '12-digit ids, or name=id')
      .option('--organization', 'all active accounts of the organization, as AWS Organizations lists them')
      .option('--source-profile <name>', 'assume the roles with this profile instead of --credential-source')
      .option('--region <region>', "of each profile [default: the partition's first, e.g. us-east-1]"),
  );
}

function addSharedOptions(command: Command): Command {
  return command
    .option('--external-id <id>', 'what whoever assumes cartography-read-only must say')
    .option('--credential-source <source>', `${credentialSources.join(', ')} [default: Ec2InstanceMetadata]`)
    .option('--partition <partition>', `${partitions.join(', ')} [default: aws; templates find it themselves]`);
}

/** @throws UsageError */
export function readRolesSettings(options: RolesOptions): RolesSettings {
  const format = given('--format', options.format);
  const hub = given('--hub-account', options.hubAccount);
  const leastPrivilege = options.leastPrivilege === true;
  const chosen = format === undefined ? undefined : readOneOf(format, formats);
  if (chosen === 'json' && hub === undefined) {
    throw new UsageError('--format json has no parameters: name the account in which this program runs.', {
      setting: '--hub-account',
    });
  }
  return {
    format: chosen ?? (leastPrivilege ? undefined : 'cloudformation'),
    hubAccountId: hub === undefined ? undefined : readAccountId(hub, hub.text),
    externalId: readExternalId(options.externalId),
    credentialSource: readCredentialSource(options.credentialSource),
    partition: readPartition(options.partition) ?? 'aws',
    leastPrivilege,
  };
}

/** @throws UsageError */
export function readProfilesSettings(options: ProfilesOptions): ProfilesSettings {
  const accounts = given('--accounts', options.accounts);
  if ((accounts === undefined) === (options.organization !== true)) {
    throw new UsageError('Name the accounts with --accounts, or take all of them with --organization.', {
      setting: '--accounts',
    });
  }
  const source = given('--source-profile', options.sourceProfile);
  if (source !== undefined && options.credentialSource !== undefined) {
    throw refuse(source, 'leave out either this or --credential-source.');
  }
  const region = given('--region', options.region);
  return {
    accounts: accounts === undefined ? undefined : readAccounts(accounts),
    externalId: readExternalId(options.externalId),
    source:
      source === undefined
        ? { credentialSource: readCredentialSource(options.credentialSource) }
        : { sourceProfile: readLine(source) },
    partition: readPartition(options.partition),
    region: region === undefined ? undefined : readLine(region),
  };
}

function readAccounts(value: Given): { id: string; name: string }[] {
  return readList(value).map((item) => {
    const separator = item.lastIndexOf('=');
    const id = readAccountId(value, item.slice(separator + 1).trim());
    return { id, name: separator > 0 ? item.slice(0, separator).trim() : id };
  });
}

function readAccountId(value: Given, id: string): string {
  if (!/^\d{12}$/.test(id)) throw refuse(value, `${JSON.stringify(id)} is not an account id, which has 12 digits.`);
  return id;
}

/** What STS allows: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
function readExternalId(text: string | undefined): string | undefined {
  const value = given('--external-id', text);
  if (value !== undefined && !/^[\w+=,.@:/-]{2,1224}$/.test(value.text)) {
    throw refuse(value, 'use 2 to 1,224 letters, digits and any of _+=,.@:/-');
  }
  return value?.text;
}

function readCredentialSource(text: string | undefined): CredentialSource {
  const value = given('--credential-source', text);
  return value === undefined ? 'Ec2InstanceMetadata' : readOneOf(value, credentialSources);
}

function readPartition(text: string | undefined): (typeof partitions)[number] | undefined {
  const value = given('--partition', text);
  return value === undefined ? undefined : readOneOf(value, partitions);
}

/** What can stand behind the equals sign of an AWS configuration file. */
function readLine(value: Given): string {
  if (!/^[\w@+.%:/-]+$/.test(value.text)) throw refuse(value, 'use letters, digits and any of _@+.%:/-');
  return value.text;
}
