import { spawn } from 'node:child_process';
import { once } from 'node:events';

export interface ToolResult {
  /** null when a signal ended it; -1 when it could not be started. */
  exitCode: number | null;
  /** Standard output and standard error, as they came. */
  output: string;
}

/** Runs a program to its end and collects what it printed. Never throws: a program that is not there has exit code -1. */
export async function runTool(
  command: string,
  parameters: readonly string[],
  options: { cwd?: string; environment?: Record<string, string> } = {},
): Promise<ToolResult> {
  const child = spawn(command, parameters, {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    env: { ...process.env, ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
  try {
    const [exitCode] = (await once(child, 'close')) as [number | null];
    return { exitCode, output };
  } catch (error) {
    return { exitCode: -1, output: String(error) };
  }
}
