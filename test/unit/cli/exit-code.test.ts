import assert from 'node:assert/strict';
import { test } from 'node:test';

import { exitCodeOf, findGaps } from '../../../cli/exit-code.ts';
import { exampleRun } from '../../support/example-run.ts';

test('a run whose scopes are complete, unsupported or skipped is complete', () => {
  const run = exampleRun({ complete: 5, unsupported: 2, skipped: 1 });
  assert.equal(exitCodeOf({ run, wantsOrganization: false }), 0);
});

test('a failed or denied scope makes it partial', () => {
  for (const outcome of ['failed', 'denied'] as const) {
    const run = exampleRun({ complete: 5, [outcome]: 1 });
    assert.equal(exitCodeOf({ run, wantsOrganization: false }), 5, outcome);
  }
});

test('so do scopes that the graph lacks, accounts that are not whole and profiles without an account', () => {
  const run = exampleRun({ complete: 5 });
  assert.equal(exitCodeOf({ run, incompleteScopes: ['a/b/c'], wantsOrganization: false }), 5);
  const [account] = run.accounts;
  assert.equal(exitCodeOf({ run: { ...run, accounts: [{ ...account!, problem: 'x' }] }, wantsOrganization: false }), 5);
  assert.equal(exitCodeOf({ run: { ...run, problems: [{ profile: 'p', reason: 'x' }] }, wantsOrganization: false }), 5);
});

test('a shard is told by its own part, whatever other shards come to', () => {
  for (const waitingForShards of [[2, 3], []]) {
    const findings = { wantsOrganization: false };
    assert.equal(exitCodeOf({ ...findings, run: { ...exampleRun({ complete: 5 }), waitingForShards } }), 0);
    assert.equal(exitCodeOf({ ...findings, run: { ...exampleRun({ failed: 1 }), waitingForShards } }), 5);
  }
});

test('an organization that may not be read counts only when it was asked for', () => {
  const denied = exampleRun({ complete: 1 }, 'access_denied');
  assert.equal(exitCodeOf({ run: denied, wantsOrganization: false }), 0);
  assert.equal(exitCodeOf({ run: denied, wantsOrganization: true }), 5);
  assert.equal(exitCodeOf({ run: exampleRun({ complete: 1 }, 'incomplete'), wantsOrganization: false }), 5);
  assert.equal(exitCodeOf({ run: exampleRun({ complete: 1 }, 'not_in_org'), wantsOrganization: true }), 0);
});

test('the gaps are counted in words', () => {
  const run = exampleRun({ complete: 1, failed: 1, denied: 2 });
  assert.deepEqual(findGaps({ run, wantsOrganization: false }), ['1 scope failed', '2 scopes were denied']);
});
