import { formatCount, formatNumberOf, formatTable } from '../format.ts';
import type { ProgressState } from './progress-state.ts';

/** The state as lines for a terminal: a total, the accounts that run, and how far the graph is behind. At most `rows`. */
export function renderProgress(state: ProgressState, rows: number): string[] {
  const totals = state.totals();
  const running = [...state.accounts.values()].filter((account) => account.state === 'running');
  const shown = running.slice(0, Math.max(0, rows - 3));
  const lines: string[] = [];
  if (totals.accounts > 0) {
    lines.push(
      `collecting  ${totals.accountsDone} of ${formatNumberOf(totals.accounts, 'account')}  ${totals.scopesDone}/${totals.scopes} scopes  ${formatNumberOf(totals.records, 'record')}  ${formatCount(totals.recordsPerSecond)}/s`,
    );
  }
  const table = shown.map((account) => [
    `  ${account.id}`,
    account.name,
    `${account.scopesDone}/${account.scopesTotal} scopes`,
    formatNumberOf(account.records, 'record'),
    `${formatCount(state.recordsPerSecond(account))}/s`,
    account.scopesFailed === 0 ? '' : `${account.scopesFailed} not complete`,
  ]);
  lines.push(...formatTable(table));
  if (running.length > shown.length) lines.push(`  and ${running.length - shown.length} more`);
  const lag = Object.entries(state.lag);
  if (lag.length > 0) {
    lines.push(
      `loading     ${lag.map(([stage, left]) => `${stage} ${left === 0 ? 'done' : `${formatCount(left)} to go`}`).join(', ')}`,
    );
  }
  return lines;
}
