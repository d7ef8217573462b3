import { createSign, generateKeyPairSync } from 'node:crypto';
import { readBody, serveOnLoopback } from './serve-on-loopback.ts';

export interface TokenIssuer extends AsyncDisposable {
  tokenEndpointUrl: string;
  jwksUrl: string;
  /** What the next tokens say. */
  claims: Record<string, unknown>;
  lifetimeSeconds: number;
  /** The client's secret; may be changed. */
  clientSecret: string;
  issued: number;
}

/** A token endpoint for client credentials and the keys that it signs with, as an OAuth server has them. */
export async function startTokenIssuer(clientSecret: string): Promise<TokenIssuer> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'test', use: 'sig', alg: 'RS256' };
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const sign = (): string => {
    const now = Math.floor(Date.now() / 1_000);
    const body = { iat: now, exp: now + issuer.lifetimeSeconds, jti: String(++issuer.issued), ...issuer.claims };
    const text = `${encode({ alg: 'RS256', kid: 'test', typ: 'JWT' })}.${encode(body)}`;
    return `${text}.${createSign('RSA-SHA256').update(text).sign(privateKey, 'base64url')}`;
  };
  const server = await serveOnLoopback((request, response) => {
    void readBody(request).then(() => {
      const [status, answer] = respond(request.url ?? '', request.headers.authorization);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
  });
  const respond = (url: string, authorization: string | undefined): [number, object] => {
    if (url === '/jwks') return [200, { keys: [jwk] }];
    const [, secret] = Buffer.from((authorization ?? '').slice(6), 'base64')
      .toString()
      .split(':');
    if (secret !== issuer.clientSecret) return [401, { error: 'invalid_client' }];
    return [200, { access_token: sign(), token_type: 'Bearer', expires_in: issuer.lifetimeSeconds }];
  };
  const issuer: TokenIssuer = {
    tokenEndpointUrl: `${server.url}/token`,
    jwksUrl: `${server.url}/jwks`,
    claims: { sub: 'alice', aud: 'kafka', iss: 'test' },
    lifetimeSeconds: 300,
    clientSecret,
    issued: 0,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
  return issuer;
}
