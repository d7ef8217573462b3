import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pino } from 'pino';
import { bridgeKafkajsLogger } from '../../../../platform/kafka/kafkajs-logger.ts';

interface KafkajsLevels {
  namespace(name: string): KafkajsLevels;
  error(message: string, fields?: object): void;
  debug(message: string, fields?: object): void;
}

function capture(level: string): { lines: Record<string, unknown>[]; logger: KafkajsLevels } {
  const lines: Record<string, unknown>[] = [];
  const logger = pino(
    { level },
    { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) },
  );
  return { lines, logger: bridgeKafkajsLogger(logger) as unknown as KafkajsLevels };
}

test('what kafkajs calls an error is a debug line, without bodies and stacks', () => {
  const { lines, logger } = capture('debug');
  logger
    .namespace('Connection')
    .error('Response SaslAuthenticate', { broker: 'a:1', payload: 'secret', data: 'secret', stack: 'at x' });
  assert.equal(lines.length, 1);
  const { level, kafkajs, broker, msg } = lines[0]!;
  assert.deepEqual(
    { level, kafkajs, broker, msg },
    { level: 20, kafkajs: 'Connection', broker: 'a:1', msg: 'Response SaslAuthenticate' },
  );
  assert.doesNotMatch(JSON.stringify(lines), /secret|at x/);
});

test('its chatter about every request needs trace', () => {
  const debug = capture('debug');
  debug.logger.debug('Request Produce');
  assert.deepEqual(debug.lines, []);
  const trace = capture('trace');
  trace.logger.debug('Request Produce');
  assert.equal(trace.lines.length, 1);
});

test('above debug it says nothing', () => {
  const { lines, logger } = capture('info');
  logger.error('Connection error');
  assert.deepEqual(lines, []);
});
