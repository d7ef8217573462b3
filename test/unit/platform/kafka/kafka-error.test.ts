import assert from 'node:assert/strict';
import { test } from 'node:test';
import kafkajs from 'kafkajs';
import { InfrastructureError, UsageError } from '../../../../platform/errors.ts';
import {
  isConnectionError,
  isTransientKafkaError,
  KafkaUnavailable,
  toInfrastructureError,
} from '../../../../platform/kafka/kafka-error.ts';
import { createErrorFromCode } from '../../../../platform/kafka/kafkajs-internals.ts';

const settings = {
  bootstrapServers: [{ host: 'kafka.example.org', port: 9092 }],
  sasl: { mechanism: 'PLAIN' as const, username: 'alice', password: 'not to be seen' },
};
const [LEADER_NOT_AVAILABLE, NOT_LEADER, TOPIC_AUTHORIZATION_FAILED, UNKNOWN_SERVER_ERROR, NOT_YET_INVENTED] = [
  5, 6, 29, -1, 12_345,
];

const refusedLogin = Object.assign(new Error('Authentication failed'), { name: 'KafkaJSSASLAuthenticationError' });

test('what passes by itself is transient', () => {
  for (const code of [LEADER_NOT_AVAILABLE, NOT_LEADER, UNKNOWN_SERVER_ERROR, NOT_YET_INVENTED])
    assert.equal(isTransientKafkaError(createErrorFromCode(code)), true, String(code));
  assert.equal(
    isTransientKafkaError(new kafkajs.KafkaJSConnectionError('Connection error: refused', { code: 'ECONNREFUSED' })),
    true,
  );
  assert.equal(isTransientKafkaError(new kafkajs.KafkaJSRequestTimeoutError('timed out')), true);
  assert.equal(isTransientKafkaError(new KafkaUnavailable('no leader')), true);
});

test('what stays until somebody changes a setting is not', () => {
  const certificate = new kafkajs.KafkaJSConnectionError('Connection error: self-signed certificate', {
    code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
  });
  for (const error of [
    createErrorFromCode(TOPIC_AUTHORIZATION_FAILED),
    refusedLogin,
    certificate,
    new UsageError('no'),
  ]) {
    assert.equal(isTransientKafkaError(error), false, error.message);
  }
});

test('a fault of our own is never taken for a fault of Kafka', () => {
  for (const error of [new TypeError('x is not a function'), new RangeError('out of range'), 'text', undefined, null])
    assert.equal(isTransientKafkaError(error), false);
});

test('only what breaks the connection counts as a connection error', () => {
  assert.equal(isConnectionError(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })), true);
  assert.equal(isConnectionError(new kafkajs.KafkaJSRequestTimeoutError('timed out')), true);
  assert.equal(isConnectionError(createErrorFromCode(NOT_LEADER)), false);
});

test('a refused login names the servers and the mechanism, and not the password', () => {
  const error = toInfrastructureError(refusedLogin, 'open a connection', settings);
  assert.ok(error instanceof InfrastructureError);
  assert.equal(error.code, 'CS_KAFKA');
  assert.equal(error.retryable, false);
  assert.match(error.message, /kafka\.example\.org:9092 refuses the login \(PLAIN\)/);
  assert.ok(!JSON.stringify({ ...error, message: error.message }).includes('not to be seen'));
});

test('a missing right is named with what needs it', () => {
  const error = toInfrastructureError(
    createErrorFromCode(TOPIC_AUTHORIZATION_FAILED),
    'write to partition 3 of assets',
    settings,
  );
  assert.match(error.message, /does not allow it to write to partition 3 of assets/);
});

test('an error of this project stays what it is', () => {
  const error = new UsageError('wrong');
  assert.equal(toInfrastructureError(error, 'do it', settings), error);
});
