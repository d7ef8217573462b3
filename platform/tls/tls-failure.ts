import { messageOf } from '../errors.ts';

/**
 * Why two ends did not come to terms over TLS:
 * - `authority`: the server's certificate is of no authority that is trusted;
 * - `name`: it is for another host name;
 * - `time`: it has expired, or is not valid yet;
 * - `client`: the server does not take the client's certificate, or wants one;
 * - `plain`: the port does not speak TLS;
 * - `other`.
 */
export interface TlsFailure {
  kind: 'authority' | 'name' | 'time' | 'client' | 'plain' | 'other';
  /** As Node or OpenSSL has it, in one line. */
  reason: string;
}

/** By Node's codes (https://nodejs.org/api/tls.html#x509-certificate-error-codes) and OpenSSL's names of alerts. */
const kinds: readonly [TlsFailure['kind'], RegExp][] = [
  ['authority', /SELF_SIGNED_CERT|UNABLE_TO_|CERT_SIGNATURE_FAILURE|CERT_UNTRUSTED|INVALID_CA/],
  ['name', /ERR_TLS_CERT_ALTNAME_INVALID|HOSTNAME_MISMATCH/],
  ['time', /CERT_HAS_EXPIRED|CERT_NOT_YET_VALID/],
  ['client', /ALERT_(CERTIFICATE_REQUIRED|BAD_CERTIFICATE|UNKNOWN_CA|CERTIFICATE_\w+|UNSUPPORTED_CERTIFICATE)/],
  ['plain', /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG/],
  ['other', /\b(CERT_|CRL_|ERR_TLS_|ERR_SSL_|ERR_OSSL_)\w+/],
];

/** undefined for what is no failure of TLS. Looks at codes first, then at what libraries have put into their messages. */
export function tlsFailureOf(error: unknown): TlsFailure | undefined {
  const chain = causesOf(error);
  const texts = [...chain.map(codeOf), ...chain.map(messageOf)];
  for (const text of texts) {
    const [kind] = kinds.find(([, pattern]) => pattern.test(text)) ?? [];
    if (kind !== undefined)
      return { kind, reason: shorten(messageOf(chain.find((one) => codeOf(one) === text) ?? text)) };
  }
  return undefined;
}

function causesOf(error: unknown): unknown[] {
  const chain: unknown[] = [];
  for (let one = error; one !== undefined && one !== null && chain.length < 5; one = (one as { cause?: unknown }).cause)
    chain.push(one);
  return chain;
}

function codeOf(error: unknown): string {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : '';
}

/** OpenSSL puts its thread, source file and line around what matters; the Neo4j driver tells how to use it. */
function shorten(text: string): string {
  const line = text.split('\n', 1)[0]!;
  const [, alert] = /SSL routines:\w*:([^:]+):/.exec(line) ?? [];
  const [, responded] = /Socket responded with: (.+)/.exec(line) ?? [];
  return alert ?? responded ?? line;
}
