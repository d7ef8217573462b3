import type { Logger } from 'pino';

import { createLogger } from '../platform/logging.ts';
import { type InterruptListener, listenForInterrupt } from './interrupt.ts';
import { type OutputSettings, readOutputSettings, type OutputOptions } from './settings/output-settings.ts';
import { ErrorOutput } from './terminal/error-output.ts';

/** What every command has. */
export interface CommandContext {
  environment: NodeJS.ProcessEnv;
  settings: OutputSettings;
  output: ErrorOutput;
  logger: Logger;
  /** Aborted when the user wants an end. */
  signal: AbortSignal;
  /** A line for people, on standard error; not with --quiet. */
  say: (line: string) => void;
  /** Data, on standard output. */
  print: (text: string) => void;
  [Symbol.dispose](): void;
}

export interface ContextOptions {
  /** Whether log lines are for people even off a terminal. Default false. */
  isForPeople?: boolean;
  /** Whether it ends servers of its own, each of which has a minute for that, before it ends itself. Default false. */
  hasServers?: boolean;
}

const serversEndMs = 120_000;

export function openContext(
  options: OutputOptions,
  { isForPeople = false, hasServers = false }: ContextOptions = {},
): CommandContext {
  const settings = readOutputSettings(options);
  const output = new ErrorOutput();
  // Where progress is drawn, information would only push it down.
  const level = settings.level === 'info' && output.isTerminal ? 'warn' : settings.level;
  const say = (line: string): void => {
    if (!settings.quiet) output.write(line);
  };
  const interrupt: InterruptListener = listenForInterrupt({
    onFirst: () => say('stopping (Ctrl-C again ends it at once)'),
    ...(hasServers ? { limitMs: serversEndMs } : {}),
  });
  return {
    environment: process.env,
    settings,
    output,
    logger: createLogger({
      level,
      write: (text) => output.write(text),
      ...(isForPeople ? { pretty: true } : {}),
    }),
    signal: interrupt.signal,
    say,
    print: (text) => void process.stdout.write(text.endsWith('\n') ? text : `${text}\n`),
    [Symbol.dispose]: () => interrupt[Symbol.dispose](),
  };
}
