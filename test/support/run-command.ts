import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Readable } from 'node:stream';

import { findPython } from '../../stack/install/find-tools.ts';

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

/** A command whose user sits at a terminal; all that it prints appears there, in `stdout`. */
export interface TerminalCommand {
  running: RunningCommand;
  /** As if typed: `\r` is the return key, `\x03` Ctrl-C. */
  type: (text: string) => void;
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
  return collectOutput(spawn(command, parameters, { ...options, stdio: ['ignore', 'pipe', 'pipe'] }));
}

/** Starts the command line on a pseudo-terminal. */
export async function startOnTerminal(
  argv: readonly string[],
  variables: Readonly<Record<string, string | undefined>> = {},
): Promise<TerminalCommand> {
  const child = spawn(await findPython(), ['-c', SPAWN_ON_TERMINAL, process.execPath, main, ...argv], {
    env: { ...process.env, TERM: 'xterm', ...variables },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  return { running: collectOutput(child), type: (text) => void child.stdin.write(text) };
}

/** Node has no pseudo-terminals; Python, which the stack needs anyway, has. */
const SPAWN_ON_TERMINAL = 'import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))';

function collectOutput(child: ChildProcess & { stdout: Readable; stderr: Readable }): RunningCommand {
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
