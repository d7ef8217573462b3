import type { AwsCredentialIdentity } from '@smithy/types';

import { messageOf } from '../../platform/errors.ts';
import type { ClientFactory } from '../aws/aws-clients.ts';
import type { Environment } from '../aws/aws-settings.ts';
import type { StsEndpoint } from '../aws/sts-endpoint.ts';
import { assumeRole, assumeRoleWithWebIdentity, type StsAccess } from './assume-role.ts';
import { credentialError } from './credential-error.ts';
import { containerCredentials, instanceCredentials } from './machine-credentials.ts';
import { readSharedFiles, type ProfileSettings, type SharedFiles, sharedFilesOf } from './shared-files.ts';
import { readStsEndpoint } from './sts-endpoint.ts';
import { environmentKeys, hasKeys, profileKeys } from './static-credentials.ts';

export interface CredentialOptions {
  environment: Environment;
  clients: Pick<ClientFactory, 'create' | 'innerClientConfiguration'>;
  /** Asks for the code of a device; default: a profile with mfa_serial fails. */
  mfaCode?: (serial: string) => Promise<string>;
}

/** What one resolution works with. */
interface Chain extends CredentialOptions {
  files: SharedFiles;
  region: string;
  stsEndpoint: StsEndpoint;
}

/**
 * One search for credentials in botocore's order: the environment's keys (unless the profile is explicit), the profile's
 * role, web identity, SSO, keys in the credentials file, login session, process, keys in the configuration file,
 * container, instance.
 * @throws CredentialsError whose `details.fault` is botocore's error for the same files and environment
 */
export async function resolveCredentials(
  profile: string,
  { region, isExplicit, ...options }: CredentialOptions & { region: string; isExplicit: boolean },
): Promise<AwsCredentialIdentity> {
  const keys = isExplicit ? undefined : environmentKeys(options.environment);
  if (keys !== undefined) return keys;
  const files = await readSharedFiles(options.environment);
  const settings = files.merged[profile];
  const chain: Chain = { ...options, region, files, stsEndpoint: readStsEndpoint(options.environment, settings) };
  const found =
    (isRoleProfile(settings) ? await fromRole(profile, [profile], chain) : undefined) ??
    (await fromProfile(profile, chain, isExplicit ? {} : options.environment)) ??
    (await containerCredentials(options.environment)) ??
    (await instanceCredentials(options.environment, profile));
  if (found !== undefined) return found;
  throw credentialError(
    'NoCredentialsError',
    `There are no credentials in the environment, in the profile ${JSON.stringify(profile)}, at a container's endpoint or in an instance's metadata: set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.`,
    { setting: 'AWS_PROFILE' },
  );
}

function isRoleProfile(settings: ProfileSettings | undefined): settings is ProfileSettings {
  return settings?.['role_arn'] !== undefined && settings['web_identity_token_file'] === undefined;
}

/** @param visited profiles on the way here, this one last */
async function fromRole(profile: string, visited: readonly string[], chain: Chain): Promise<AwsCredentialIdentity> {
  const settings = chain.files.merged[profile] ?? {};
  const { source_profile: sourceProfile, credential_source: credentialSource } = settings;
  const name = JSON.stringify(profile);
  if (sourceProfile !== undefined && credentialSource !== undefined) {
    throw credentialError(
      'InvalidConfigError',
      `The profile ${name} has both source_profile and credential_source: leave one out.`,
    );
  }
  const source =
    credentialSource !== undefined
      ? await fromCredentialSource(credentialSource, profile, chain)
      : await fromSourceProfile(sourceProfile, profile, visited, chain);
  return assumeRole(settings, source, stsOf(profile, chain), chain.mfaCode);
}

async function fromSourceProfile(
  source: string | undefined,
  profile: string,
  visited: readonly string[],
  chain: Chain,
): Promise<AwsCredentialIdentity> {
  const name = JSON.stringify(profile);
  if (source === undefined) {
    throw credentialError(
      'PartialCredentialsError',
      `The profile ${name} has role_arn, but neither source_profile nor credential_source: add one of them.`,
    );
  }
  const settings = chain.files.merged[source];
  if (settings === undefined) {
    throw credentialError(
      'InvalidConfigError',
      `The profile ${name} has source_profile ${JSON.stringify(source)}, which does not exist: add it, or name another.`,
    );
  }
  // A profile may be its own source only for the keys that stand in it.
  if (visited.includes(source) && !(source === profile && hasKeys(settings))) {
    throw credentialError(
      'InfiniteLoopConfigError',
      `The source_profile settings go round in a circle: ${[...visited, source].join(' -> ')}. Let the last one have credentials of its own.`,
    );
  }
  if (!hasKeys(settings) && isRoleProfile(settings)) return fromRole(source, [...visited, source], chain);
  const found = await fromProfile(source, chain, {});
  if (found !== undefined) return found;
  throw credentialError(
    'InvalidConfigError',
    `The profile ${name} has source_profile ${JSON.stringify(source)}, which has no credentials: add some to it, or name another.`,
  );
}

async function fromCredentialSource(source: string, profile: string, chain: Chain): Promise<AwsCredentialIdentity> {
  const sources: Readonly<Record<string, () => Promise<AwsCredentialIdentity | undefined>>> = {
    environment: () => Promise.resolve(environmentKeys(chain.environment)),
    ecscontainer: () => containerCredentials(chain.environment),
    ec2instancemetadata: () => instanceCredentials(chain.environment, profile),
  };
  const where = `The profile ${JSON.stringify(profile)} has credential_source ${JSON.stringify(source)}`;
  const read = sources[source.toLowerCase()];
  if (read === undefined) {
    throw credentialError(
      'InvalidConfigError',
      `${where}: it must be Environment, EcsContainer or Ec2InstanceMetadata.`,
    );
  }
  const found = await read();
  if (found !== undefined) return found;
  throw credentialError('CredentialRetrievalError', `${where}, and there are no credentials.`);
}

/** @param webIdentity where variables of a web identity are looked for before the profile's settings */
async function fromProfile(
  profile: string,
  chain: Chain,
  webIdentity: Environment,
): Promise<AwsCredentialIdentity | undefined> {
  const settings = chain.files.merged[profile] ?? {};
  const tokenFile = webIdentity['AWS_WEB_IDENTITY_TOKEN_FILE'] ?? settings['web_identity_token_file'];
  if (tokenFile) {
    const roleArn = webIdentity['AWS_ROLE_ARN'] ?? settings['role_arn'];
    const sessionName = webIdentity['AWS_ROLE_SESSION_NAME'] ?? settings['role_session_name'];
    if (!roleArn) {
      throw credentialError(
        'InvalidConfigError',
        `There is a web identity token file (${tokenFile}), but no role: set AWS_ROLE_ARN, or role_arn in the profile ${JSON.stringify(profile)}.`,
        { setting: 'AWS_ROLE_ARN' },
      );
    }
    return assumeRoleWithWebIdentity({ tokenFile, roleArn, sessionName }, stsOf(profile, chain));
  }
  return (
    ((settings['sso_account_id'] ?? settings['sso_role_name'])
      ? await fromSdk('fromSSO', profile, chain)
      : undefined) ??
    profileKeys(chain.files.credentials[profile], profile) ??
    (settings['login_session'] ? await fromSdk('fromLoginCredentials', profile, chain) : undefined) ??
    (settings['credential_process'] ? await fromSdk('fromProcess', profile, chain) : undefined) ??
    profileKeys(chain.files.config[profile], profile)
  );
}

const remedies = {
  fromSSO: 'Renew the session with `aws sso login`.',
  fromLoginCredentials: 'Renew the session with `aws login`.',
  fromProcess: 'Check credential_process.',
};

async function fromSdk(
  provider: keyof typeof remedies,
  profile: string,
  { environment, region, clients }: Chain,
): Promise<AwsCredentialIdentity> {
  const providers = await import('@aws-sdk/credential-providers');
  try {
    return await providers[provider]({
      profile,
      ...sharedFilesOf(environment),
      ignoreCache: true,
      clientConfig: { region, ...clients.innerClientConfiguration },
    })();
  } catch (error) {
    throw credentialError(
      'CredentialRetrievalError',
      `The profile ${JSON.stringify(profile)} gives no credentials: ${messageOf(error)} ${remedies[provider]}`,
      { cause: error },
    );
  }
}

function stsOf(profile: string, { clients, region, stsEndpoint }: Chain): StsAccess {
  return { clients, region, profile, endpoint: stsEndpoint };
}
