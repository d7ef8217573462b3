import { formatCount, formatNumberOf, formatSeconds, formatTable } from '../format.ts';
import type { Summary } from './summary.ts';

/** What is listed before the rest is only counted; `--json` has all. */
const listed = 20;
const listedLabels = 30;

/** The summary as text, without colour. */
export function renderSummary(summary: Summary): string {
  const { status, gaps, updateTag, seconds, graph, waitingForShards = [] } = summary;
  const blocks = [
    [
      `${waitingForShards.length > 0 ? 'This part of run' : 'Run'} ${updateTag} is ${status}${gaps.length === 0 ? '' : `: ${gaps.join(', ')}`}.`,
      ...(waitingForShards.length > 0
        ? [`The run ends when these shards have ended, too: ${waitingForShards.join(', ')}.`]
        : []),
    ],
    accountLines(summary),
    organizationLines(summary),
    notCompleteLines(summary),
    graph === undefined ? recordLines(summary) : graphLines(graph),
    [`Time: ${formatSeconds(seconds.total)} (AWS to log ${formatSeconds(seconds.collect)})`],
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function accountLines({ accounts }: Summary): string[] {
  const head = ['Account', 'profile', 'records', 'scopes', 'complete', 'denied', 'failed', 'unsupported', 'skipped'];
  const rows = accounts.map(({ id, name, records, scopesByOutcome: by }) => {
    const scopes = Object.values(by).reduce((sum, count) => sum + count, 0);
    return [id, name, records, scopes, by.complete, by.denied, by.failed, by.unsupported, by.skipped];
  });
  return formatTable([head, ...rows]);
}

function organizationLines({ organizations }: Summary): string[] {
  return organizations.map(({ organizationId, accountId, outcome, records, reason }) => {
    const name = organizationId === null ? `of account ${accountId}` : organizationId;
    const detail =
      outcome === 'complete' ? ` (${formatNumberOf(records, 'record')})` : reason === undefined ? '' : ` (${reason})`;
    return `Organization ${name}: ${outcome.replaceAll('_', ' ')}${detail}`;
  });
}

function notCompleteLines(summary: Summary): string[] {
  const lines = [
    ...summary.profileProblems.map(({ profile, reason }) => [`profile ${profile}`, 'left out', reason]),
    ...summary.accounts.flatMap(({ id, problem }) => (problem === undefined ? [] : [[id, 'not whole', problem]])),
    ...summary.incompleteScopes.map((scope) => [
      scope,
      'incomplete',
      'the graph lacks records of it; see the dead-letter topics',
    ]),
    ...summary.accounts.flatMap(({ notable }) =>
      notable.map(({ scope, outcome, reason }) => [scope, outcome === 'complete' ? 'in part' : outcome, reason ?? '']),
    ),
  ];
  if (lines.length === 0) return [];
  const rest = lines.length - listed;
  return [
    'Not complete (nothing of these was deleted)',
    ...formatTable(lines.slice(0, listed)).map((line) => `  ${line}`),
    ...(rest > 0 ? [`  and ${formatCount(rest)} more; --json lists all`] : []),
  ];
}

function graphLines(graph: NonNullable<Summary['graph']>): string[] {
  const columns = (counts: Record<string, number>): (readonly [string, number])[] =>
    Object.entries(counts).sort(([, a], [, b]) => b - a);
  const [labels, types] = [columns(graph.nodesByLabel), columns(graph.relationshipsByType)];
  const rows = Array.from({ length: Math.max(labels.length, types.length) }, (_, index) => [
    ...(labels[index] ?? ['', '']),
    '',
    ...(types[index] ?? []),
  ]);
  return [
    `Graph: ${formatNumberOf(graph.nodes, 'node')}, ${formatNumberOf(graph.relationships, 'relationship')}`,
    ...formatTable(rows.slice(0, listedLabels)).map((line) => `  ${line}`),
    ...(rows.length > listedLabels ? [`  and ${rows.length - listedLabels} more; --json lists all`] : []),
  ];
}

function recordLines({ recordsByType }: Summary): string[] {
  const rows = Object.entries(recordsByType).map(([type, count]) => [type.replace(/^cartography\./, ''), count]);
  return rows.length === 0 ? [] : ['Records', ...formatTable(rows).map((line) => `  ${line}`)];
}
