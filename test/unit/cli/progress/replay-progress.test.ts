import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ReplayProgress } from '../../../../cli/progress/replay-progress.ts';
import type { Lag } from '../../../../consumers/caught-up.ts';

function lag(stages: Record<string, bigint>, waitingScopes = 0): Lag {
  return { stages, waitingScopes, incompleteScopes: [], waitingAnalyses: 0 };
}

test('a record counts in part for each stage that has passed it; rate and time left are of the last half minute', () => {
  let nowMs = 0;
  const progress = new ReplayProgress({ records: 1_000, steps: 2_000 }, () => nowMs);
  progress.apply(lag({ nodes: 1_000n, links: 1_000n }));
  nowMs = 10_000;
  progress.apply(lag({ nodes: 500n, links: 1_000n }));
  assert.deepEqual(progress.totals(), {
    recordsDone: 250,
    records: 1_000,
    percent: 25,
    recordsPerSecond: 25,
    secondsLeft: 30,
  });
  for (const [at, links] of [
    [20_000, 900n],
    [30_000, 800n],
    [40_000, 700n],
    [50_000, 600n],
  ] as const) {
    nowMs = at;
    progress.apply(lag({ nodes: 0n, links }));
  }
  // 20 s to 50 s: 300 of 2,000 steps.
  assert.equal(progress.totals().recordsPerSecond, 5);
  assert.equal(progress.totals().secondsLeft, 60);
});

test('a rebuild that goes on begins where it was, and an empty log is done', () => {
  const resumed = new ReplayProgress({ records: 100, steps: 200 });
  resumed.apply(lag({ nodes: 0n, links: 50n }));
  assert.equal(resumed.totals().percent, 75);
  const empty = new ReplayProgress({ records: 0, steps: 0 });
  empty.apply(lag({ nodes: 0n }));
  assert.deepEqual([empty.totals().percent, empty.totals().recordsPerSecond], [100, 0]);
});

test('the display says how far it is, how fast, how long it will take, and what the stages have to go', () => {
  let nowMs = 0;
  const progress = new ReplayProgress({ records: 50_000, steps: 100_000 }, () => nowMs);
  progress.apply(lag({ nodes: 50_000n, links: 50_000n }));
  nowMs = 10_000;
  progress.apply(lag({ nodes: 0n, links: 30_000n }, 7));
  assert.deepEqual(progress.render(), [
    'replaying   70.0 %  35,000 of 50,000 records  3,500/s  4.0 s left',
    'loading     nodes done, links 30,000 to go',
    'cleanup     7 scopes to go',
  ]);
});
