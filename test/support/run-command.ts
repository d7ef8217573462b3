import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

export interface CommandResult {
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

export interface RunningCommand {
  kill(signal: NodeJS.Signals): void;
  readonly stdout: string;
  readonly stderr: string;
  readonly result: Promise<CommandResult>;
}

const main = path.join(import.meta.dirname, '..', '..', 'cli', 'main.ts');

/** Starts the command line in a process of its own, with these variables beside the environment's; undefined unsets one. */
export function startCommand(
  argv: readonly string[],
  variables: Readonly<Record<string, string | undefined>> = {},
): RunningCommand {
  return startProcess(process.execPath, [main, ...argv], { env: { ...process.env, ...variables } });
}

/** Starts any program, and collects what it prints. */
export function startProcess(
  command: string,
  parameters: readonly string[],
  options: Readonly<{ cwd?: string; env?: NodeJS.ProcessEnv }> = {},
): RunningCommand {
  const child = spawn(command, parameters, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return {
    kill: (signal) => void child.kill(signal),
    get stdout() {
      return stdout;
    },
    get stderr() {
      return stderr;
    },
    result: once(child, 'close').then(([exitCode]) => ({ exitCode: exitCode as number | null, stdout, stderr })),
  };
}

export function runCommand(...parameters: Parameters<typeof startCommand>): Promise<CommandResult> {
  return startCommand(...parameters).result;
}
