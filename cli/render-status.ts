import { formatAge, formatNumberOf, formatTable } from './format.ts';
import type { Status } from './read-status.ts';

const listed = 20;

/** The status as text, without colour. */
export function renderStatus(status: Status): string {
  const { caughtUp, lag, scopesWaiting, analysesWaiting, incompleteScopes, deadLetters, scopes, scopesByOutcome } =
    status;
  const waits = [
    ...(scopesWaiting === 0
      ? []
      : [`${formatNumberOf(scopesWaiting, 'scope')} wait for the cleanup until their links are made`]),
    ...(analysesWaiting === 0
      ? []
      : [`${formatNumberOf(analysesWaiting, 'account')} wait for the analysis until their scopes are cleaned`]),
  ];
  const dead = Object.entries(deadLetters).filter(([, count]) => count > 0);
  const open = scopes.filter(({ outcome }) => outcome !== 'complete');
  const blocks = [
    [caughtUp ? 'The graph has all that is in the log.' : 'The graph is behind the log.'],
    [...formatTable([['stage', 'records to go'], ...Object.entries(lag)]), ...waits],
    [
      ...formatTable([
        ['scopes', 'number', 'oldest'],
        ...Object.entries(scopesByOutcome).map(([outcome, count]) => {
          const oldest = Math.max(
            ...scopes.filter((scope) => scope.outcome === outcome).map(({ ageSeconds }) => ageSeconds),
          );
          return [outcome, count, formatAge(oldest)];
        }),
      ]),
    ],
    open.length === 0
      ? []
      : [
          ...formatTable(
            open
              .slice(0, listed)
              .map(({ scope, outcome, updateTag, ageSeconds, reason }) => [
                scope,
                outcome,
                `tag ${updateTag}`,
                `${formatAge(ageSeconds)} ago`,
                reason ?? '',
              ]),
          ),
          ...(open.length > listed ? [`and ${open.length - listed} more; --json lists all`] : []),
        ],
    incompleteScopes.map((scope) => `incomplete: ${scope}: the graph lacks records of it`),
    dead.map(([topic, count]) => `${topic}: ${formatNumberOf(count, 'message')}`),
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}
