import assert from 'node:assert/strict';
import { test } from 'node:test';

import { keepUntilExpiry } from '../../../../producers/accounts/credentials.ts';

const minute = 60_000;

function countingProvider(expiresInMs: number | undefined) {
  let calls = 0;
  const provider = async () => {
    calls++;
    return {
      accessKeyId: `key-${calls}`,
      secretAccessKey: 's',
      ...(expiresInMs === undefined ? {} : { expiration: new Date(Date.now() + expiresInMs) }),
    };
  };
  return { provider: keepUntilExpiry(provider), calls: () => calls };
}

test('many callers at once ask once', async () => {
  const { provider, calls } = countingProvider(60 * minute);
  await Promise.all(Array.from({ length: 50 }, () => provider()));
  assert.equal(calls(), 1);
});

test('credentials without an end are kept', async () => {
  const { provider, calls } = countingProvider(undefined);
  await provider();
  await provider();
  assert.equal(calls(), 1);
});

test('credentials that end within five minutes are renewed', async () => {
  const { provider } = countingProvider(4 * minute);
  assert.equal((await provider()).accessKeyId, 'key-1');
  assert.equal((await provider()).accessKeyId, 'key-2');
});

test('a failure is not kept', async () => {
  let calls = 0;
  const provider = keepUntilExpiry(async () => {
    if (++calls === 1) throw new Error('the network was down');
    return { accessKeyId: 'key', secretAccessKey: 's' };
  });
  await assert.rejects(provider(), /network/);
  assert.equal((await provider()).accessKeyId, 'key');
});
