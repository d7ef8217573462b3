import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { test } from 'node:test';
import { InfrastructureError, UsageError } from '../../../platform/errors.ts';
import { connectLog } from '../../../platform/kafka/connect-log.ts';
import { TcpProxy } from '../../support/tcp-proxy.ts';
import { useKafka } from '../../support/use-kafka.ts';

const kafka = await useKafka();
const BROKER_PORT_NOBODY_LISTENS_ON = 1;

function isUnreachable(server: string) {
  return (error: unknown): boolean => {
    assert.ok(error instanceof InfrastructureError);
    assert.equal(error.code, 'CS_KAFKA');
    assert.equal(error.setting, '--kafka-bootstrap-servers');
    assert.ok(error.message.includes(server), error.message);
    return true;
  };
}

test('an address that is none is refused before anything is connected', () => {
  assert.throws(() => connectLog({ bootstrapServers: ['localhost'], clientId: 'test' }), UsageError);
});

test('nobody listening is told with the address and the setting, by producer, admin and consumer', async () => {
  const server = `127.0.0.1:${BROKER_PORT_NOBODY_LISTENS_ON}`;
  const log = connectLog({ bootstrapServers: [server], clientId: 'test', startTimeoutMs: 500 });
  const consumer = log.consumer({ groupId: 'test', topics: ['test'] });
  await assert.rejects(log.producer(), isUnreachable(server));
  await assert.rejects(log.admin(), isUnreachable(server));
  await assert.rejects(
    consumer.start(async () => {}),
    isUnreachable(server),
  );
  await assert.rejects(consumer.failed, isUnreachable(server));
  await consumer.close();
});

test('a server that accepts connections and says nothing is given up', async () => {
  const sockets: Socket[] = [];
  const server = createServer((socket) => void sockets.push(socket)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  await assert.rejects(
    connectLog({ bootstrapServers: [address], clientId: 'test', connectTimeoutMs: 100, startTimeoutMs: 300 }).admin(),
    isUnreachable(address),
  );
  for (const socket of sockets) socket.destroy();
  server.close();
});

test('one server that answers is enough', async () => {
  const admin = await connectLog({
    bootstrapServers: [`127.0.0.1:${BROKER_PORT_NOBODY_LISTENS_ON}`, ...kafka.bootstrapServers],
    clientId: 'test',
  }).admin();
  assert.equal((await admin.topicIds([])).size, 0);
  await admin.close();
});

test('an advertised address that does not answer is told apart from a server that does not', async () => {
  const proxy = await TcpProxy.start(kafka.address);
  const bootstrap = { host: '127.0.0.1', port: proxy.port };
  const log = connectLog({
    bootstrapServers: [`127.0.0.1:${proxy.port}`],
    clientId: 'test',
    startTimeoutMs: 500,
    resolveAddress: (advertised) =>
      advertised.port === proxy.port ? bootstrap : { host: '127.0.0.1', port: BROKER_PORT_NOBODY_LISTENS_ON },
  });
  await assert.rejects(log.admin(), /answers, but the address .* that it advertises does not: .*advertised\.listeners/);
  await proxy.close();
});

test('encryption where the server has none is an error of the connection', async () => {
  await assert.rejects(
    kafka.connect({ tls: {}, startTimeoutMs: 300 }).admin(),
    isUnreachable(kafka.bootstrapServers[0]!),
  );
});
