import type { AwsCredentialIdentity } from '@smithy/types';

import { credentialError } from './credential-error.ts';

interface Names {
  accessKeyId: string;
  secretAccessKey: string;
  /** The first that is there counts. */
  sessionToken: readonly string[];
  /** When the keys end, as ISO 8601. */
  expiration?: string;
}

/** botocore reads the older name first, and so does this. */
const inEnvironment: Names = {
  accessKeyId: 'AWS_ACCESS_KEY_ID',
  secretAccessKey: 'AWS_SECRET_ACCESS_KEY',
  sessionToken: ['AWS_SECURITY_TOKEN', 'AWS_SESSION_TOKEN'],
  expiration: 'AWS_CREDENTIAL_EXPIRATION',
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
  const expiration = readExpiration(settings, names.expiration);
  return {
    accessKeyId,
    secretAccessKey,
    ...(sessionToken ? { sessionToken } : {}),
    ...(expiration === undefined ? {} : { expiration }),
  };
}

function readExpiration(settings: Settings, name: string | undefined): Date | undefined {
  const text = name === undefined ? undefined : settings?.[name];
  if (name === undefined || !text) return undefined;
  const expiration = new Date(text);
  if (Number.isNaN(expiration.getTime())) {
    throw credentialError(
      'ParserError',
      `${name} is ${JSON.stringify(text)}: it must be a time like 2030-01-31T12:00:00Z.`,
      {
        setting: name,
      },
    );
  }
  if (expiration.getTime() > Date.now()) return expiration;
  throw credentialError('RuntimeError', `${name} is ${text}: the keys of the environment have expired: renew them.`, {
    setting: name,
  });
}
