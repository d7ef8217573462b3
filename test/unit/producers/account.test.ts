import assert from 'node:assert/strict';
import { test } from 'node:test';
import { account } from '../../../producers/syncs/account.ts';
import { collectAll } from '../../support/collect.ts';

test('an account yields itself under the name of its profile, and its root principal', async () => {
  const { records } = await collectAll(account, {});

  assert.deepEqual(records, [
    { type: 'cartography.aws.Account', value: { AccountId: '111122223333', Name: 'production', InScope: true } },
    { type: 'cartography.aws.RootPrincipal', value: { Arn: 'arn:aws:iam::111122223333:root' } },
  ]);
});

test('the root principal is that of the account’s partition', async () => {
  const { of } = await collectAll(account, { context: { partition: 'aws-us-gov' } });

  assert.deepEqual(of('RootPrincipal'), [{ Arn: 'arn:aws-us-gov:iam::111122223333:root' }]);
});
