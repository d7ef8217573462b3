import assert from 'node:assert/strict';
import { test } from 'node:test';
import neo4j from 'neo4j-driver';
import {
  classifyFailure,
  describeNeo4jFailure,
  describeOldServer,
  type FailureClass,
} from '../../../consumers/graph/failure.ts';
import { InfrastructureError, RecordError, SchemaError } from '../../../platform/errors.ts';

function neo4jError(code: string, message = 'it failed'): Error {
  return new neo4j.Neo4jError(message, code, '50N42', 'error', {} as never);
}

const classes: Record<string, FailureClass> = {
  'Neo.ClientError.Statement.SyntaxError': 'fatal',
  'Neo.TransientError.Transaction.DeadlockDetected': 'transient',
  'Neo.TransientError.General.DatabaseUnavailable': 'transient',
  ServiceUnavailable: 'transient',
  SessionExpired: 'transient',
  'Neo.ClientError.Statement.EntityNotFound': 'transient',
  'Neo.ClientError.Schema.IndexWithNameAlreadyExists': 'transient',
  'Neo.TransientError.General.MemoryPoolOutOfMemoryError': 'overload',
  'Neo.ClientError.Transaction.TransactionTimedOut': 'overload',
  'Neo.ClientError.Statement.TypeError': 'poison',
  'Neo.ClientError.Statement.ArgumentError': 'poison',
  'Neo.ClientError.Schema.ConstraintValidationFailed': 'poison',
  'Neo.ClientError.Security.Unauthorized': 'fatal',
  'Neo.ClientError.Database.DatabaseNotFound': 'fatal',
};

for (const [code, expected] of Object.entries(classes)) {
  test(`${code} is ${expected}`, () => assert.equal(classifyFailure(neo4jError(code)), expected));
}

test('memory is the record’s fault only where a transaction’s own limit is met', () => {
  const refusal = (setting: string): Error =>
    neo4jError(
      'Neo.TransientError.General.MemoryPoolOutOfMemoryError',
      `The allocation of an extra 2.0 MiB would use more than the limit 10.0 MiB. Currently using 8.7 MiB. ${setting} threshold reached`,
    );
  assert.equal(classifyFailure(refusal('db.memory.transaction.max')), 'too-large');
  assert.equal(classifyFailure(refusal('db.memory.transaction.total.max')), 'overload');
  assert.equal(classifyFailure(refusal('dbms.memory.transaction.total.max')), 'overload');
});

test('a text that is too long for an index is poison, although Neo4j takes the blame', () => {
  const code = 'Neo.DatabaseError.Statement.ExecutionFailed';
  const message =
    'Property value is too large to index, please see index documentation for limitations. Index: Index( id=350';
  assert.equal(classifyFailure(neo4jError(code, message)), 'poison');
  assert.equal(classifyFailure(neo4jError(code)), 'transient');
});

test('a record that cannot be decoded is poison, a registry that is away is not', () => {
  assert.equal(classifyFailure(new RecordError('truncated')), 'poison');
  assert.equal(classifyFailure(new InfrastructureError('CS_REGISTRY', 'away', { retryable: true })), 'transient');
});

test('what nobody foresaw stops the loader instead of dead-lettering records', () => {
  assert.equal(classifyFailure(new TypeError('x is not a function')), 'fatal');
  assert.equal(classifyFailure(new SchemaError('no graph')), 'fatal');
});

test('a refused password names the settings and not the password', () => {
  const error = describeNeo4jFailure(neo4jError('Neo.ClientError.Security.Unauthorized'), 'bolt://localhost:7687');
  assert.match(error.message, /--neo4j-user .*--neo4j-password-env-var/);
  assert.equal(error.setting, '--neo4j-user');
});

test('a server is too old before 5.26, whatever comes after its version', () => {
  const isOld = (agent: string | undefined): boolean => describeOldServer(agent, 'bolt://graph:7687') !== undefined;
  assert.deepEqual(
    ['Neo4j/4.4.38', 'Neo4j/5.9.0', 'Neo4j/v5.11.0 compatible graph database server'].filter((agent) => !isOld(agent)),
    [],
  );
  assert.deepEqual(['Neo4j/5.26.30', 'Neo4j/5.27.0-aura', 'Neo4j/2025.10.1', 'something', undefined].filter(isOld), []);
  assert.match(
    describeOldServer('Neo4j/5.9.0', 'bolt://graph:7687')!.message,
    /bolt:\/\/graph:7687 is Neo4j\/5\.9\.0.*5\.26 or later/,
  );
});
