import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { installOnce } from '../../../../stack/install/install-once.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

test('two that ask at once get the same folder, installed once', async () => {
  await using folder = await tempFolder();
  const pin = path.join(folder.path, 'pin');
  await writeFile(pin, '1');
  let installations = 0;
  const ask = () =>
    installOnce({
      name: 'thing-1.0',
      pins: [pin],
      cache: path.join(folder.path, 'cache'),
      install: async (target) => {
        installations++;
        await writeFile(path.join(target, 'content'), 'whole');
      },
    });
  const [first, second] = await Promise.all([ask(), ask()]);
  assert.equal(first, second);
  assert.equal(installations, 1);
  assert.equal(await readFile(path.join(first, 'content'), 'utf8'), 'whole');
});

test('a changed pin leads to another folder', async () => {
  await using folder = await tempFolder();
  const pin = path.join(folder.path, 'pin');
  const ask = () => installOnce({ name: 'thing-1.0', pins: [pin], cache: folder.path, install: async () => {} });
  await writeFile(pin, '1');
  const before = await ask();
  await writeFile(pin, '2');
  assert.notEqual(await ask(), before);
});

test('a failed installation leaves nothing and can be tried again', async () => {
  await using folder = await tempFolder();
  const pin = path.join(folder.path, 'pin');
  const cache = path.join(folder.path, 'cache');
  await writeFile(pin, '1');
  const ask = (install: (target: string) => Promise<void>) =>
    installOnce({ name: 'thing', pins: [pin], cache, install });
  await assert.rejects(
    ask(async (target) => {
      await writeFile(path.join(target, 'half'), '');
      throw new Error('no network');
    }),
    /no network/,
  );
  assert.deepEqual(await readdir(cache), ['install.lock']);
  assert.match(await ask(async () => {}), /thing-[0-9a-f]{12}$/);
});
