import { readOnlyRoleName, type CredentialSource } from './roles.ts';

export interface ProfileOptions {
  partition: string;
  /** Where the hub's credentials come from: one of the machine's, or another profile. */
  source: { credentialSource: CredentialSource } | { sourceProfile: string };
  externalId: string | undefined;
  region: string;
}

/** What the file allows in a profile's name without quotes. */
const otherCharacters = /[^\w@+.%:/-]+/g;

/** Profiles for `~/.aws/config`: one for each account, that assumes its `cartography-read-only`. */
export function renderProfiles(
  accounts: readonly { id: string; name: string }[],
  { partition, source, externalId, region }: ProfileOptions,
): string {
  const used = new Set(['default']);
  return accounts
    .map(({ id, name }) => {
      const plain = name.replaceAll(otherCharacters, '-').replaceAll(/^-+|-+$/g, '') || id;
      const profile = used.has(plain) ? `${plain}-${id}` : plain;
      used.add(profile);
      return [
        `[profile ${profile}]`,
        `role_arn = arn:${partition}:iam::${id}:role/${readOnlyRoleName}`,
        'credentialSource' in source
          ? `credential_source = ${source.credentialSource}`
          : `source_profile = ${source.sourceProfile}`,
        ...(externalId === undefined ? [] : [`external_id = ${externalId}`]),
        `region = ${region}`,
        '',
      ].join('\n');
    })
    .join('\n');
}
