import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import { useKafka } from '../../support/use-kafka.ts';

const kafka = await useKafka();
const internals = new URL('../../../platform/kafka/', import.meta.url).href;

/** Runs a process that connects, sends a message and idles for two seconds; resolves with its CPU milliseconds while idle. */
async function measureIdle(connect: string): Promise<{ cpuMs: number; warnings: string[] }> {
  const code = `
    const [servers, topic] = ${JSON.stringify([kafka.bootstrapServers, await kafka.createTopic()])};
    const warnings = [];
    process.on('warning', ({ name }) => warnings.push(name));
    ${connect}
    await new Promise((resolve) => setTimeout(resolve, 300));
    const before = process.cpuUsage();
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    const { user, system } = process.cpuUsage(before);
    await close();
    process.stdout.write(JSON.stringify({ cpuMs: (user + system) / 1_000, warnings }));
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    cwd: import.meta.dirname,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, KAFKAJS_NO_PARTITIONER_WARNING: '1' },
  });
  let output = '';
  for await (const chunk of child.stdout) output += String(chunk);
  return JSON.parse(output) as { cpuMs: number; warnings: string[] };
}

const ours = `
  const { connectLog } = await import('${internals}connect-log.ts');
  const producer = await connectLog({ bootstrapServers: servers, clientId: 'idle' }).producer();
  await producer.write({ topic, key: 'a', value: null });
  await producer.flush();
  const close = () => producer.close();
`;
const plain = `
  const { Kafka } = (await import('kafkajs')).default;
  const producer = new Kafka({ brokers: servers }).producer();
  await producer.connect();
  await producer.send({ topic, messages: [{ key: 'a', value: null }] });
  const close = () => producer.disconnect();
`;

test('an idle producer uses a fraction of the time that the unrepaired kafkajs uses, and Node has nothing to warn of', async () => {
  const [repaired, unrepaired] = await Promise.all([measureIdle(ours), measureIdle(plain)]);
  assert.deepEqual(repaired.warnings, []);
  assert.ok(
    unrepaired.warnings.includes('TimeoutNegativeWarning'),
    'kafkajs has been repaired: request-queue-repair.ts can go',
  );
  assert.ok(repaired.cpuMs < unrepaired.cpuMs / 2, `${repaired.cpuMs} ms and ${unrepaired.cpuMs} ms`);
});
