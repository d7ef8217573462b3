import { Encoder, SaslRefused, type SaslAuthenticate } from '../kafkajs-internals.ts';
import type { OAuthToken } from './sasl-config.ts';

const SEPARATOR = '\u0001';

/**
 * The mechanism of RFC 7628. kafkajs's own takes a broker's refusal for a success: it comes as a challenge, which has to be
 * answered before the broker says that the login has failed (RFC 7628 3.2.3).
 * @throws SaslRefused with the broker's reason
 */
export async function authenticateOAuthBearer(authenticate: SaslAuthenticate, token: OAuthToken): Promise<void> {
  const extensions = Object.entries(token.extensions ?? {}).map(([name, value]) => `${name}=${value}${SEPARATOR}`);
  const first = `n,,${SEPARATOR}auth=Bearer ${token.value}${SEPARATOR}${extensions.join('')}${SEPARATOR}`;
  const challenge = await exchange(authenticate, first);
  if (challenge === '') return;
  await exchange(authenticate, SEPARATOR).catch(() => undefined);
  throw new SaslRefused(`the broker refuses the token: ${challenge}`);
}

async function exchange(authenticate: SaslAuthenticate, message: string): Promise<string> {
  const answer = await authenticate({
    request: { encode: () => Promise.resolve(new Encoder().writeBytes(Buffer.from(message)).buffer) },
    response: {
      // The bytes come with their length before them.
      decode: (bytes) => Promise.resolve(bytes.subarray(4).toString('utf8')),
      parse: (text) => Promise.resolve(text),
    },
  });
  return typeof answer === 'string' ? answer : '';
}
