import type { Command } from 'commander';

export interface OutputOptions {
  verbose?: boolean;
  debug?: boolean;
  quiet?: boolean;
  json?: boolean;
}

export interface OutputSettings {
  level: 'warn' | 'info' | 'debug';
  /** Neither progress nor notes. */
  quiet: boolean;
  /** Errors with their stacks. */
  stacks: boolean;
  json: boolean;
}

export function addOutputOptions(command: Command): Command {
  return command
    .optionsGroup('Output:')
    .option('--json', 'the result as one JSON document')
    .option('-v, --verbose', 'log more')
    .option('-d, --debug', 'log more, and errors with their stacks')
    .option('-q, --quiet', 'log warnings and errors only, and show no progress');
}

export function readOutputSettings(options: OutputOptions): OutputSettings {
  const isDetailed = options.debug === true || options.verbose === true;
  const quiet = options.quiet === true && !isDetailed;
  return {
    level: isDetailed ? 'debug' : quiet ? 'warn' : 'info',
    quiet,
    stacks: options.debug === true,
    json: options.json === true,
  };
}
