import { readFile } from 'node:fs/promises';

/** The last lines of a log file, indented; says so when there are none. */
export async function readLogTail(file: string, lines: number): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const tail = text.trimEnd().split('\n').slice(-lines);
  return tail.join('') === '' ? '  (the log is empty)' : tail.map((line) => `  ${line}`).join('\n');
}
