import assert from 'node:assert/strict';
import { chmod, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { InfrastructureError } from '../../../../platform/errors.ts';
import { findJava, findMaven, findPython, parseJavaVersion } from '../../../../stack/install/find-tools.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

test('the feature release is read from what Java prints', () => {
  assert.equal(parseJavaVersion('openjdk version "17.0.15" 2025-04-15'), 17);
  assert.equal(parseJavaVersion('openjdk version "21" 2023-09-19'), 21);
  assert.equal(parseJavaVersion('java version "1.8.0_402"'), 8);
  assert.equal(parseJavaVersion('Unable to locate a Java Runtime.'), undefined);
});

test('a missing tool is one line that says what is needed', async (context) => {
  await using folder = await tempFolder();
  usePath(context, folder.path);
  for (const [find, needed] of [
    [findJava, /needs Java 17 or newer, but `java` was not found/],
    [findMaven, /needs Maven 3, but `mvn` was not found/],
    [findPython, /needs Python 3\.10 or newer with venv, but `python3` was not found/],
  ] as const) {
    await assert.rejects(find(), (error) => isOneLine(error, needed));
  }
});

test('a tool that is too old is named with its version', async (context) => {
  await using folder = await tempFolder();
  usePath(context, folder.path);
  await writeTool(folder.path, 'java', 'echo \'openjdk version "11.0.2"\' >&2');
  await writeTool(folder.path, 'python3', 'echo 3.9');
  await assert.rejects(findJava(), (error) => isOneLine(error, /but `java` is 11\./));
  await assert.rejects(findPython(), (error) => isOneLine(error, /but `python3` is 3\.9\./));
});

function usePath(context: TestContext, folder: string): void {
  const { PATH, JAVA_HOME } = process.env;
  process.env['PATH'] = folder;
  delete process.env['JAVA_HOME'];
  context.after(() => Object.assign(process.env, { PATH }, JAVA_HOME === undefined ? {} : { JAVA_HOME }));
}

async function writeTool(folder: string, name: string, line: string): Promise<void> {
  const file = path.join(folder, name);
  await writeFile(file, `#!/bin/sh\n${line}\n`);
  await chmod(file, 0o755);
}

function isOneLine(error: unknown, message: RegExp): boolean {
  assert(error instanceof InfrastructureError);
  assert.match(error.message, message);
  assert(!error.message.includes('\n'));
  return true;
}
