import type { GateWait } from '../consumers/status/gate-waits.ts';
import { formatAge, formatCount, formatNumberOf, formatTable } from './format.ts';
import type { AccountStatus, FullStatus, RunStatus } from './read-status.ts';

/** What is listed before the rest is only counted; `--json` has all. */
const listed = 20;
const listedWaits = 5;

/** The status as text, without colour. */
export function renderStatus(status: FullStatus, now: number = Date.now()): string {
  const { caughtUp, runs, incompleteScopes, deadLetters, accounts, scopes } = status;
  const dead = Object.entries(deadLetters).filter(([, count]) => count > 0);
  const open = scopes.filter(({ outcome }) => outcome !== 'complete');
  const blocks = [
    [caughtUp ? 'The graph has all that is in the log.' : 'The graph is behind the log.'],
    runLines(runs),
    stageLines(status),
    accountLines(accounts, now),
    shorten(
      open.map(({ scope, outcome, updateTag, ageSeconds, reason }) => [
        scope,
        outcome,
        `tag ${updateTag}`,
        `${formatAge(ageSeconds)} ago`,
        reason ?? '',
      ]),
    ),
    incompleteScopes.map((scope) => `incomplete: ${scope}: the graph lacks records of it`),
    dead.map(([topic, count]) => `${topic}: ${formatNumberOf(count, 'dead letter')}; see dlq list`),
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function runLines(runs: readonly RunStatus[]): string[] {
  if (runs.length === 0) return ['No run has been read from the log yet.'];
  const table = formatTable([
    ['run', 'state', 'age', 'accounts', 'scopes'],
    ...runs.map(({ updateTag, state, ageSeconds, accounts, outcomes }) => [
      String(updateTag),
      state,
      formatAge(ageSeconds),
      `${accounts.ended}/${accounts.planned}`,
      formatOutcomes(outcomes),
    ]),
  ]);
  const waits = runs.flatMap(({ updateTag, waitingForShards = [] }) =>
    waitingForShards.length === 0 ? [] : [`run ${updateTag} ends with these shards: ${waitingForShards.join(', ')}`],
  );
  return [...table, ...waits];
}

function stageLines({ stages, scopesWaiting, analysesWaiting }: FullStatus): string[] {
  const lines = formatTable([['stage', 'records to go'], ...stages.map(({ stage, lag }) => [stage, lag])]);
  for (const { stage, waitsFor } of stages) {
    const unlike = [...new Set(waitsFor.map(formatWait))];
    lines.push(...unlike.slice(0, listedWaits).map((wait) => `${stage} waits: ${wait}`));
    if (unlike.length > listedWaits)
      lines.push(`and ${unlike.length - listedWaits} more of ${stage}; --json lists all`);
  }
  if (scopesWaiting > 0) lines.push(`${formatNumberOf(scopesWaiting, 'scope')} not cleaned yet`);
  if (analysesWaiting > 0) lines.push(`${formatNumberOf(analysesWaiting, 'account')} not analysed yet`);
  return lines;
}

/** What a gate waits for, as a sentence. */
export function formatWait({ subject, updateTag, marker, until }: GateWait): string {
  if (until !== null) {
    const { stage, partition, offset, now } = until;
    return `${subject} (tag ${updateTag}) until ${stage} reaches offset ${formatCount(offset)} of ${partition} (now ${formatCount(now)})`;
  }
  if (marker === null) return `${subject} (tag ${updateTag}) until its scopes are cleaned`;
  const { kind, updateTag: tag } = marker;
  const whose = kind === 'run' ? 'the end of the run' : `the ${kind} marker of ${marker.subject}`;
  return `${subject} (tag ${updateTag}) for ${whose} with tag ${tag} or later`;
}

function accountLines(accounts: readonly AccountStatus[], now: number): string[] {
  const oldestFirst = accounts.toSorted((a, b) => (a.asOf ?? '').localeCompare(b.asOf ?? ''));
  const lines = shorten(
    oldestFirst.map(({ id, name, updateTag, ageSeconds, asOf, outcomes }) => [
      id,
      name ?? '',
      updateTag === null ? '' : String(updateTag),
      formatAge(ageSeconds),
      asOf === null ? 'never' : formatAge((now - Date.parse(asOf)) / 1_000),
      formatOutcomes(outcomes),
    ]),
    ['account', 'name', 'tag', 'age', 'graph is behind AWS by', 'scopes'],
  );
  return lines;
}

function formatOutcomes(outcomes: Readonly<Record<string, number>>): string {
  return Object.entries(outcomes)
    .map(([outcome, count]) => `${formatCount(count)} ${outcome}`)
    .join(', ');
}

function shorten(rows: readonly string[][], head?: readonly string[]): string[] {
  if (rows.length === 0) return [];
  const shown = rows.slice(0, listed);
  return [
    ...formatTable(head === undefined ? shown : [head, ...shown]),
    ...(rows.length > listed ? [`and ${formatCount(rows.length - listed)} more; --json lists all`] : []),
  ];
}
