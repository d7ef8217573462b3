import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

import { installPython } from '../../stack/install/install-python.ts';

const folder = path.join(import.meta.dirname, '..', 'integration', 'producers', 'botocore');

/** A Python that has botocore. */
export function installBotocore(): Promise<string> {
  return installPython({ name: 'botocore-1.44.8', requirements: path.join(folder, 'requirements.txt') });
}

/** Runs a script beside the requirements: JSON in on standard input, JSON out on its line that begins with RESULT. */
export async function runBotocore(
  python: string,
  script: string,
  input: unknown,
  variables: Readonly<Record<string, string>> = {},
): Promise<unknown> {
  const child = spawn(python, [path.join(folder, script)], {
    env: { ...process.env, ...variables },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stdin.end(JSON.stringify(input));
  const [exitCode] = await once(child, 'close');
  const line = output.split('\n').find((text) => text.startsWith('RESULT '));
  if (exitCode !== 0 || line === undefined) throw new Error(`${script} ended with ${exitCode}: ${output}`);
  return JSON.parse(line.slice('RESULT '.length));
}
