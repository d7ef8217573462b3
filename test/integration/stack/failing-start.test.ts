import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { InfrastructureError } from '../../../platform/errors.ts';
import { startStack } from '../../../stack/stack.ts';
import { eventually, firstLine, isAlive } from '../../support/processes.ts';
import { tempFolder } from '../../support/temp-folder.ts';

test('a broker that cannot start says why and where its log is, and leaves no server behind', async () => {
  await using folder = await tempFolder();
  const data = path.join(folder.path, 'kafka', 'data');
  await mkdir(data, { recursive: true });
  await writeFile(path.join(data, 'meta.properties'), 'version=99\n');
  await assert.rejects(startStack({ services: ['registry', 'kafka'], dataDir: folder.path }), (error) => {
    assert(error instanceof InfrastructureError);
    const logFile = path.join(folder.path, 'kafka', 'server.log');
    assert(error.message.startsWith('kafka did not start: the process ended'));
    assert(error.message.includes(logFile));
    assert.match(error.message, /meta\.properties/);
    return true;
  });
  assert.match(await readFile(path.join(folder.path, 'kafka', 'server.log'), 'utf8'), /meta\.properties/);
  const { stdout } = await promisify(execFile)('ps', ['-eo', 'args']);
  assert(!stdout.includes(folder.path), 'the registry has been ended too');
});

test('one data folder is for one stack at a time', async () => {
  await using folder = await tempFolder();
  const stack = await startStack({ services: [], dataDir: folder.path });
  await assert.rejects(startStack({ services: [], dataDir: folder.path }), /A stack is running on .* already/);
  await stack.stop();
});

test('a killed owner leaves neither server nor throwaway folder', async () => {
  const module = JSON.stringify(path.join(import.meta.dirname, '../../../stack/stack.ts'));
  const program = `
    import { startStack } from ${module};
    const stack = await startStack({ services: ['kafka', 'registry'] });
    console.log(JSON.stringify({ pids: [stack.kafka.pid, stack.registry.pid], dataDir: stack.dataDir }));
    setInterval(() => {}, 1000);`;
  const owner = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { pids, dataDir } = JSON.parse(await firstLine(owner)) as { pids: number[]; dataDir: string };
  assert.deepEqual(pids.map(isAlive), [true, true]);
  owner.kill('SIGKILL');
  await eventually('both servers have ended', () => !pids.some(isAlive));
  await eventually('the folder is gone', () =>
    access(dataDir).then(
      () => false,
      () => true,
    ),
  );
});
