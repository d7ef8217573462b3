import type { AwsCredentialIdentity } from '@smithy/types';

import { credentialError } from './credential-error.ts';

interface Names {
  accessKeyId: string;
  secretAccessKey: string;
  /** The first that is there counts. */
  sessionToken: readonly string[];
}

/** botocore reads the older name first, and so does this. */
const inEnvironment: Names = {
  accessKeyId: 'AWS_ACCESS_KEY_ID',
  secretAccessKey: 'AWS_SECRET_ACCESS_KEY',
  sessionToken: ['AWS_SECURITY_TOKEN', 'AWS_SESSION_TOKEN'],
};
const inProfile: Names = {
  accessKeyId: 'aws_access_key_id',
  secretAccessKey: 'aws_secret_access_key',
  sessionToken: ['aws_security_token', 'aws_session_token'],
};

type Settings = Readonly<Record<string, string | undefined>> | undefined;

/** The keys of the environment; undefined when there is no key id. @throws CredentialsError for half a pair */
export function environmentKeys(environment: Settings): AwsCredentialIdentity | undefined {
  return readKeys(environment, inEnvironment, '');
}

/** The keys of one profile in one file; undefined when there is no key id. @throws CredentialsError for half a pair */
export function profileKeys(settings: Settings, profile: string): AwsCredentialIdentity | undefined {
  return readKeys(settings, inProfile, `The profile ${JSON.stringify(profile)}: `);
}

export function hasKeys(settings: Settings): boolean {
  return settings?.[inProfile.accessKeyId] !== undefined || settings?.[inProfile.secretAccessKey] !== undefined;
}

function readKeys(settings: Settings, names: Names, where: string): AwsCredentialIdentity | undefined {
  const accessKeyId = settings?.[names.accessKeyId];
  if (!accessKeyId) return undefined;
  const secretAccessKey = settings?.[names.secretAccessKey];
  if (!secretAccessKey) {
    throw credentialError(
      'PartialCredentialsError',
      `${where}${names.accessKeyId} is set, but ${names.secretAccessKey} is not: set both or none.`,
      { setting: names.secretAccessKey },
    );
  }
  const sessionToken = names.sessionToken.map((name) => settings?.[name]).find(Boolean);
  return { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) };
}
