import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import { test } from 'node:test';
import { UsageError } from '../../../../platform/errors.ts';
import { keepPassword, passwordFile } from '../../../../stack/neo4j/keep-password.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

test('a made-up password stays with its folder, for the user alone', async () => {
  await using folder = await tempFolder();
  const password = await keepPassword(folder.path, undefined);
  assert(password.length >= 16);
  assert.equal(await keepPassword(folder.path, undefined), password);
  assert.equal((await stat(passwordFile(folder.path))).mode & 0o777, 0o600);
});

test('another password than the kept one is refused without naming either', async () => {
  await using folder = await tempFolder();
  await keepPassword(folder.path, 'first password');
  await assert.rejects(keepPassword(folder.path, 'second password'), (error) => {
    assert(error instanceof UsageError);
    assert(!error.message.includes('first password') && !error.message.includes('second password'));
    return true;
  });
});

test('a password that Neo4j would refuse is refused', async () => {
  await using folder = await tempFolder();
  await assert.rejects(keepPassword(folder.path, 'short'), UsageError);
});
