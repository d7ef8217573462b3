import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { UsageError } from '../../../../platform/errors.ts';
import { fileSecret, fixedSecret } from '../../../../platform/secrets/secret.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

test('a file is read anew each time; its last value stands in while it is being replaced', async () => {
  await using folder = await tempFolder();
  const file = path.join(folder.path, 'password');
  const secret = fileSecret(file, '--some-file');
  await writeFile(file, 'first\n');
  assert.equal(await secret.read(), 'first');
  await writeFile(file, 'second with a space \r\n');
  assert.equal(await secret.read(), 'second with a space ');
  await writeFile(file, '');
  assert.equal(await secret.read(), 'second with a space ');
  await rm(file);
  assert.equal(await secret.read(), 'second with a space ');
});

test('a file that never had a value is refused with the setting and its path', async () => {
  await using folder = await tempFolder();
  const file = path.join(folder.path, 'password');
  const isRefused = (error: unknown) =>
    error instanceof UsageError && error.setting === '--some-file' && error.message.includes(JSON.stringify(file));
  await assert.rejects(fileSecret(file, '--some-file').read(), isRefused);
  await writeFile(file, '\n');
  await assert.rejects(fileSecret(file, '--some-file').read(), isRefused);
});

test('what is printed of a secret is where it comes from', () => {
  const secret = fixedSecret('hidden-4', { setting: '--some-env-var' });
  assert.ok(!inspect(secret, { depth: 9, showHidden: true }).includes('hidden-4'));
  assert.equal(JSON.stringify(secret), '{"setting":"--some-env-var","source":"--some-env-var"}');
});
