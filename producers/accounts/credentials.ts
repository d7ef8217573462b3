import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@smithy/types';

import { CredentialsError } from '../../platform/errors.ts';
import type { Environment } from '../aws/aws-settings.ts';
import type { ClientFactory } from '../aws/aws-clients.ts';
import { sharedFilesOf } from './profiles.ts';

export interface CredentialOptions {
  environment: Environment;
  clients: Pick<ClientFactory, 'innerClientConfiguration'>;
  /** Asks for the code of a device; default: a profile with mfa_serial fails. */
  mfaCode?: (serial: string) => Promise<string>;
}

/** Renewed this long before they end. */
const renewalMs = 5 * 60_000;

/** Credentials of exactly this profile; what the environment says is left aside, as boto3 does with an explicit profile. */
export function profileCredentials(
  profile: string,
  region: string,
  options: CredentialOptions,
): AwsCredentialIdentityProvider {
  return keepUntilExpiry(async () => {
    const { fromIni } = await import('@aws-sdk/credential-providers');
    return fromIni(chainOptions(profile, region, options))();
  });
}

/**
 * Credentials as boto3 finds them without an explicit profile: keys in the environment come before AWS_PROFILE (the SDK
 * for JavaScript has it the other way round), then the profile, web identity, container and instance.
 */
export function defaultCredentials(
  profile: string | undefined,
  region: string,
  options: CredentialOptions,
): AwsCredentialIdentityProvider {
  const { environment } = options;
  const accessKeyId = environment['AWS_ACCESS_KEY_ID'];
  if (accessKeyId) {
    const secretAccessKey = environment['AWS_SECRET_ACCESS_KEY'];
    if (!secretAccessKey) {
      throw new CredentialsError('AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not: set both or none.', {
        setting: 'AWS_SECRET_ACCESS_KEY',
      });
    }
    const sessionToken = environment['AWS_SESSION_TOKEN'] || environment['AWS_SECURITY_TOKEN'];
    const identity: AwsCredentialIdentity = {
      accessKeyId,
      secretAccessKey,
      ...(sessionToken ? { sessionToken } : {}),
    };
    return () => Promise.resolve(identity);
  }
  return keepUntilExpiry(async () => {
    const { fromNodeProviderChain } = await import('@aws-sdk/credential-providers');
    return fromNodeProviderChain(chainOptions(profile, region, options))();
  });
}

function chainOptions(
  profile: string | undefined,
  region: string,
  { environment, clients, mfaCode }: CredentialOptions,
): object {
  return {
    ...(profile === undefined ? {} : { profile }),
    ...sharedFilesOf(environment),
    ignoreCache: true,
    clientConfig: { region, ...clients.innerClientConfiguration },
    ...(mfaCode === undefined ? {} : { mfaCodeProvider: mfaCode }),
  };
}

/** Hundreds of clients of an account share one provider: without this each of them would assume the role. */
export function keepUntilExpiry(provider: AwsCredentialIdentityProvider): AwsCredentialIdentityProvider {
  let kept: Promise<AwsCredentialIdentity> | undefined;
  let expiresAtMs = Infinity;
  return () => {
    if (kept === undefined || Date.now() > expiresAtMs - renewalMs) {
      expiresAtMs = Infinity;
      const asked = provider().then((identity) => {
        expiresAtMs = identity.expiration?.getTime() ?? Infinity;
        return identity;
      });
      asked.catch(() => {
        if (kept === asked) kept = undefined;
      });
      kept = asked;
    }
    return kept;
  };
}
