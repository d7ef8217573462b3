import { ExitCode } from '../../platform/errors.ts';
import { formatCount, formatNumberOf, formatSeconds } from '../format.ts';
import type { RebuildResult } from '../rebuild.ts';
import type { GraphOptions } from '../settings/graph-settings.ts';

const listed = 20;

/** What a rebuild came to, and how to go over to the new graph. */
export function renderRebuild(result: RebuildResult, options: GraphOptions): string {
  const { graph, until, records, seconds, nodes, relationships, incompleteScopes } = result;
  const what = until === null ? 'all that was in the log' : `the log up to run ${until}`;
  const rate = formatCount(Math.round(records / seconds));
  const head = `Graph ${graph} has ${what}: ${formatNumberOf(nodes, 'node')}, ${formatNumberOf(relationships, 'relationship')}, of ${formatNumberOf(records, 'record')} in ${formatSeconds(seconds)} (${rate}/s).`;
  const blocks = [
    [head],
    incompleteScopes.length === 0 ? [] : describeGaps(result),
    until === null ? switchSteps(options) : [`It stays as it is: load and a run refuse a graph that stops at a run.`],
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

/** 0 when the graph is complete, 5 when scopes lack records. */
export function exitCodeOfRebuild({ status }: RebuildResult): ExitCode {
  return status === 'complete' ? ExitCode.complete : ExitCode.partial;
}

function describeGaps({ incompleteScopes, laterRuns, until }: RebuildResult): string[] {
  const reason =
    laterRuns === 0
      ? 'see `cartography dlq list`'
      : `later runs have written them anew, and Kafka has removed what they were at run ${until} (compaction)`;
  const more = incompleteScopes.length - listed;
  return [
    `It is not complete: ${formatNumberOf(incompleteScopes.length, 'scope')} lack records; ${reason}:`,
    ...incompleteScopes.slice(0, listed).map((scope) => `  ${scope}`),
    ...(more > 0 ? [`  and ${more} more; --json lists all`] : []),
  ];
}

function switchSteps(options: GraphOptions): string[] {
  return [
    'To go over to it:',
    `  1. keep it up to date, with the Kafka options as here:  cartography load ${graphArguments(options)}`,
    `  2. when \`cartography status\` with the same options says that it has caught up, point users, and the runs that load, at it`,
    '  3. stop the loaders of the old graph, then its database; Kafka forgets its consumer groups by itself',
  ];
}

/** The options that say which graph it is, as they were given. A password is not among them. */
function graphArguments(options: GraphOptions): string {
  const given: [string, string | undefined][] = [
    ['--graph', options.graph],
    ['--neo4j-uri', options.neo4jUri],
    ['--neo4j-user', options.neo4jUser],
    ['--neo4j-password-env-var', options.neo4jPasswordEnvVar],
    ['--neo4j-password-file', options.neo4jPasswordFile],
    ['--neo4j-trusted-certificates', options.neo4jTrustedCertificates],
    ['--neo4j-database', options.neo4jDatabase],
  ];
  return given
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name} ${value}`)
    .join(' ');
}
