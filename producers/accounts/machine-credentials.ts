import type { AwsCredentialIdentity } from '@smithy/types';

import { messageOf } from '../../platform/errors.ts';
import type { Environment } from '../aws/aws-settings.ts';
import { credentialError } from './credential-error.ts';

/**
 * Credentials of the container's endpoint (ECS, EKS Pod Identity); undefined when the environment names none.
 * @throws CredentialsError when the endpoint gives none
 */
export async function containerCredentials(environment: Environment): Promise<AwsCredentialIdentity | undefined> {
  const relative = environment['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI'];
  const full = environment['AWS_CONTAINER_CREDENTIALS_FULL_URI'];
  if (relative === undefined && full === undefined) return undefined;
  const tokenFile = environment['AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE'];
  const token = environment['AWS_CONTAINER_AUTHORIZATION_TOKEN'];
  const { fromHttp } = await import('@aws-sdk/credential-providers');
  try {
    // Both of a pair would make the SDK warn; the first of each wins, as in botocore.
    return await fromHttp({
      ...(relative === undefined
        ? { awsContainerCredentialsFullUri: full ?? '' }
        : { awsContainerCredentialsRelativeUri: relative }),
      ...(tokenFile
        ? { awsContainerAuthorizationTokenFile: tokenFile }
        : token
          ? { awsContainerAuthorizationToken: token }
          : {}),
    })();
  } catch (error) {
    const setting =
      relative === undefined ? 'AWS_CONTAINER_CREDENTIALS_FULL_URI' : 'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI';
    throw credentialError(
      'CredentialRetrievalError',
      `${setting} is ${JSON.stringify(relative ?? full)}, which gives no credentials: ${messageOf(error)}`,
      { setting, cause: error },
    );
  }
}

/**
 * Credentials of the instance's role by IMDSv2; undefined when there is no such service, or none is wanted
 * (AWS_EC2_METADATA_DISABLED). The endpoint is the SDK's own to find (AWS_EC2_METADATA_SERVICE_ENDPOINT and its mode).
 */
export async function instanceCredentials(
  environment: Environment,
  profile: string,
): Promise<AwsCredentialIdentity | undefined> {
  if (environment['AWS_EC2_METADATA_DISABLED']?.toLowerCase() === 'true') return undefined;
  const { fromInstanceMetadata } = await import('@aws-sdk/credential-providers');
  const seconds = Number(environment['AWS_METADATA_SERVICE_TIMEOUT']) || 1;
  const attempts = Number(environment['AWS_METADATA_SERVICE_NUM_ATTEMPTS']) || 1;
  try {
    return await fromInstanceMetadata({ timeout: seconds * 1_000, maxRetries: attempts - 1, profile })();
  } catch {
    return undefined;
  }
}
