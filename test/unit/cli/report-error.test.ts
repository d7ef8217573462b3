import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Interrupted } from '../../../cli/interrupt.ts';
import { reportError } from '../../../cli/report-error.ts';
import { CredentialsError, InfrastructureError, SchemaError, UsageError } from '../../../platform/errors.ts';

test('each kind of error has its exit code', () => {
  const cases: [Error, number][] = [
    [new UsageError('x'), 2],
    [new CredentialsError('x'), 3],
    [new InfrastructureError('CS_KAFKA', 'x'), 4],
    [new SchemaError('x'), 1],
    [new TypeError('x'), 1],
    [new Interrupted('SIGINT'), 130],
    [new Interrupted('SIGTERM'), 143],
  ];
  for (const [error, exitCode] of cases) assert.equal(reportError(error, { stacks: false }).exitCode, exitCode);
});

test('an error is one line that names the setting, once', () => {
  const unnamed = new InfrastructureError('CS_KAFKA', 'Kafka is away', { setting: '--kafka-bootstrap-servers' });
  assert.equal(reportError(unnamed, { stacks: false }).text, 'error: Kafka is away (--kafka-bootstrap-servers)');
  const named = new UsageError('--update-tag "x": give a number', { setting: '--update-tag' });
  assert.equal(reportError(named, { stacks: false }).text, 'error: --update-tag "x": give a number');
});

test('stacks come only when they are asked for, with their causes', () => {
  const error = new InfrastructureError('CS_NEO4J', 'outer', { cause: new Error('inner') });
  assert.equal(reportError(error, { stacks: false }).text, 'error: outer');
  assert.match(reportError(error, { stacks: true }).text, /outer\n +at .*caused by: Error: inner\n +at /s);
});

test('a fault of the program says how to see more', () => {
  assert.match(reportError(new TypeError('x is not a function'), { stacks: false }).text, /--debug/);
});
