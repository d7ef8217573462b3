import type { Command } from 'commander';

import { resetStack, stopDetachedStack } from '../../stack/commands/stack-down.ts';
import { getStackStatus, type StackStatus } from '../../stack/commands/stack-status.ts';
import { runStackUp, startDetachedStack } from '../../stack/commands/stack-up.ts';
import type { StackState } from '../../stack/commands/stack-state.ts';
import { startDockerStack } from '../../stack/docker/docker-stack.ts';
import { ExitCode } from '../../platform/errors.ts';
import { type CommandContext, openContext } from '../context.ts';
import type { SetExitCode } from '../create-program.ts';
import { formatTable } from '../format.ts';
import { orInterrupted } from '../interrupt.ts';
import { addOutputOptions, type OutputOptions } from '../settings/output-settings.ts';

interface StackOptions extends OutputOptions {
  dataDir?: string;
}

interface StackUpOptions extends StackOptions {
  docker?: boolean;
  detach?: boolean;
  browser?: boolean;
}

export function addStackCommand(program: Command, setExitCode: SetExitCode): void {
  const stack = program.command('stack').description('Kafka, schema registry and Neo4j on this machine');
  const add = (name: string, description: string): Command =>
    addOutputOptions(stack.command(name).description(description)).option('--data-dir <folder>', 'where its data is');

  add('up', 'start it and keep it running until Ctrl-C')
    .option('--detach', 'leave it running; end it with `stack down`')
    .option('--browser', "with Neo4j's browser")
    .option('--docker', 'in containers')
    .action((options: StackUpOptions) => startUp(options));
  add('down', 'end it; its data stays').action(async (options: StackOptions) => {
    using context = openContext(options);
    const ended = await stopDetachedStack(dataDirOf(options));
    context.print(
      context.settings.json ? JSON.stringify({ ended }) : ended ? 'The stack has ended.' : 'No stack was running.',
    );
  });
  add('status', 'say whether its servers answer').action(async (options: StackOptions) => {
    using context = openContext(options);
    const status = await getStackStatus(dataDirOf(options));
    context.print(context.settings.json ? JSON.stringify(status, null, 2) : renderStackStatus(status));
    const isWell = status.state === 'running' && status.services.every(({ problem }) => problem === undefined);
    setExitCode(isWell ? ExitCode.complete : ExitCode.infrastructure);
  });
  add('reset', 'throw the data of a stopped stack away').action(async (options: StackOptions) => {
    using context = openContext(options);
    await resetStack(dataDirOf(options));
    context.print(context.settings.json ? JSON.stringify({ reset: true }) : 'The data is gone.');
  });
}

async function startUp(options: StackUpOptions): Promise<void> {
  using context = openContext(options, { hasServers: true });
  const { say, signal } = context;
  if (options.docker === true) {
    const { kafka, registry, neo4j } = await orInterrupted(
      startDockerStack({ ...dataDirOf(options), log: say }),
      signal,
    );
    say('The containers go on after this command; `docker compose -p cartography-stream down` ends them.');
    const { uri, user, password } = neo4j[0];
    const addresses = { kafka: kafka.bootstrapServers, registry: registry.url, neo4j: uri, user, password };
    context.print(JSON.stringify(addresses, null, 2));
    return;
  }
  const upOptions = { ...dataDirOf(options), neo4jHttp: options.browser === true, log: say };
  if (options.detach === true) return printState(await orInterrupted(startDetachedStack(upOptions), signal), context);
  await runStackUp(upOptions, (state) => printState(state, context), signal);
}

function printState(state: StackState, context: CommandContext): void {
  if (context.settings.json) return context.print(JSON.stringify(state, null, 2));
  const rows = [
    ['--kafka-bootstrap-servers', state.bootstrapServers],
    ['--schema-registry-url', state.registryUrl],
    ['--neo4j-uri', state.neo4jUri],
    ['--neo4j-user', state.neo4jUser],
    ['password', `in ${state.neo4jPasswordFile}`],
    ...(state.neo4jHttpUrl === undefined ? [] : [['browser', state.neo4jHttpUrl]]),
  ];
  context.print(`${formatTable(rows).join('\n')}\nOther commands find it by themselves while it runs.`);
}

function renderStackStatus({ state, dataDir, services }: StackStatus): string {
  const rows = services.map(({ name, address, problem }) => [name, address, problem ?? 'answers']);
  return [`The stack on ${dataDir} is ${state}.`, ...formatTable(rows)].join('\n');
}

function dataDirOf({ dataDir }: StackOptions): { dataDir?: string } {
  return dataDir === undefined ? {} : { dataDir };
}
