import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import kafkajs from 'kafkajs';

import { connectLog } from '../../../platform/kafka/connect-log.ts';
import { topicsOf } from '../../../platform/topics.ts';
import { connectRegistry } from '../../../schemas/registry.ts';
import { startStack } from '../../../stack/stack.ts';
import { arbitraryHistory } from '../../model/history.ts';
import { blocksOf } from '../../support/blocks-of.ts';
import { Canaries } from '../../support/canaries.ts';
import { issue } from '../../support/certificates.ts';
import {
  applyChanges,
  changesIn,
  lawfulTable,
  linesOf,
  readAssets,
  rowsOf,
  rowsWithoutTag,
  type Table,
} from '../../support/consumer-tables.ts';
import { type Addresses, type Examples, prepareExamples } from '../../support/examples.ts';
import { testSeed } from '../../support/random.ts';
import { startRegistryGate } from '../../support/registry-gate.ts';
import type { CommandResult } from '../../support/run-command.ts';
import { startSecureBroker } from '../../support/secure-broker.ts';
import { writeHistory } from '../../support/write-history.ts';

/* The files of docs/consuming.md, as a user who may read the topics and nothing else. */

const canaries = new Canaries();
const secrets = { kafka: canaries.make('Kafka password'), registry: canaries.make('registry password') };
const wrong = { kafka: canaries.make('wrong Kafka password'), registry: canaries.make('wrong registry password') };
const writer = 'writer-password';
const [broker, stack] = await Promise.all([
  startSecureBroker({ users: { writer, reader: secrets.kafka }, superUsers: ['writer'] }),
  startStack({ services: ['registry'] }),
]);
const server = await issue(broker.authority, 'registry', ['localhost']);
const gate = await startRegistryGate(stack.registry.url, server, `reader:${secrets.registry}`);
after(async () => {
  await gate[Symbol.asyncDispose]();
  await stack.stop();
  await broker[Symbol.asyncDispose]();
});

const kafka = [`localhost:${broker.ports.saslSsl}`];
let examples: Examples;
let addresses: Addresses;
let expected: Table;
let configs: { python: string; java: string };

before(async () => {
  examples = await prepareExamples(broker.folder);
  const [python, java] = blocksOf(await readFile('docs/consuming.md', 'utf8'), 'properties');
  configs = { python: python!, java: java! };
  const tables = fc
    .sample(arbitraryHistory({ poison: false }), { seed: testSeed, numRuns: 20 })
    .map((history) => ({ history, table: lawfulTable(history.records, history.markers) }));
  const { history, table } = tables.reduce((most, one) => (one.table.size > most.table.size ? one : most));
  expected = table;
  assert.ok(expected.size > 0);
  const log = connectLog({
    bootstrapServers: kafka,
    clientId: 'test',
    tls: { ca: { path: broker.caFile, setting: 'the test' } },
    sasl: { mechanism: 'SCRAM-SHA-512', username: 'writer', password: writer },
  });
  const topicPrefix = await writeHistory(log, connectRegistry({ url: stack.registry.url }), history);
  addresses = { kafka, registryUrl: gate.url, topicPrefix };
  const topics = topicsOf(topicPrefix);
  await allowToRead([topics.assets, topics.hierarchy, topics.markers]);
});

type Example = (config: string) => Promise<CommandResult>;
/** The table is beside the file. */
const assets: Example = (config) =>
  examples.startAssets(addresses, `${config}.db`, '--command-config', config, '--exit-at-end').result;
const changes: Example = (config) =>
  examples.startChanges(addresses, '--command-config', config, '--from-beginning', '--exit-at-end').result;

test('the Python example reads the assets over TLS, with logins', { timeout: 120_000 }, async () => {
  const before = gate.admitted;
  const config = await write(configs.python);
  await works(await assets(config));
  assert.deepEqual(rowsOf(readAssets(`${config}.db`)), rowsOf(expected));
  assert.ok(gate.admitted > before);
});

test('the Java example reads the changes over TLS, with logins', { timeout: 120_000 }, async () => {
  const before = gate.admitted;
  const { stdout } = await works(await changes(await write(configs.java)));
  assert.deepEqual(rowsWithoutTag(applyChanges(changesIn(stdout))), rowsWithoutTag(expected));
  assert.ok(gate.admitted > before);
});

for (const [name, language, run] of [
  ['Python', 'python', assets],
  ['Java', 'java', changes],
] as const) {
  test(`the ${name} example ends with one line that says what is wrong`, { timeout: 300_000 }, async () => {
    const config = configs[language];
    const ca = broker.caFile;
    const cases: [string, RegExp][] = [
      [await write(config, { ...secrets, kafka: wrong.kafka }), /^error: Kafka: .*[Aa]uthentication.*--command-config/],
      [
        await write(config, { ...secrets, registry: wrong.registry }),
        /^error: .*schema registry.*401.*--command-config/,
      ],
      [
        await write(config.replace(/^(ssl\..*)\/etc.*$/m, `$1${ca}-missing`)),
        /^error: .* ssl\..*-missing cannot be read$/,
      ],
      [await write(config.replace(/^ssl\..*\n/gm, '')), /^error: Kafka: .*certif.*--command-config/],
      [await write(`${config}${wrong.kafka}\n`), /^error: .*is not KEY=VALUE/],
      [await write(`${config}sasl.mechanisn=x\n`), /^error: .*sasl\.mechanisn/],
      [await write(`${config}schema.registry.basic.auth.user.inf=x\n`), /^error: .*basic\.auth\.user\.inf\b/],
      [await write(`${config}schema.registry.basic.auth.user.info=x\n`), /^error: .*basic\.auth\.user\.info/],
      [path.join(broker.folder, 'nowhere'), /^error: .*nowhere/],
    ];
    for (const [file, message] of cases) {
      const { exitCode, stdout, stderr } = await run(file);
      assert.ok(exitCode === 1 || exitCode === 2, `${message}: ${stderr}`);
      const errors = linesOf(stderr).filter((line) => line.startsWith('error: '));
      assert.equal(errors.length, 1, stderr);
      assert.match(errors[0]!, message);
      assert.doesNotMatch(stderr, /Traceback|Exception in thread|^usage/m);
      canaries.search(`${name}, ${message}`, stdout + stderr);
    }
    assert.deepEqual(canaries.leaks, []);
  });
}

async function works(result: CommandResult): Promise<CommandResult> {
  assert.equal(result.exitCode, 0, result.stderr);
  canaries.search('an example', result.stdout + result.stderr);
  assert.deepEqual(canaries.leaks, []);
  return result;
}

let files = 0;

/** A file as the page has it, with the authority and passwords that there are here. */
async function write(config: string, { kafka, registry } = secrets): Promise<string> {
  const file = path.join(broker.folder, `client-${files++}.properties`);
  const text = config
    .replaceAll('/etc/kafka/ca.pem', broker.caFile)
    .replaceAll('kafka-secret', kafka)
    .replaceAll('registry-secret', registry);
  await writeFile(file, text);
  return file;
}

async function allowToRead(topics: readonly string[]): Promise<void> {
  const admin = new kafkajs.Kafka({
    brokers: [...kafka],
    ssl: { ca: broker.authority.certificate },
    sasl: { mechanism: 'scram-sha-512', username: 'writer', password: writer },
    logLevel: kafkajs.logLevel.NOTHING,
  }).admin();
  await admin.connect();
  await admin.createAcls({
    acl: topics.map((resourceName) => ({
      principal: 'User:reader',
      host: '*',
      resourceType: kafkajs.AclResourceTypes.TOPIC,
      resourceName,
      resourcePatternType: kafkajs.ResourcePatternTypes.LITERAL,
      operation: kafkajs.AclOperationTypes.READ,
      permissionType: kafkajs.AclPermissionTypes.ALLOW,
    })),
  });
  await admin.disconnect();
}
