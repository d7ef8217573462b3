import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import type { AwsCredentialIdentity } from '@smithy/types';
import { InfrastructureError, messageOf } from '../../errors.ts';
import type { OAuthToken } from './sasl-config.ts';

export interface MskIam {
  region: string;
  /** Called for each token. Default: the AWS SDK's chain (environment, profile, container, instance). */
  credentials?: () => Promise<AwsCredentialIdentity>;
  now?: () => Date;
}

const LIFETIME_SECONDS = 900;

/**
 * Tokens for IAM access control of Amazon MSK: the URL of a signed call of `kafka-cluster:Connect`, in base64url, as AWS's own
 * signers make them (https://github.com/aws/aws-msk-iam-sasl-signer-js). It goes over the wire as OAUTHBEARER.
 */
export function mskIamToken({ region, credentials, now = () => new Date() }: MskIam): () => Promise<OAuthToken> {
  return async () => {
    const identity = await (credentials ?? defaultCredentials)().catch((error: unknown) => {
      throw new InfrastructureError(
        'CS_KAFKA',
        `Kafka's login (AWS_MSK_IAM): there are no AWS credentials to sign with: ${messageOf(error)}. Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.`,
        { setting: '--kafka-sasl-mechanism', cause: error },
      );
    });
    const signer = new SignatureV4({ service: 'kafka-cluster', region, credentials: identity, sha256: Sha256 });
    const hostname = `kafka.${region}.amazonaws.com`;
    const signed = await signer.presign(
      {
        method: 'GET',
        protocol: 'https:',
        hostname,
        path: '/',
        headers: { host: hostname },
        query: { Action: 'kafka-cluster:Connect' },
      },
      { expiresIn: LIFETIME_SECONDS, signingDate: now() },
    );
    const query = Object.entries({ ...signed.query, 'User-Agent': 'cartography-stream' }).map(
      ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`,
    );
    return { value: Buffer.from(`https://${hostname}/?${query.join('&')}`).toString('base64url') };
  };
}

async function defaultCredentials(): Promise<AwsCredentialIdentity> {
  const { fromNodeProviderChain } = await import('@aws-sdk/credential-providers');
  return fromNodeProviderChain()();
}

/** The region in an MSK broker's name: `b-1.log.abc123.c2.kafka.eu-west-1.amazonaws.com:9098`. */
export function mskRegionOf(server: string): string | undefined {
  return /\.kafka(?:-serverless)?\.([a-z0-9-]+)\.amazonaws\.com/.exec(server)?.[1];
}
