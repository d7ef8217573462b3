import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { test } from 'node:test';
import { FileLock } from '../../../stack/file-lock.ts';
import { firstLine } from '../../support/processes.ts';
import { tempFolder } from '../../support/temp-folder.ts';

test('a lock is for one at a time and free again once released', async () => {
  await using folder = await tempFolder();
  const file = path.join(folder.path, 'new-folder', 'lock');
  const first = await FileLock.tryAcquire(file);
  assert(first !== undefined);
  assert.equal(await FileLock.tryAcquire(file), undefined);
  first.release();
  const second = await FileLock.tryAcquire(file);
  assert(second !== undefined);
  second.release();
});

test('the lock of a killed process is free', async () => {
  await using folder = await tempFolder();
  const file = path.join(folder.path, 'lock');
  const module = JSON.stringify(path.join(import.meta.dirname, '../../../stack/file-lock.ts'));
  const program = `
    import { FileLock } from ${module};
    const lock = await FileLock.tryAcquire(${JSON.stringify(file)});
    console.log(lock === undefined ? 'refused' : 'held');
    setInterval(() => lock, 1000);`;
  const holder = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  assert.equal(await firstLine(holder), 'held');
  assert.equal(await FileLock.tryAcquire(file), undefined);
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  const lock = await FileLock.tryAcquire(file);
  assert(lock !== undefined);
  lock.release();
});
