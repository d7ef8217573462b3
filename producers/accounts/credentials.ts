import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@smithy/types';

import { resolveCredentials, type CredentialOptions } from './credential-chain.ts';

/** Renewed this long before they end. */
const renewalMs = 5 * 60_000;

/** Credentials of exactly this profile; keys in the environment are left aside, as boto3 does with an explicit profile. */
export function profileCredentials(
  profile: string,
  region: string,
  options: CredentialOptions,
): AwsCredentialIdentityProvider {
  return keepUntilExpiry(() => resolveCredentials(profile, { ...options, region, isExplicit: true }));
}

/**
 * Credentials as boto3 finds them without an explicit profile: keys in the environment come before AWS_PROFILE (the SDK
 * for JavaScript has it the other way round).
 * @param profile what AWS_PROFILE says; default `default`
 */
export function defaultCredentials(
  profile: string | undefined,
  region: string,
  options: CredentialOptions,
): AwsCredentialIdentityProvider {
  return keepUntilExpiry(() => resolveCredentials(profile ?? 'default', { ...options, region, isExplicit: false }));
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
