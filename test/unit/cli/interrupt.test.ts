import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { test } from 'node:test';

import { firstLine } from '../../support/processes.ts';

const cli = path.join(import.meta.dirname, '..', '..', '..', 'cli');

/** Runs a module that listens for signals and prints a line when it does; resolves with how it ended. */
async function endOf(source: string, signals: readonly NodeJS.Signals[]): Promise<(number | string | null)[]> {
  const script = `import { endOnSignals, listenForInterrupt } from ${JSON.stringify(path.join(cli, 'interrupt.ts'))}; ${source}`;
  const child = spawn(process.execPath, ['--input-type=module-typescript', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = once(child, 'exit') as Promise<(number | string | null)[]>;
  await firstLine(child);
  for (const signal of signals) child.kill(signal);
  return exit;
}

const busy = `setInterval(() => {}, 1_000); console.log('up');`;

test('a process that listens for nothing else ends at the signal with its exit code, not by it', async () => {
  assert.deepEqual(await endOf(`endOnSignals(); ${busy}`, ['SIGTERM']), [143, null]);
  assert.deepEqual(await endOf(`endOnSignals(); ${busy}`, ['SIGINT']), [130, null]);
});

test('a command that ends in order is left to it', async () => {
  const orderly = `listenForInterrupt().signal.addEventListener('abort', () => setTimeout(() => process.exit(7), 100));`;
  assert.deepEqual(await endOf(`endOnSignals(); ${orderly} ${busy}`, ['SIGTERM']), [7, null]);
});

test('a command whose orderly end takes too long ends all the same', async () => {
  assert.deepEqual(await endOf(`listenForInterrupt({ limitMs: 50 }); ${busy}`, ['SIGTERM']), [143, null]);
});

test('the program listens before it loads what takes its time', async () => {
  const hook = `import { registerHooks } from 'node:module';
    registerHooks({ resolve(name, context, next) {
      if (name.endsWith('run-cli.ts')) process.kill(process.pid, 'SIGTERM');
      return next(name, context);
    } });`;
  const preload = `data:text/javascript,${encodeURIComponent(hook)}`;
  // Does not end before the signal is heard.
  const command = ['load', '--neo4j-uri', 'bolt://127.0.0.1:1', '--neo4j-user', 'nobody'];
  const child = spawn(process.execPath, ['--import', preload, path.join(cli, 'main.ts'), ...command], {
    stdio: 'ignore',
  });
  assert.deepEqual(await once(child, 'exit'), [143, null]);
});
