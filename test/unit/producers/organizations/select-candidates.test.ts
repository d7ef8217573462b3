import assert from 'node:assert/strict';
import { test } from 'node:test';

import { selectCandidates } from '../../../../producers/organizations/select-candidates.ts';

const accounts = ['111111111111', '222222222222', '333333333333'].map((id) => ({ id }));

function select(syncAllProfiles: boolean, organizationAccountIds?: string[]) {
  const warnings: string[] = [];
  const logger = { warn: (...parts: unknown[]) => void warnings.push(String(parts.at(-1))) };
  const chosen = selectCandidates(accounts, { syncAllProfiles, organizationAccountIds }, logger as never);
  return { ids: chosen.map(({ id }) => id), warnings };
}

test('with all profiles every account is asked, in order', () => {
  assert.deepEqual(select(true), { ids: accounts.map(({ id }) => id), warnings: [] });
});

test('without all profiles only the first account is asked, and a warning says so', () => {
  const { ids, warnings } = select(false);
  assert.deepEqual(ids, ['111111111111']);
  assert.equal(warnings.length, 1);
});

test('listed accounts are asked in the order of the accounts; unknown ones give a warning each', () => {
  const { ids, warnings } = select(true, ['333333333333', '999999999999', '111111111111']);
  assert.deepEqual(ids, ['111111111111', '333333333333']);
  assert.equal(warnings.length, 1);
  assert.match(warnings[0] ?? '', /999999999999/);
});

test('an empty choice asks nobody', () => {
  assert.deepEqual(select(true, ['999999999999']).ids, []);
});
