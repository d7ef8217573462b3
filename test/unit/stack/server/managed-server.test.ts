import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { InfrastructureError } from '../../../../platform/errors.ts';
import { findFreePort } from '../../../../stack/server/find-free-ports.ts';
import { ManagedServer, type ServerDefinition } from '../../../../stack/server/managed-server.ts';
import { eventually, firstLine, isAlive } from '../../../support/processes.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

const HTTP_SERVER = `
  const server = require('node:http').createServer((_, response) => response.end('here'));
  server.listen(Number(process.argv[1]), '127.0.0.1');`;

function define(folder: string, port: number, program = HTTP_SERVER): ServerDefinition {
  return {
    name: 'example',
    folder: path.join(folder, 'example'),
    port,
    throwaway: false,
    startLimitSeconds: 20,
    prepare: async () => ({ command: [process.execPath, '-e', program, String(port)] }),
    probe: async () => assert.equal(await (await fetch(`http://127.0.0.1:${port}`)).text(), 'here'),
  };
}

test('a server can be stopped, killed and started again on its port', async () => {
  await using folder = await tempFolder();
  const server = new ManagedServer(define(folder.path, await findFreePort()));
  for (const end of [() => server.stop(), () => server.kill(), () => server.stop('SIGINT')]) {
    await server.start();
    const pid = server.pid!;
    assert(isAlive(pid));
    await end();
    assert.equal(server.pid, undefined);
    assert(!isAlive(pid));
  }
});

test('a paused server is ended all the same', async () => {
  await using folder = await tempFolder();
  const server = new ManagedServer(define(folder.path, await findFreePort()));
  await server.start();
  server.pause();
  await server.stop();
  assert.equal(server.pid, undefined);
});

test('a start that fails names the server, its log and what the log says last', async () => {
  await using folder = await tempFolder();
  const program = 'for (let i = 1; i <= 30; i++) console.error("line " + i); process.exit(3)';
  const server = new ManagedServer(define(folder.path, await findFreePort(), program));
  await assert.rejects(server.start(), (error) => {
    assert(error instanceof InfrastructureError);
    assert.equal(error.code, 'CS_STACK');
    assert.match(error.message, /^example did not start: the process ended \(exit code 3\)/);
    assert(error.message.includes(server.logFile));
    assert.match(error.message, /line 30$/);
    assert(!error.message.includes('line 10\n'));
    return true;
  });
  await access(server.logFile);
  assert.equal(server.pid, undefined);
});

test('a command that is not there fails the start', async () => {
  await using folder = await tempFolder();
  const server = new ManagedServer({
    ...define(folder.path, await findFreePort()),
    prepare: async () => ({ command: ['/no/such/program'] }),
  });
  await assert.rejects(server.start(), /exit code 127[^]*no\/such\/program/);
  assert.equal(server.pid, undefined);
});

test('a start on a port that is taken says so at once', async () => {
  await using folder = await tempFolder();
  const port = await findFreePort();
  const first = new ManagedServer(define(folder.path, port));
  await first.start();
  await assert.rejects(new ManagedServer(define(folder.path, port)).start(), /something else listens on port/);
  await first.stop();
});

// The owner's ways to go without stopping its server.
const ENDS = {
  'is killed': '',
  throws: 'throw new Error("uncaught")',
  exits: 'process.exit(0)',
  'has nothing left to do': 'clearInterval(idle)',
};
for (const [how, statement] of Object.entries(ENDS)) {
  test(`no server outlives an owner that ${how}`, async () => {
    await using folder = await tempFolder();
    const port = await findFreePort();
    const module = JSON.stringify(path.join(import.meta.dirname, '../../../../stack/server/managed-server.ts'));
    const owner = path.join(folder.path, 'owner.mjs');
    const serverFolder = path.join(folder.path, 'stack', 'example');
    await writeFile(
      owner,
      `import { ManagedServer } from ${module};
       const idle = setInterval(() => {}, 1000);
       const server = new ManagedServer({
         name: 'example', folder: ${JSON.stringify(serverFolder)}, port: ${port}, throwaway: true,
         prepare: async () => ({ command: [process.execPath, '-e', ${JSON.stringify(HTTP_SERVER)}, '${port}'] }),
         probe: async () => { await (await fetch('http://127.0.0.1:${port}')).text(); },
       });
       await server.start();
       console.log(server.pid);
       process.stdin.once('data', () => { process.stdin.unref(); ${statement} });`,
    );
    const child = spawn(process.execPath, [owner], { stdio: ['pipe', 'pipe', 'ignore'] });
    const pid = Number(await firstLine(child));
    assert(isAlive(pid));
    if (statement === '') child.kill('SIGKILL');
    else child.stdin.write('go\n');
    await once(child, 'exit');
    await eventually('the server has ended', () => !isAlive(pid));
    await eventually('its folder is gone', () =>
      access(serverFolder).then(
        () => false,
        () => true,
      ),
    );
  });
}
