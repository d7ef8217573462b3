import readline from 'node:readline/promises';
import { Writable } from 'node:stream';

import { UsageError } from '../../platform/errors.ts';
import { Interrupted } from '../interrupt.ts';

export interface Question {
  text: string;
  /** The option that asks: named when there is no terminal. */
  setting: string;
  /** Whether what is typed stays hidden. */
  isSecret: boolean;
}

/**
 * Asks on the terminal.
 * @throws UsageError without one; Interrupted on Ctrl-C.
 */
export async function ask({ text, setting, isSecret }: Question): Promise<string> {
  if (!process.stdin.isTTY) {
    throw new UsageError(`${setting} asks on a terminal, but standard input is none.`, { setting });
  }
  const output = new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (!isSecret) process.stderr.write(chunk);
      done();
    },
  });
  const lines = readline.createInterface({ input: process.stdin, output, terminal: true });
  // Only now: an answer that comes at once would be shown while the terminal still repeats what is typed.
  process.stderr.write(text);
  const { promise: interrupted, reject } = Promise.withResolvers<never>();
  lines.once('SIGINT', () => reject(new Interrupted('SIGINT')));
  lines.once('close', () => reject(new Interrupted('SIGINT')));
  try {
    return await Promise.race([lines.question(''), interrupted]);
  } finally {
    interrupted.catch(() => undefined);
    lines.close();
    process.stderr.write('\n');
  }
}
