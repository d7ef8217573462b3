import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { InfrastructureError } from '../../../../platform/errors.ts';
import { parseChecksums, verifyChecksums } from '../../../../stack/install/verify-checksums.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

const sum = (text: string) => createHash('sha256').update(text).digest('hex');

test('a folder that holds exactly the pinned files passes', async () => {
  await using folder = await tempFolder();
  await writeFile(path.join(folder.path, 'a.jar'), 'a');
  await verifyChecksums(folder.path, parseChecksums(`${sum('a')}  a.jar\n`));
});

test('a changed, a missing and an extra artifact are refused by name', async () => {
  await using folder = await tempFolder();
  await writeFile(path.join(folder.path, 'a.jar'), 'changed');
  const refuse = (list: string, message: RegExp) =>
    assert.rejects(verifyChecksums(folder.path, parseChecksums(list)), (error) => {
      assert(error instanceof InfrastructureError);
      assert.match(error.message, message);
      return true;
    });
  await refuse(`${sum('a')}  a.jar\n`, /a\.jar has sha256 .* the pinned one is/);
  await refuse(`${sum('changed')}  a.jar\n${sum('b')}  b.jar\n`, /b\.jar is missing/);
  await refuse('', /a\.jar is not among the pinned artifacts/);
});

test('a line that is no checksum is refused', () => {
  assert.throws(() => parseChecksums('abc a.jar\n'), InfrastructureError);
});
