import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';

import { connectNeo4j } from '../../consumers/graph/connect-neo4j.ts';
import { defaultTopicPrefix } from '../../platform/topics.ts';
import { type CommandContext, openContext } from '../context.ts';
import type { SetExitCode } from '../create-program.ts';
import { renderDemoHints } from '../demo/render-demo-hints.ts';
import { type DemoServers, startDemoServers } from '../demo/start-demo-servers.ts';
import { exitCodeOf } from '../exit-code.ts';
import { orInterrupted } from '../interrupt.ts';
import { withLog } from '../open-log.ts';
import { runPipeline } from '../run-pipeline.ts';
import { type CollectSettings, readCollectSettings } from '../settings/collect-settings.ts';
import { addOutputOptions, type OutputOptions } from '../settings/output-settings.ts';
import { given, readInteger } from '../settings/values.ts';
import { renderSummary } from '../summary/render-summary.ts';
import { makeSummary } from '../summary/summary.ts';

interface DemoCommandOptions extends OutputOptions {
  accounts?: string;
  instances?: string;
  seed?: string;
  exit?: boolean;
  docker?: boolean;
  aws?: boolean;
  awsSyncAllProfiles?: boolean;
  awsRegions?: string;
}

const standInRegions = ['us-east-1', 'eu-west-1', 'ap-southeast-2'];

export function addDemoCommand(program: Command, setExitCode: SetExitCode): void {
  const command = program
    .command('demo')
    .description('run everything here, on a made-up organization, and show what comes of it')
    .option('--accounts <number>', 'member accounts [default: 5]')
    .option('--instances <number>', 'EC2 instances per account and region [default: 20]')
    .option('--seed <number>', 'the same seed makes the same organization [default: 42]')
    .option('--exit', 'end after the summary')
    .option('--docker', 'Kafka, registry and Neo4j in containers')
    .option('--aws', 'read AWS itself, with the credentials of the environment')
    .option('--aws-sync-all-profiles', 'with --aws: every profile except `default`')
    .option('--aws-regions <list>', 'with --aws: instead of the enabled ones');
  addOutputOptions(command).action(async (options: DemoCommandOptions) => setExitCode(await showDemo(options)));
}

async function showDemo(options: DemoCommandOptions): Promise<number> {
  using context = openContext(options, { isForPeople: true, hasServers: true });
  const usesAws = options.aws === true;
  const ownSettings = readCollectSettings(usesAws ? options : {});
  const starting = startDemoServers({
    accounts: readCount('--accounts', options.accounts, 5, 1, 200),
    instances: readCount('--instances', options.instances, 20, 1, 10_000),
    seed: readCount('--seed', options.seed, 42, 0, 2 ** 31),
    regions: standInRegions,
    usesDocker: options.docker === true,
    usesAws,
    log: context.say,
  });
  const servers = await orInterrupted(starting, context.signal);
  try {
    const settings = servers.aws === undefined ? ownSettings : useStandIn(servers.aws, ownSettings, context);
    const code = await runDemo(servers, settings, context);
    if (options.exit === true) return code;
    context.say(
      `\n${renderDemoHints(servers)}\n\nCtrl-C ends the demo${options.docker === true ? '' : ' and throws its data away'}.`,
    );
    // Nothing else may be left that keeps the process running: the servers do not.
    await sleep(2 ** 31 - 1, undefined, { signal: context.signal }).catch(() => undefined);
    return code;
  } finally {
    await servers.stop();
  }
}

async function runDemo(
  servers: DemoServers,
  collectSettings: CollectSettings,
  context: CommandContext,
): Promise<number> {
  const topicPrefix = defaultTopicPrefix;
  const logSettings = { servers: servers.servers, topicPrefix, topics: { partitions: 3 } };
  const graph = await connectNeo4j(servers.neo4j);
  try {
    return await withLog(logSettings, context, async (open) => {
      const graphSettings = { graphName: 'cartography', gateTimeoutMs: 3_600_000 };
      const result = await runPipeline({ open, graph, topicPrefix, graphSettings, collectSettings, context });
      const findings = { ...result, wantsOrganization: collectSettings.organizationAccountIds !== undefined };
      const summary = makeSummary(findings);
      context.print(context.settings.json ? JSON.stringify(summary, null, 2) : renderSummary(summary));
      return exitCodeOf(findings);
    });
  } finally {
    await graph.close();
  }
}

/** All profiles of the stand-in; nothing of the user's own AWS settings may lead to the real one. */
function useStandIn(
  aws: NonNullable<DemoServers['aws']>,
  settings: CollectSettings,
  context: CommandContext,
): CollectSettings {
  // The SDK reads some of them by itself, so it must be the process's.
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
  Object.assign(process.env, aws.environment);
  context.environment = process.env;
  return {
    ...settings,
    syncAllProfiles: true,
    regions: standInRegions,
    organizationAccountIds: [aws.managementAccountId],
  };
}

function readCount(setting: string, text: string | undefined, fallback: number, min: number, max: number): number {
  const value = given(setting, text);
  return value === undefined ? fallback : readInteger(value, { min, max });
}
