import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import kafkajs from 'kafkajs';
import { type AwsStandIn, startAwsStandIn } from '../../../stack/aws/stand-in.ts';
import { topicsOf } from '../../../platform/topics.ts';
import { runCommand } from '../../support/run-command.ts';
import { type SecureLab, startSecureLab } from '../../support/secure-lab.ts';

/* Each part as a user of its own, who may do what docs/security.md says and nothing else. The tests build on each other. */

const parts = ['collect', 'load', 'status', 'replay', 'dlq'] as const;
type Part = (typeof parts)[number];
const region = 'eu-west-1';
let lab: SecureLab;
let aws: AwsStandIn;

before(async () => {
  [lab, aws] = await Promise.all([
    startSecureLab({
      users: Object.fromEntries(parts.map((part) => [part, `${part}-password`])),
      superUsers: [],
      clientSecret: 'unused',
      userInfo: 'me:registry-password',
      neo4jPassword: 'neo4j-password',
    }),
    startAwsStandIn({ accounts: 1, instances: 1, regions: [region], scale: 0.2 }),
  ]);
  const kafka = new kafkajs.Kafka({
    brokers: [lab.stack.kafka.bootstrapServers],
    logLevel: kafkajs.logLevel.NOTHING,
  }).admin();
  await kafka.connect();
  await kafka.createAcls({ acl: readAcls() });
  await kafka.disconnect();
});
after(async () => {
  await aws.stop();
  await lab[Symbol.asyncDispose]();
});

/** The table of the documentation. */
function readAcls(): kafkajs.AclEntry[] {
  const rows = readFileSync('docs/security.md', 'utf8').matchAll(
    /^\| `(?<part>\w+)` +\| (?<resource>topic|group) +\| (?<names>[^|]+)\| (?<operations>[A-Z][^|]+)\|$/gm,
  );
  return [...rows].flatMap(({ groups }) => {
    const { part, resource, names, operations } = groups as Record<string, string>;
    return [...names!.matchAll(/`([^`]+)`/g)].flatMap(([, name]) =>
      operations!
        .split(',')
        .map((operation) => operation.trim().toUpperCase() as 'READ' | 'WRITE' | 'CREATE' | 'DESCRIBE')
        .map((operation) => ({
          principal: `User:${part}`,
          host: '*',
          resourceType: kafkajs.AclResourceTypes[resource === 'topic' ? 'TOPIC' : 'GROUP'],
          resourceName: name!.replace(/\*$/, ''),
          resourcePatternType: kafkajs.ResourcePatternTypes[name!.endsWith('*') ? 'PREFIXED' : 'LITERAL'],
          operation: kafkajs.AclOperationTypes[operation],
          permissionType: kafkajs.AclPermissionTypes.ALLOW,
        })),
    );
  });
}

async function runAs(part: Part, argv: readonly string[]) {
  const result = await runCommand([...argv, ...lab.logOptions(part)], {
    ...aws.environment,
    ...lab.variables,
    CARTOGRAPHY_KAFKA_SASL_PASSWORD: `${part}-password`,
  });
  return { ...result, say: `${argv.join(' ')}: ${result.stderr.slice(-2_000)}` };
}

async function worksAs(part: Part, argv: readonly string[]): Promise<string> {
  const { exitCode, stdout, say } = await runAs(part, argv);
  assert.equal(exitCode, 0, say);
  return stdout;
}

test('the documentation has rows for every part', () => {
  assert.deepEqual([...new Set(readAcls().map(({ principal }) => principal.slice(5)))], [...parts]);
});

test('collect makes the topics and writes a run', async () => {
  await worksAs('collect', ['collect', '--aws-sync-all-profiles', '--aws-requested-syncs', 'ec2:vpc,ec2:subnet']);
});

test('load applies it, and a record that cannot be applied goes to its dead letters', async () => {
  const producer = await lab.log.producer();
  await producer.write({ topic: topicsOf().assets, key: 'poison', value: Buffer.from([0, 0, 0, 0, 1]), headers: {} });
  await producer.close();
  await worksAs('load', ['load', '--until-caught-up', ...lab.graphOptions]);
  const [row] = await lab.graph.query<{ count: number }>('MATCH (v:AWSVpc) RETURN count(v) AS count');
  assert.ok(row!.count > 0);
});

test('status reads', async () => {
  assert.match(await worksAs('status', ['status', '--json', ...lab.graphOptions]), /assets/);
});

test('dlq lists, shows, and writes again', async () => {
  assert.match(await worksAs('dlq', ['dlq', 'list']), /assets\/0/);
  await worksAs('dlq', ['dlq', 'show', '--all']);
  await worksAs('dlq', ['dlq', 'redrive', '--all']);
});

test('replay builds another graph', async () => {
  await lab.graph.query('MATCH (n) DETACH DELETE n');
  const { exitCode, say } = await runAs('replay', ['replay', '--graph', 'rebuilt', ...lab.graphOptions]);
  assert.ok(exitCode === 0 || exitCode === 5, say);
  const [row] = await lab.graph.query<{ count: number }>('MATCH (v:AWSVpc) RETURN count(v) AS count');
  assert.ok(row!.count > 0);
});

test('whoever may less is refused in one line, soon', async () => {
  // What the rebuilt graph is called is none of this.
  await lab.graph.query('MATCH (n) DETACH DELETE n');
  for (const [part, argv] of [
    ['status', ['collect', '--aws-requested-syncs', 'ec2:vpc']],
    ['collect', ['load', ...lab.graphOptions]],
    ['status', ['load', ...lab.graphOptions]],
    ['load', ['dlq', 'list']],
  ] as const) {
    const startedAt = performance.now();
    const { exitCode, stderr, say } = await runAs(part, argv);
    assert.equal(exitCode, 4, `as ${part}: ${say}`);
    const lines = stderr.split('\n').filter((line) => line.startsWith('error: '));
    assert.equal(lines.length, 1, say);
    assert.match(lines[0]!, /does not allow it to .*docs\/security\.md/);
    assert.ok(performance.now() - startedAt < 20_000, 'it was tried again and again');
  }
});
