import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { connect } from 'node:net';
import os from 'node:os';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import neo4j from 'neo4j-driver';
import { connectLog } from '../../../platform/kafka/connect-log.ts';
import { UsageError } from '../../../platform/errors.ts';
import type { ManagedServer } from '../../../stack/server/managed-server.ts';
import { startStack, type Stack } from '../../../stack/stack.ts';

describe('the local stack', () => {
  let stack: Stack;
  before(async () => {
    stack = await startStack({ neo4j: 2, javaOptions: ['-XX:TieredStopAtLevel=1'] });
  });
  after(async () => {
    const { dataDir } = stack;
    await stack.stop();
    await assert.rejects(access(dataDir), 'the data is thrown away');
  });

  test('Kafka keeps its topics and messages over a kill', async () => {
    const log = connectLog({ bootstrapServers: [stack.kafka.bootstrapServers], clientId: 'test' });
    const topic = { name: 'kept', partitions: 1, replicationFactor: 1, config: {} };
    const admin = await log.admin();
    await admin.ensureTopics([topic]);
    const producer = await log.producer();
    await producer.write({ topic: 'kept', key: 'k', value: Buffer.from('v') });
    await producer.close();
    await admin.close();

    await stack.kafka.kill();
    await stack.kafka.start();

    const again = await log.admin();
    assert.deepEqual(await again.ensureTopics([topic]), []);
    assert.equal((await again.offsets('kept'))[0]?.high, 1n);
    await again.close();
  });

  test('the registry keeps its schemas over a stop', async () => {
    const subject = `${stack.registry.url}/subjects/kept/versions`;
    const registered = await fetch(subject, {
      method: 'POST',
      headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
      body: JSON.stringify({ schema: '{"type":"string"}' }),
    });
    assert.equal(registered.status, 200);
    const { id } = (await registered.json()) as { id: number };

    await stack.registry.stop();
    await stack.registry.start();

    const latest = (await (await fetch(`${subject}/latest`)).json()) as { id: number };
    assert.equal(latest.id, id);
  });

  test('Neo4j keeps its nodes over a kill, and its servers share none', async () => {
    const [first, second] = stack.neo4j;
    assert(first !== undefined && second !== undefined);
    await query(first, 'CREATE (:Kept {id: 1})');

    await first.kill();
    await first.start();

    assert.equal(await query(first, 'MATCH (n:Kept) RETURN count(n) AS n'), 1);
    assert.equal(await query(second, 'MATCH (n:Kept) RETURN count(n) AS n'), 0);
  });

  test('Neo4j refuses everybody without the password', async () => {
    const [{ uri } = { uri: '' }] = stack.neo4j;
    for (const password of ['neo4j', 'wrong password']) {
      await assert.rejects(query({ uri, user: 'neo4j', password }, 'RETURN 1 AS n'), /Unauthorized|unauthorized/);
    }
  });

  test('a paused server is frozen until it is resumed', async () => {
    stack.registry.pause();
    assert.match(await processState(stack.registry), /^T/);
    const answer = fetch(`${stack.registry.url}/subjects`);
    stack.registry.resume();
    assert.equal((await answer).status, 200);
  });

  test('no server listens beyond loopback', async (context) => {
    const address = Object.values(os.networkInterfaces())
      .flat()
      .find((one) => one !== undefined && !one.internal && one.family === 'IPv4')?.address;
    if (address === undefined) return context.skip('this machine has no other address');
    for (const { port } of [stack.kafka, stack.registry, ...stack.neo4j]) {
      assert.equal(await connects(address, port), false);
      assert.equal(await connects('127.0.0.1', port), true);
    }
  });
});

test('a stack has the services that it was asked for', async () => {
  const stack = await startStack({ services: [] });
  assert.throws(() => stack.kafka, UsageError);
  assert.throws(() => stack.registry, UsageError);
  assert.equal(stack.neo4j.length, 0);
  await stack.stop();
});

async function query(
  server: { uri: string; user: string; password: string },
  cypher: string,
): Promise<number | undefined> {
  const driver = neo4j.driver(server.uri, neo4j.auth.basic(server.user, server.password), {
    disableLosslessIntegers: true,
  });
  try {
    const { records } = await driver.executeQuery(cypher);
    return records[0]?.get('n') as number | undefined;
  } finally {
    await driver.close();
  }
}

async function processState(server: ManagedServer): Promise<string> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'stat=', '-p', String(server.pid)]);
  return stdout.trim();
}

function connects(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
