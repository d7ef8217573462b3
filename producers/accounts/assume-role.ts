import { readFile } from 'node:fs/promises';

import type { AwsCredentialIdentity } from '@smithy/types';

import { messageOf } from '../../platform/errors.ts';
import type { Access, ClientFactory } from '../aws/aws-clients.ts';
import { credentialError } from './credential-error.ts';
import type { ProfileSettings } from './shared-files.ts';
import type { StsEndpoint } from '../aws/sts-endpoint.ts';

/** How STS is reached. */
export interface StsAccess {
  clients: Pick<ClientFactory, 'create'>;
  region: string;
  /** Whose endpoint settings count. */
  profile: string;
  endpoint: StsEndpoint;
}

export interface WebIdentity {
  tokenFile: string;
  roleArn: string;
  sessionName: string | undefined;
}

/** AssumeRole with what the profile says: role, session name, external id, duration, MFA. */
export async function assumeRole(
  settings: ProfileSettings,
  source: AwsCredentialIdentity,
  sts: StsAccess,
  mfaCode: ((serial: string) => Promise<string>) | undefined,
): Promise<AwsCredentialIdentity> {
  const { profile } = sts;
  const serial = settings['mfa_serial'];
  if (serial !== undefined && mfaCode === undefined) {
    throw credentialError(
      'CredentialRetrievalError',
      `The profile ${JSON.stringify(profile)} has mfa_serial, and there is nobody to ask for the code: use a session that was opened before, e.g. with \`aws sts get-session-token\`.`,
    );
  }
  // botocore ignores a duration that is no number.
  const duration = /^\s*[+-]?\d+\s*$/.test(settings['duration_seconds'] ?? '')
    ? Number(settings['duration_seconds'])
    : undefined;
  const { AssumeRoleCommand, STSClient } = await import('@aws-sdk/client-sts');
  const access = accessTo(sts, () => Promise.resolve(source));
  const client = sts.clients.create(STSClient, access, sts.region);
  const answer = await client.send(
    new AssumeRoleCommand({
      RoleArn: settings['role_arn'],
      RoleSessionName: settings['role_session_name'] ?? defaultSessionName(),
      ...(settings['external_id'] === undefined ? {} : { ExternalId: settings['external_id'] }),
      ...(duration === undefined ? {} : { DurationSeconds: duration }),
      ...(serial === undefined || mfaCode === undefined
        ? {}
        : { SerialNumber: serial, TokenCode: await mfaCode(serial) }),
    }),
  );
  return identityOf(answer.Credentials, settings['role_arn'] ?? '');
}

/** AssumeRoleWithWebIdentity; the token is read anew each time, for whoever made it replaces it. */
export async function assumeRoleWithWebIdentity(
  { tokenFile, roleArn, sessionName }: WebIdentity,
  sts: StsAccess,
): Promise<AwsCredentialIdentity> {
  let token: string;
  try {
    token = await readFile(tokenFile, 'utf8');
  } catch (error) {
    throw credentialError(
      'CredentialRetrievalError',
      `The web identity token file ${JSON.stringify(tokenFile)} cannot be read: ${messageOf(error)}`,
      { setting: 'web_identity_token_file', cause: error },
    );
  }
  const { AssumeRoleWithWebIdentityCommand, STSClient } = await import('@aws-sdk/client-sts');
  const unsigned = accessTo(sts, () => Promise.reject(new Error('this call is not signed')));
  const answer = await sts.clients.create(STSClient, unsigned, sts.region).send(
    new AssumeRoleWithWebIdentityCommand({
      RoleArn: roleArn,
      RoleSessionName: sessionName ?? defaultSessionName(),
      WebIdentityToken: token,
    }),
  );
  return identityOf(answer.Credentials, roleArn);
}

function accessTo({ profile, endpoint }: StsAccess, credentials: Access['credentials']): Access {
  return { credentials, profile, stsEndpoint: endpoint };
}

/** In CloudTrail it says who it was. */
function defaultSessionName(): string {
  return `cartography-stream-${Math.floor(Date.now() / 1_000)}`;
}

function identityOf(
  credentials:
    | {
        AccessKeyId?: string | undefined;
        SecretAccessKey?: string | undefined;
        SessionToken?: string | undefined;
        Expiration?: Date | undefined;
      }
    | undefined,
  role: string,
): AwsCredentialIdentity {
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = credentials ?? {};
  if (!AccessKeyId || !SecretAccessKey) {
    throw credentialError('CredentialRetrievalError', `STS gave no credentials for the role ${role}.`);
  }
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    ...(SessionToken === undefined ? {} : { sessionToken: SessionToken }),
    ...(Expiration === undefined ? {} : { expiration: Expiration }),
  };
}
