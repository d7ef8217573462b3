import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { test } from 'node:test';
import { findFreePorts, isFree } from '../../../../stack/server/find-free-ports.ts';

test('the ports are distinct and free', async () => {
  const ports = await findFreePorts(5);
  assert.equal(new Set(ports).size, 5);
  for (const port of ports) assert(await isFree(port));
});

test('a port on which something listens is not free', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  assert.equal(await isFree((server.address() as AddressInfo).port), false);
  server.close();
});

test('a port is given once: who asked first may not have begun to listen', async (context) => {
  const sequence = [0.5, 0.5, 0.25, 0.25, 0.75];
  context.mock.method(Math, 'random', () => sequence.shift() ?? 0.1);
  const [first, second] = await Promise.all([findFreePorts(1), findFreePorts(1)]);
  assert.notEqual(first[0], second[0]);
});
