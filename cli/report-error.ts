import type { CommanderError } from 'commander';

import { CartographyError, ExitCode, messageOf, UsageError } from '../platform/errors.ts';
import { Interrupted } from './interrupt.ts';

/** Commander's own errors in the project's words. */
export function asUsageError(error: CommanderError): UsageError {
  const [first = '', ...rest] = error.message.replace(/^error: /, '').split('\n');
  const setting = /--[a-z][a-z0-9-]*/.exec(first)?.[0];
  const hint = rest.join(' ').trim() || 'See --help.';
  return new UsageError(`${first}. ${hint}`, setting === undefined ? {} : { setting });
}

/** The line for people about what ended a command, and the exit code. With stacks only when they are asked for. */
export function reportError(error: unknown, { stacks }: { stacks: boolean }): { text: string; exitCode: number } {
  if (error instanceof Interrupted) return { text: 'interrupted', exitCode: error.exitCode };
  const isKnown = error instanceof CartographyError;
  const message = messageOf(error);
  const setting =
    isKnown && error.setting !== undefined && !message.includes(error.setting) ? ` (${error.setting})` : '';
  const hint = isKnown || stacks ? '' : ' (a fault of this program; --debug shows where)';
  const stack = stacks && error instanceof Error ? `\n${describeStack(error)}` : '';
  return { text: `error: ${message}${setting}${hint}${stack}`, exitCode: isKnown ? error.exitCode : ExitCode.internal };
}

function describeStack(error: Error): string {
  const own = error.stack ?? '';
  return error.cause instanceof Error ? `${own}\ncaused by: ${describeStack(error.cause)}` : own;
}
