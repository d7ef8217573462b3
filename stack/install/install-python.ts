import path from 'node:path';
import { InfrastructureError } from '../../platform/errors.ts';
import { findPython } from './find-tools.ts';
import { installOnce } from './install-once.ts';
import { runTool } from './run-tool.ts';

export interface PythonInstallation {
  name: string;
  /** Every package pinned by version and hash, as `pip-compile --generate-hashes` writes it. */
  requirements: string;
  log?: ((line: string) => void) | undefined;
}

/** Makes a virtual environment with exactly the pinned packages and returns its Python. */
export async function installPython({ name, requirements, log }: PythonInstallation): Promise<string> {
  const folder = await installOnce({
    name,
    pins: [requirements],
    log,
    install: async (unfinished) => {
      await runOrThrow(await findPython(), ['-m', 'venv', unfinished], name);
      // pip is called as a module: the scripts of a virtual environment name the folder that it was made in.
      const pip = ['-m', 'pip', '--disable-pip-version-check', '--no-input'];
      const install = ['install', '--quiet', '--require-hashes', '--only-binary=:all:', '-r', requirements];
      await runOrThrow(pythonOf(unfinished), [...pip, ...install], name);
    },
  });
  return pythonOf(folder);
}

function pythonOf(folder: string): string {
  return path.join(folder, 'bin', 'python');
}

async function runOrThrow(command: string, parameters: readonly string[], name: string): Promise<void> {
  const result = await runTool(command, parameters);
  if (result.exitCode === 0) return;
  const tail = result.output.trim().split('\n').slice(-20).join('\n');
  throw new InfrastructureError('CS_STACK', `${name} could not be installed (${parameters.join(' ')}):\n${tail}`);
}
