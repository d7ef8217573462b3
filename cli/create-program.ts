import { Command } from 'commander';

import { addCollectCommand } from './commands/collect.ts';
import { addDemoCommand } from './commands/demo.ts';
import { addDlqCommand } from './commands/dlq.ts';
import { addDoctorCommand } from './commands/doctor.ts';
import { addIamCommand } from './commands/iam.ts';
import { addLoadCommand } from './commands/load.ts';
import { addReplayCommand } from './commands/replay.ts';
import { addRunCommand } from './commands/run.ts';
import { addSchemasCommand } from './commands/schemas.ts';
import { addStackCommand } from './commands/stack.ts';
import { addStatusCommand } from './commands/status.ts';
import { readVersion } from './read-version.ts';

/** Takes a command's exit code. */
export type SetExitCode = (code: number) => void;

/** All commands. Errors of the command line are thrown, as CommanderError or UsageError. */
export function createProgram(setExitCode: SetExitCode): Command {
  const program = new Command('cartography')
    .description(
      'Reads AWS, writes what it finds to Kafka, and keeps Neo4j the same. Without a command: all of it once.',
    )
    .usage('[options] [command]')
    .version(readVersion())
    .enablePositionalOptions()
    .showSuggestionAfterError();
  addRunCommand(program, setExitCode);
  addCollectCommand(program, setExitCode);
  addLoadCommand(program, setExitCode);
  addReplayCommand(program, setExitCode);
  addStatusCommand(program, setExitCode);
  addDlqCommand(program);
  addDemoCommand(program, setExitCode);
  addStackCommand(program, setExitCode);
  addIamCommand(program);
  addDoctorCommand(program, setExitCode);
  addSchemasCommand(program, setExitCode);
  forEachCommand(program, (command) => {
    command.exitOverride().configureOutput({ outputError: () => undefined });
  });
  return program;
}

function forEachCommand(command: Command, visit: (command: Command) => void): void {
  visit(command);
  for (const child of command.commands) forEachCommand(child, visit);
}
