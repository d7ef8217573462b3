import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectLog } from '../../../platform/kafka/connect-log.ts';
import { clientCredentialsToken } from '../../../platform/kafka/sasl/client-credentials.ts';
import { startSecureBroker } from '../../support/secure-broker.ts';

const broker = await startSecureBroker({ users: {}, superUsers: ['alice'] });
after(() => broker[Symbol.asyncDispose]());
const { issuer, caFile, ports } = broker;

test('connections whose sessions end are replaced before, without a loss, with new tokens once the old ones are near their end', async () => {
  issuer.lifetimeSeconds = 20;
  const token = clientCredentialsToken({
    tokenEndpointUrl: issuer.tokenEndpointUrl,
    clientId: 'cartography',
    clientSecret: issuer.clientSecret,
  });
  const log = connectLog({
    bootstrapServers: [`localhost:${ports.oauth}`],
    clientId: 'test',
    heartbeatIntervalMs: 200,
    tls: { ca: { path: caFile, setting: '--kafka-ssl-ca-location' } },
    sasl: { mechanism: 'OAUTHBEARER', source: 'the test', token },
  });
  const admin = await log.admin();
  await admin.ensureTopics([{ name: 'renewed', partitions: 1, replicationFactor: 1, config: {} }]);
  const before = issuer.issued;
  const seen: string[] = [];
  const consumer = log.consumer({ groupId: 'renewed', topics: ['renewed'] });
  await consumer.start(async ({ messages }) => void seen.push(...messages.map(({ value }) => String(value))));
  const producer = await log.producer();
  for (let second = 0; second < 26; second += 2) {
    await producer.write({ topic: 'renewed', key: 'k', value: Buffer.from(`m${second}`), headers: {} });
    await producer.flush();
    await sleep(2_000);
  }
  await Promise.race([consumer.failed, sleep(500)]);
  assert.deepEqual(
    seen,
    Array.from({ length: 13 }, (_, index) => `m${index * 2}`),
  );
  assert.ok(issuer.issued > before, 'a new token was asked for');
  for (const one of [producer, consumer, admin]) await one.close();
});
