import pLimit from 'p-limit';
import type { Logger } from 'pino';

import { CredentialsError, messageOf } from '../../platform/errors.ts';
import type { Access, ClientFactory } from '../aws/aws-clients.ts';
import type { Environment } from '../aws/aws-settings.ts';
import type { CredentialOptions } from './credential-chain.ts';
import { credentialError } from './credential-error.ts';
import { defaultCredentials, profileCredentials } from './credentials.ts';
import { readIdentity } from './identity.ts';
import { homeRegionOf } from './partitions.ts';
import { listProfiles } from './profiles.ts';
import { readStsEndpoint } from './sts-endpoint.ts';

/** An AWS account that a run covers. */
export interface Account extends Access {
  /** 12 digits. */
  id: string;
  /** The profile's name; `default` when there is none. */
  name: string;
  partition: string;
  /** Where global services are read. */
  homeRegion: string;
  /** The profile's or environment's region: where the list of regions and identities are read. */
  defaultRegion: string;
}

export interface AccountProblem {
  profile: string;
  reason: string;
}

export interface Accounts {
  accounts: readonly Account[];
  /** Profiles that gave no account. */
  problems: readonly AccountProblem[];
}

export interface DiscoveryOptions {
  clients: ClientFactory;
  logger: Logger;
  /** Every profile of the AWS files except `default`. Default false: one account, found as boto3 finds its credentials. */
  syncAllProfiles?: boolean;
  /** One explicit profile. */
  profile?: string;
  /** Default process.env. */
  environment?: Environment;
  mfaCode?: CredentialOptions['mfaCode'];
}

/**
 * The accounts of a run, each with a verified identity.
 * @throws UsageError for AWS_STS_REGIONAL_ENDPOINTS and sts_regional_endpoints.
 * @throws CredentialsError when there is not one.
 */
export async function discoverAccounts(options: DiscoveryOptions): Promise<Accounts> {
  const environment = options.environment ?? process.env;
  // A wrong variable is the user's error, not each profile's.
  readStsEndpoint(environment, undefined);
  const profiles = await listProfiles(environment);
  const regionOf = (profile: string): string =>
    environment['AWS_REGION'] ||
    environment['AWS_DEFAULT_REGION'] ||
    profiles.find(({ name }) => name === profile)?.region ||
    'us-east-1';
  const stsEndpointOf = (profile: string) =>
    readStsEndpoint(environment, profiles.find(({ name }) => name === profile)?.settings);
  const credentialOptions: CredentialOptions = {
    environment,
    clients: options.clients,
    ...(options.mfaCode === undefined ? {} : { mfaCode: options.mfaCode }),
  };

  if (options.syncAllProfiles !== true) {
    const chosen = options.profile ?? (environment['AWS_DEFAULT_PROFILE'] || environment['AWS_PROFILE'] || undefined);
    const name = chosen ?? 'default';
    if (chosen !== undefined && !profiles.some((profile) => profile.name === chosen)) {
      const setting =
        options.profile !== undefined
          ? '--profile'
          : environment['AWS_DEFAULT_PROFILE']
            ? 'AWS_DEFAULT_PROFILE'
            : 'AWS_PROFILE';
      throw credentialError(
        'ProfileNotFound',
        `The profile ${JSON.stringify(chosen)} is neither in the AWS configuration file nor in the credentials file: add it there, or set AWS_PROFILE to another one.`,
        { setting },
      );
    }
    const region = regionOf(name);
    const credentials =
      options.profile === undefined
        ? defaultCredentials(chosen, region, credentialOptions)
        : profileCredentials(options.profile, region, credentialOptions);
    return {
      accounts: [
        await openAccount(options.clients, name, region, {
          credentials,
          profile: chosen,
          stsEndpoint: stsEndpointOf(name),
        }),
      ],
      problems: [],
    };
  }
  return discoverAllProfiles(
    profiles.map(({ name }) => name).filter((name) => name !== 'default'),
    async (name) => {
      const region = regionOf(name);
      const credentials = profileCredentials(name, region, credentialOptions);
      return openAccount(options.clients, name, region, {
        credentials,
        profile: name,
        stsEndpoint: stsEndpointOf(name),
      });
    },
    options.logger,
  );
}

async function openAccount(
  clients: ClientFactory,
  name: string,
  defaultRegion: string,
  access: Access,
): Promise<Account> {
  const identity = await readIdentity(clients, access, defaultRegion, `profile "${name}"`);
  return {
    ...access,
    id: identity.accountId,
    name,
    partition: identity.partition,
    homeRegion: homeRegionOf(identity.partition) ?? defaultRegion,
    defaultRegion,
  };
}

async function discoverAllProfiles(
  names: readonly string[],
  open: (name: string) => Promise<Account>,
  logger: Logger,
): Promise<Accounts> {
  const limit = pLimit(8);
  const found = await Promise.allSettled(names.map((name) => limit(() => open(name))));
  const accounts = new Map<string, Account>();
  const problems: AccountProblem[] = [];
  found.forEach((result, index) => {
    const profile = names[index] as string;
    if (result.status === 'rejected') {
      const reason = messageOf(result.reason);
      problems.push({ profile, reason });
      logger.error({ profile }, `profile "${profile}" is left out: ${reason}`);
      return;
    }
    const other = accounts.get(result.value.id);
    if (other === undefined) accounts.set(result.value.id, result.value);
    else
      logger.warn(
        { profile, accountId: other.id },
        `profiles "${other.name}" and "${profile}" are of the same account ${other.id}: it is collected once, as "${other.name}"`,
      );
  });
  if (accounts.size > 0) return { accounts: [...accounts.values()], problems };
  throw new CredentialsError(
    names.length === 0
      ? '--aws-sync-all-profiles finds no profile besides "default" in the AWS configuration and credentials files: add profiles there, or leave the flag out.'
      : `--aws-sync-all-profiles: none of ${names.length} profiles gives access to an account. The first: ${problems[0]?.reason}`,
    { setting: '--aws-sync-all-profiles' },
  );
}
