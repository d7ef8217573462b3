import { CredentialsError } from '../../platform/errors.ts';
import type { Access, ClientFactory } from '../aws/aws-clients.ts';
import { describeError } from '../aws/describe-error.ts';
import { errorCodeOf } from '../aws/error-code.ts';
import { hintFor } from '../outcomes.ts';

export interface Identity {
  accountId: string;
  /** Of the caller: a user, or a role's session. */
  arn: string;
  /** Second part of the caller's ARN: `aws`, `aws-cn` or `aws-us-gov`. */
  partition: string;
}

/**
 * Asks STS whose credentials these are.
 * @param who for the message, e.g. `profile "prod"`
 * @throws CredentialsError for missing, wrong or expired credentials, and when STS cannot be reached.
 */
export async function readIdentity(
  clients: Pick<ClientFactory, 'create'>,
  access: Access,
  region: string,
  who: string,
): Promise<Identity> {
  const { GetCallerIdentityCommand, STSClient } = await import('@aws-sdk/client-sts');
  try {
    const answer = await clients.create(STSClient, access, region).send(new GetCallerIdentityCommand({}));
    const { Account: accountId, Arn: arn = '' } = answer;
    const partition = arn.split(':')[1];
    if (accountId === undefined || !partition) throw new Error('GetCallerIdentity named no account');
    return { accountId, arn, partition };
  } catch (error) {
    if (error instanceof CredentialsError) throw error;
    const code = errorCodeOf(error);
    throw new CredentialsError(
      `The identity of ${who} cannot be verified: ${describeError(error)}. ${remedyFor(code)}`,
      {
        cause: error,
        details: { who, code },
      },
    );
  }
}

function remedyFor(code: string | undefined): string {
  switch (code) {
    case 'InvalidClientTokenId':
    case 'UnrecognizedClientException':
    case 'SignatureDoesNotMatch':
      return 'Check the access key and its secret.';
    case 'AccessDenied':
    case 'AccessDeniedException':
      return 'Check that the role may be assumed and that no policy denies sts:GetCallerIdentity.';
    case 'CredentialsProviderError':
    case 'TokenProviderError':
      return 'Set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or renew the session, e.g. with `aws sso login`.';
    default:
      return hintFor(code) === undefined ? 'Check the network and the endpoint.' : `Hint: ${hintFor(code)}.`;
  }
}
