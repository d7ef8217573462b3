import { messageOf } from '../../platform/errors.ts';
import { errorCodeOf } from './error-code.ts';

const longest = 240;

/**
 * One short line about an error for people and markers: the code and the message. Key ids and anything that looks like a
 * token are cut out; AWS puts some of them into its messages.
 */
export function describeError(error: unknown): string {
  const code = errorCodeOf(error);
  // Its message repeats the canonical request with its headers, the session token among them.
  const message = code === 'SignatureDoesNotMatch' ? 'the secret access key is wrong' : clean(messageOf(error));
  if (code === undefined || message.startsWith(code)) return message || 'unknown error';
  return message === '' ? code : `${code}: ${message}`;
}

function clean(message: string): string {
  const line = message
    .replace(/Encoded authorization failure message:.*/s, '')
    .replaceAll(/\b(?:A3T[A-Z0-9]|AKIA|ASIA|AROA|AIDA)[A-Z0-9]{12,}\b/g, '[key id]')
    .replaceAll(/[A-Za-z0-9+/=_-]{80,}/g, '[...]')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return line.length <= longest ? line : `${line.slice(0, longest - 3)}...`;
}
