import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pino } from 'pino';

import { ProgressState } from '../../../../cli/progress/progress-state.ts';
import { renderProgress } from '../../../../cli/progress/render-progress.ts';
import { showProgress } from '../../../../cli/progress/show-progress.ts';
import { ErrorOutput } from '../../../../cli/terminal/error-output.ts';
import type { Progress } from '../../../../producers/progress.ts';
import { eventually } from '../../../support/processes.ts';

function events(accounts: number): Progress[] {
  const ids = Array.from({ length: accounts }, (_, index) => String(111122223333 + index));
  return [
    { kind: 'run-started', accounts: ids.map((id) => ({ id, name: `acct-${id.slice(-1)}` })), problems: [] },
    ...ids.map((accountId): Progress => ({ kind: 'account-started', accountId, name: 'acct', scopesTotal: 10 })),
    ...ids.map((accountId): Progress => ({
      kind: 'scope-ended',
      accountId,
      scope: `${accountId}/global/iam`,
      sync: 'iam',
      region: 'global',
      outcome: 'denied',
      records: 1_000,
      scopesDone: 1,
      scopesTotal: 10,
    })),
  ];
}

test('totals count accounts, scopes and records, and the rate is over the time since the start', () => {
  let nowMs = 0;
  const state = new ProgressState(() => nowMs);
  for (const event of events(2)) state.apply(event);
  nowMs = 4_000;
  state.apply({ kind: 'account-ended', accountId: '111122223333', name: 'acct-3', records: 1_000 });
  assert.deepEqual(state.totals(), {
    accounts: 2,
    accountsDone: 1,
    scopes: 20,
    scopesDone: 2,
    records: 2_000,
    recordsPerSecond: 500,
  });
});

test('the rate stays when the last account has ended', () => {
  let nowMs = 0;
  const state = new ProgressState(() => nowMs);
  for (const event of events(1)) state.apply(event);
  nowMs = 2_000;
  state.apply({ kind: 'account-ended', accountId: '111122223333', name: 'acct-3', records: 1_000 });
  nowMs = 60_000;
  assert.equal(state.totals().recordsPerSecond, 500);
});

test('a display shows the accounts that run, and how far the stages are behind', () => {
  let nowMs = 0;
  const state = new ProgressState(() => nowMs);
  for (const event of events(2)) state.apply(event);
  nowMs = 1_000;
  state.lag = { nodes: 1_234, links: 0 };
  assert.deepEqual(renderProgress(state, 20), [
    'collecting  0 of 2 accounts  2/20 scopes  2,000 records  2,000/s',
    '  111122223333  acct-3  1/10 scopes  1,000 records  1,000/s  1 not complete',
    '  111122223334  acct-4  1/10 scopes  1,000 records  1,000/s  1 not complete',
    'loading     nodes 1,234 to go, links done',
  ]);
});

test('a display is never higher than the terminal', () => {
  const state = new ProgressState(() => 0);
  for (const event of events(50)) state.apply(event);
  state.lag = { nodes: 1 };
  const lines = renderProgress(state, 10);
  assert.equal(lines.length, 10);
  assert.equal(lines.at(-2), '  and 43 more');
});

/** What a stream is given. */
function recorder(isTTY: boolean) {
  const written: string[] = [];
  return { isTTY, columns: 60, rows: 20, write: (text: string) => written.push(text), written };
}

test('off a terminal progress is a log line, without control characters', async () => {
  const stream = recorder(false);
  const lines: string[] = [];
  const logger = pino({ base: null }, { write: (line: string) => void lines.push(line) });
  {
    using display = showProgress({ output: new ErrorOutput(stream), logger, quiet: false, logMs: 5 });
    for (const event of events(1)) display.onCollect(event);
    display.onLag({ stages: { nodes: 7n }, waitingScopes: 0, incompleteScopes: [], waitingAnalyses: 0 });
    await keepAlive(() => eventually('a line is logged', () => lines.length > 0));
  }
  const line = JSON.parse(lines[0]!) as Record<string, unknown>;
  assert.equal(line['msg'], 'progress');
  assert.equal(line['records'], 1_000);
  assert.deepEqual(line['lag'], { nodes: 7 });
  assert.deepEqual(stream.written, []);
});

test('on a terminal progress is drawn in its place and gone at the end', async () => {
  const stream = recorder(true);
  const output = new ErrorOutput(stream);
  {
    using display = showProgress({ output, logger: pino({ level: 'silent' }), quiet: false, drawMs: 5 });
    for (const event of events(1)) display.onCollect(event);
    await keepAlive(() =>
      eventually('it is drawn twice', () => stream.written.join('').split('collecting').length > 2),
    );
    output.write('a line that stays');
  }
  const text = stream.written.join('');
  assert.match(text, /\x1b\[2A/);
  assert.ok(text.indexOf('a line that stays\n') < text.lastIndexOf('collecting'));
  assert.ok(text.endsWith('\x1b[0J'), JSON.stringify(text.slice(-20)));
});

test('with --quiet nothing is shown', async () => {
  const stream = recorder(true);
  using display = showProgress({
    output: new ErrorOutput(stream),
    logger: pino({ level: 'silent' }),
    quiet: true,
    drawMs: 1,
  });
  for (const event of events(1)) display.onCollect(event);
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.deepEqual(stream.written, []);
});

/** The display's timer alone keeps no process running. */
async function keepAlive<T>(work: () => Promise<T>): Promise<T> {
  const timer = setInterval(() => undefined, 1_000);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
