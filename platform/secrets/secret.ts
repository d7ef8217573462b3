import { readFile } from 'node:fs/promises';
import { messageOf, UsageError } from '../errors.ts';

/** A value that is asked for each time that it is needed, so that it is in no setting, message or log. */
export interface Secret {
  /** The setting that it comes from, e.g. `--kafka-sasl-password-file`. */
  readonly setting: string;
  /** The setting and the name of the variable or file, for messages. */
  readonly source: string;
  /** The value as it is now. @throws UsageError that names the setting */
  read(): Promise<string>;
}

/** A value that stays as it is. */
export function fixedSecret(
  value: string,
  { setting, source = setting }: { setting: string; source?: string },
): Secret {
  return { setting, source, read: () => Promise.resolve(value) };
}

/**
 * A value that a file holds, without the line break at its end: read anew each time, so that one that has changed is used
 * from then on. While the file is missing or empty, as it may be when it is just being replaced, the last value stands in.
 */
export function fileSecret(file: string, setting: string): Secret {
  const source = `${setting} ${JSON.stringify(file)}`;
  let last: string | undefined;
  return {
    setting,
    source,
    read: async () => {
      try {
        const text = (await readFile(file, 'utf8')).replace(/\r?\n$/, '');
        if (text === '') throw new Error('it is empty');
        return (last = text);
      } catch (error) {
        if (last !== undefined) return last;
        throw new UsageError(`${source} cannot be read: ${messageOf(error)}. Give a file that holds the secret.`, {
          setting,
          cause: error,
        });
      }
    },
  };
}

/** Plain text stands for itself: what the local stack and tests have. */
export function readSecret(secret: string | Secret): Promise<string> {
  return typeof secret === 'string' ? Promise.resolve(secret) : secret.read();
}
