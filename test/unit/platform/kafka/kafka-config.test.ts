import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../../../../platform/errors.ts';
import { formatAddress, parseAddress, resolveKafkaConfig } from '../../../../platform/kafka/kafka-config.ts';

for (const text of [
  'localhost',
  'localhost:',
  ':9092',
  'localhost:0',
  'localhost:65536',
  'localhost:90a',
  'http://localhost:9092',
  'fe80::1:9092',
  '[nothing]:9092',
  'a:1,b:2',
  '',
]) {
  test(`the server address ${JSON.stringify(text)} is refused with the setting, the value and an example`, () => {
    assert.throws(
      () => parseAddress(text),
      (error: unknown) => {
        assert.ok(error instanceof UsageError);
        assert.equal(error.setting, '--kafka-bootstrap-servers');
        assert.ok(error.message.includes(JSON.stringify(text)));
        assert.match(error.message, /host:port, e\.g\. localhost:9092/);
        return true;
      },
    );
  });
}

test('host names, IPv4 and bracketed IPv6 addresses are read, and written the same way', () => {
  const addresses = [
    ['kafka-1.example.org:9092', { host: 'kafka-1.example.org', port: 9092 }],
    ['10.0.0.1:19092', { host: '10.0.0.1', port: 19092 }],
    ['[::1]:9092', { host: '::1', port: 9092 }],
  ] as const;
  for (const [text, address] of addresses) {
    assert.deepEqual(parseAddress(text), address);
    assert.equal(formatAddress(address), text);
  }
});

test('no server at all is refused', () => {
  assert.throws(() => resolveKafkaConfig({ bootstrapServers: [], clientId: 'test' }), UsageError);
});

test('what is given takes the place of a default', () => {
  const settings = resolveKafkaConfig({ bootstrapServers: ['a:1', 'b:2'], clientId: 'test', lingerMs: 50 });
  assert.deepEqual(settings.bootstrapServers, [
    { host: 'a', port: 1 },
    { host: 'b', port: 2 },
  ]);
  assert.equal(settings.lingerMs, 50);
  assert.equal(settings.compression, 'zstd');
});
