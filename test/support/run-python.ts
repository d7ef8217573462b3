import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

import { installPython } from '../../stack/install/install-python.ts';

const integration = path.join(import.meta.dirname, '..', 'integration');
const botocore = path.join('producers', 'botocore');

/** A Python that has the packages of `requirements.txt` in this folder of test/integration. */
export function installRequirements(name: string, folder: string): Promise<string> {
  return installPython({ name, requirements: path.join(integration, folder, 'requirements.txt') });
}

export function installBotocore(): Promise<string> {
  return installRequirements('botocore-1.44.8', botocore);
}

/** Runs a script beside botocore's requirements: see runPython. */
export function runBotocore(
  python: string,
  script: string,
  input: unknown,
  variables: Readonly<Record<string, string>> = {},
): Promise<unknown> {
  return runPython(python, path.join(botocore, script), input, variables);
}

/** Runs a script of test/integration: JSON in on standard input, JSON out on its line that begins with RESULT. */
export async function runPython(
  python: string,
  script: string,
  input: unknown,
  variables: Readonly<Record<string, string>> = {},
): Promise<unknown> {
  const child = spawn(python, [path.join(integration, script)], {
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
