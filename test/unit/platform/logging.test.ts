import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { InfrastructureError } from '../../../platform/errors.ts';
import { hideSecrets } from '../../../platform/logging.ts';

function runLogger(code: string): { stdout: string; stderr: string } {
  const module = new URL('../../../platform/logging.ts', import.meta.url);
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--input-type=module', '-e', `import { createLogger } from ${JSON.stringify(module.href)};\n${code}`],
    { encoding: 'utf8' },
  );
  return { stdout, stderr };
}

test('log lines go to standard error as JSON, and nothing to standard output', () => {
  const { stdout, stderr } = runLogger(`createLogger({ pretty: false }).info({ scope: 'a/b/c' }, 'hello');`);
  assert.equal(stdout, '');
  const line = JSON.parse(stderr) as Record<string, unknown>;
  assert.equal(line['level'], 'info');
  assert.equal(line['scope'], 'a/b/c');
  assert.equal(line['msg'], 'hello');
});

test('for people a line is text', () => {
  const { stderr } = runLogger(`createLogger({ pretty: true }).info('hello');`);
  assert.match(stderr, /INFO.*hello/);
});

test('a level leaves out what is below it', () => {
  const { stderr } = runLogger(
    `const logger = createLogger({ level: 'warn', pretty: false }); logger.info('no'); logger.warn('yes');`,
  );
  assert.equal(stderr.trim().split('\n').length, 1);
});

test('secrets are hidden in fields, in bindings, in errors and at any depth', () => {
  const { stderr } = runLogger(`
    const logger = createLogger({ pretty: false }).child({ sessionToken: 'SECRET-1', aws: { secretAccessKey: 'SECRET-7' } });
    const err = Object.assign(new Error('failed'), { password: 'SECRET-2', response: { headers: { Authorization: 'SECRET-3' } } });
    logger.error({ err, account: { credentials: { accessKeyId: 'SECRET-4' }, list: [{ secret_access_key: 'SECRET-5' }] }, 'neo4j-password': 'SECRET-6' }, 'x');
  `);
  assert.match(stderr, /"message":"failed"/);
  assert.equal(stderr.match(/"\[hidden\]"/g)?.length, 7);
  assert.doesNotMatch(stderr, /SECRET-/);
});

test('numbers under such names are counts and stay', () => {
  assert.deepEqual(hideSecrets({ secretsmanager: 7, accessKeys: ['AKIA'], tokens: null, name: 'x' }), {
    secretsmanager: 7,
    accessKeys: '[hidden]',
    tokens: null,
    name: 'x',
  });
});

test('an error of this project keeps its code and details', () => {
  const error = new InfrastructureError('CS_KAFKA', 'no', { details: { broker: 'a:1' } });
  const { code, details } = hideSecrets({ ...error }) as Record<string, unknown>;
  assert.equal(code, 'CS_KAFKA');
  assert.deepEqual(details, { broker: 'a:1' });
});
