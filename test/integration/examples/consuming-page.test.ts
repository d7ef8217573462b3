import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, readFile } from 'node:fs/promises';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';

import { blocksOf } from '../../support/blocks-of.ts';
import { eventually } from '../../support/processes.ts';
import { startProcess } from '../../support/run-command.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const checkout = path.join(import.meta.dirname, '..', '..', '..');
const notInAFreshCheckout = new Set(['node_modules', '.git', '.venv', 'target', 'dist']);
const limitMs = 900_000;

test(
  'a stranger comes from an empty folder to decoded assets with the commands of docs/consuming.md as they stand there',
  { timeout: limitMs },
  async (context) => {
    await using folder = await tempFolder();
    await cp(checkout, folder.path, {
      recursive: true,
      filter: (file) => !notInAFreshCheckout.has(path.basename(file)),
    });
    const page = await readFile(path.join(folder.path, 'docs', 'consuming.md'), 'utf8');
    const [first, ...others] = blocksOf(page, 'sh');
    const started = performance.now();

    const demo = startShell(first!, folder.path);
    context.after(() => demo.end('SIGKILL'));
    await eventually(
      'the demo to be ready',
      () => {
        assert.equal(demo.child.exitCode, null, demo.output());
        return demo.output().includes('Ctrl-C ends the demo');
      },
      limitMs,
    );
    const [, servers, registryUrl] = /^Kafka: (\S+) {2}schema registry: (\S+)$/m.exec(demo.output())!;
    const script = withAddresses(others.join('\n'), { KAFKA: servers!, REGISTRY: registryUrl! });
    const { exitCode, stdout, stderr } = await startProcess('bash', ['-euo', 'pipefail', '-c', script], {
      cwd: folder.path,
    }).result;
    assert.equal(exitCode, 0, stderr);
    console.log(
      `docs/consuming.md from an empty folder to its end: ${((performance.now() - started) / 1000).toFixed(0)} s`,
    );

    // Maven resets colours that it has not set.
    const lines = stripVTControlCharacters(stdout).trim().split('\n');
    assert.equal(lines.length, 6, stdout);
    for (const line of lines.slice(0, 3)) assert.match(line, /^\('[^']+', '\{.*"updateTag": \d+/);
    for (const line of lines.slice(3)) assert.match(line, /^\{"change":"appeared",.*"updateTag":\d+/);
    const db = new DatabaseSync(path.join(folder.path, 'assets.db'), { readOnly: true });
    for (const statement of blocksOf(page, 'sql').join('\n').split(';').slice(0, -1))
      assert.ok(db.prepare(statement).all().length > 0, statement);
    db.close();
    demo.end('SIGINT');
    await once(demo.child, 'exit');
  },
);

/** Puts other values where the page has those of its example. */
function withAddresses(script: string, values: Readonly<Record<string, string>>): string {
  return Object.entries(values).reduce((text, [name, value]) => {
    const assignment = new RegExp(`\\b${name}=\\S+`);
    assert.match(text, assignment);
    return text.replace(assignment, `${name}=${value}`);
  }, script);
}

/** A shell in a group of its own, so that a signal reaches all that it has started, as Ctrl-C does. */
function startShell(
  script: string,
  cwd: string,
): { child: ChildProcess; output: () => string; end: (signal: NodeJS.Signals) => void } {
  const child = spawn('bash', ['-euo', 'pipefail', '-c', script], {
    cwd,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const end = (signal: NodeJS.Signals): void => {
    if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid!, signal);
  };
  return { child, output: () => output, end };
}
