import { CommanderError } from 'commander';

import { createProgram } from './create-program.ts';
import { Interrupted } from './interrupt.ts';
import { asUsageError, reportError } from './report-error.ts';
import { ExitCode } from '../platform/errors.ts';

/** Runs one command line, without the names of node and of the program. Resolves with the exit code (docs/cli.md); never rejects. */
export async function runCli(argv: readonly string[]): Promise<number> {
  // The reader of a pipe may go early (`| head`); that is no fault.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(ExitCode.complete);
    throw error;
  });
  let exitCode: number = ExitCode.complete;
  const program = createProgram((code) => (exitCode = code));
  try {
    await program.parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return ExitCode.complete;
    const stacks = argv.some((item) => item === '--debug' || item === '-d');
    const report = reportError(error instanceof CommanderError ? asUsageError(error) : error, { stacks });
    process.stderr.write(`${report.text}\n`);
    // What is being started can be left to itself: the servers end with the process.
    if (error instanceof Interrupted) process.exit(report.exitCode);
    return report.exitCode;
  }
}
