import { InfrastructureError, type CartographyError, UsageError } from '../../errors.ts';
import { createHttpClient, reasonOf } from '../../http/http-client.ts';
import { readSecret, type Secret } from '../../secrets/secret.ts';
import { tlsFailureOf } from '../../tls/tls-failure.ts';
import type { TlsFiles } from '../../tls/tls-files.ts';
import type { OAuthToken } from './sasl-config.ts';

export interface ClientCredentials {
  /** `sasl.oauthbearer.token.endpoint.url` */
  tokenEndpointUrl: string;
  clientId: string;
  clientSecret: string | Secret;
  scope?: string;
  extensions?: Readonly<Record<string, string>>;
  /** Of the token endpoint. */
  tls?: TlsFiles;
  now?: () => number;
}

/** Where a token's lifetime is over as far as this client goes, as in Kafka's own (`sasl.login.refresh.window.factor`). */
const REFRESH_WINDOW_FACTOR = 0.8;
const TIMEOUT_MS = 3_000;
const ENDPOINT = '--kafka-sasl-oauthbearer-token-endpoint-url';
const CLIENT = '--kafka-sasl-oauthbearer-client-id';

interface TokenAnswer {
  access_token?: unknown;
  expires_in?: unknown;
  error?: unknown;
  error_description?: unknown;
}

/**
 * Tokens of OAuth 2's client credentials grant (RFC 6749 4.4). One is used until most of its lifetime is over; the secret is
 * read for each new one.
 */
export function clientCredentialsToken(options: ClientCredentials): () => Promise<OAuthToken> {
  const { tokenEndpointUrl, clientId, clientSecret, scope, extensions, tls = {}, now = Date.now } = options;
  const send = createHttpClient({ tls, timeoutMs: TIMEOUT_MS });
  let token: OAuthToken | undefined;
  let useUntil = 0;
  let asking: Promise<OAuthToken> | undefined;

  const ask = async (): Promise<OAuthToken> => {
    const secret = await readSecret(clientSecret);
    const answer = await post(send, tokenEndpointUrl, {
      authorization: basic(clientId, secret),
      body: new URLSearchParams({ grant_type: 'client_credentials', ...(scope === undefined ? {} : { scope }) }),
    });
    if (answer.status !== 200) throw refused(answer, tokenEndpointUrl, clientSecret);
    const { access_token: value, expires_in: seconds } = answer.body;
    if (typeof value !== 'string')
      throw failure(`the token endpoint ${tokenEndpointUrl} answers without an access_token.`);
    useUntil = now() + (typeof seconds === 'number' ? seconds : 0) * 1_000 * REFRESH_WINDOW_FACTOR;
    return (token = { value, ...(extensions === undefined ? {} : { extensions }) });
  };
  return () => {
    if (token !== undefined && now() < useUntil) return Promise.resolve(token);
    return (asking ??= ask().finally(() => (asking = undefined)));
  };
}

async function post(
  send: ReturnType<typeof createHttpClient>,
  url: string,
  { authorization, body }: { authorization: string; body: URLSearchParams },
): Promise<{ status: number; body: TokenAnswer }> {
  const headers = { authorization, 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' };
  try {
    const { status, text } = await send({ method: 'POST', url, headers, body: body.toString() });
    return { status, body: parse(text) };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const tlsFailure = tlsFailureOf(error);
    if (tlsFailure === undefined)
      throw failure(`cannot reach the token endpoint ${url}: ${reasonOf(error)}`, { retryable: true, cause: error });
    throw failure(
      `the token endpoint ${url}: ${tlsFailure.reason}. Name the file of its authority with --kafka-https-ca-location, and the host as its certificate does.`,
      { cause: error, setting: '--kafka-https-ca-location' },
    );
  }
}

/** RFC 6749 2.3.1: both are form-encoded before they are joined. */
function basic(clientId: string, secret: string): string {
  return `Basic ${Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(secret)}`).toString('base64')}`;
}

function refused(
  { status, body }: { status: number; body: TokenAnswer },
  url: string,
  secret: string | Secret,
): CartographyError {
  const error = typeof body.error === 'string' ? body.error : 'no reason given';
  const where = typeof secret === 'string' ? '' : ` and ${secret.source}`;
  return failure(
    `the token endpoint ${url} gives no token (${status}: ${error}): check ${CLIENT}${where}, and the scope.`,
    { setting: CLIENT, retryable: status === 429 || status >= 500 },
  );
}

function failure(
  problem: string,
  options: { setting?: string; retryable?: boolean; cause?: unknown } = {},
): InfrastructureError {
  return new InfrastructureError('CS_KAFKA', `Kafka's login: ${problem}`, { setting: ENDPOINT, ...options });
}

function parse(text: string): TokenAnswer {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
