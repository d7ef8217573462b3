import assert from 'node:assert/strict';
import path from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import {
  CreateSubnetCommand,
  CreateVpcCommand,
  DeleteSubnetCommand,
  EC2Client,
  ModifySubnetAttributeCommand,
} from '@aws-sdk/client-ec2';

import { readLog } from '../../../platform/kafka/read-log.ts';
import {
  applyChanges,
  changesBetween,
  changesIn,
  lawfulTable,
  linesOf,
  linesOfChanges,
  readAssets,
  rowsOf,
  rowsWithoutTag,
  type Table,
} from '../../support/consumer-tables.ts';
import { type Addresses, type Examples, prepareExamples } from '../../support/examples.ts';
import { readModel } from '../../support/law-of-log.ts';
import { memberClient } from '../../support/member-client.ts';
import { type Lab, type Pipeline, startLab } from '../../support/pipeline.ts';
import { eventually } from '../../support/processes.ts';
import { readContract } from '../../support/read-contract.ts';
import type { CommandResult } from '../../support/run-command.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const region = 'us-east-1';
const subnetType = 'cartography.aws.ec2.Subnet';
let lab: Lab;
let examples: Examples;
let folder: Awaited<ReturnType<typeof tempFolder>>;

before(async () => {
  folder = await tempFolder();
  [lab, examples] = await Promise.all([
    startLab({ accounts: 2, instances: 2, regions: [region], seed: 9, scale: 0.3 }),
    prepareExamples(folder.path),
  ]);
});
afterEach(() => lab.aws.setFaults([]));
after(async () => {
  await lab.close();
  await folder[Symbol.asyncDispose]();
});

test(
  'two runs in which assets appear, change and vanish and a scope fails: the table is the law’s, the changes are exactly those',
  { timeout: 300_000 },
  async (context) => {
    await using pipeline = await lab.open({ partitions: 3 });
    const database = path.join(folder.path, 'assets.db');
    const [changes, stays, vanishes] = [
      await makeSubnet('acct-0', 1),
      await makeSubnet('acct-1', 1),
      await makeSubnet('acct-0', 2),
    ];
    await pipeline.collect({ tag: 1_000 });
    const first = await readTable(pipeline);

    await readToEnd(pipeline, database);
    assertTable(database, first);
    const watch = examples.startChanges(addressesOf(pipeline));
    context.after(() => watch.kill('SIGKILL'));
    await eventually(`the changes to begin: ${watch.stderr}`, () => watch.stderr.includes('caught up'));
    assert.ok(watch.stderr.includes(`caught up: ${first.size} assets`), watch.stderr);

    await changes.change();
    await stays.remove();
    await vanishes.remove();
    const appears = await makeSubnet('acct-0', 3);
    await lab.aws.setFaults([
      { account: lab.aws.summary.accountIds[1]!, region, service: 'ec2', action: 'DescribeSubnets', effect: 'error' },
    ]);
    const killed = examples.startAssets(addressesOf(pipeline), database);
    const summary = await pipeline.collect({ tag: 2_000 });
    assert.ok(summary.accounts.some(({ notable }) => notable.some(({ outcome }) => outcome === 'failed')));
    killed.kill('SIGKILL');
    await killed.result;
    const second = await readTable(pipeline);
    const subnets = (table: Table): Set<string> =>
      new Set([...table.values()].filter(({ type }) => type === subnetType).map(({ id }) => id));
    assert.ok(subnets(second).has(appears.id) && subnets(second).has(stays.id) && !subnets(second).has(vanishes.id));

    await readToEnd(pipeline, database);
    assertTable(database, second);

    // All of it again from the newest to the oldest, and what cannot be decoded.
    const unreadable = await writeAgain(pipeline);
    assert.deepEqual([...(await readTable(pipeline)).keys()].sort(), [...second.keys()].sort());
    const { stderr } = await readToEnd(pipeline, database);
    assert.equal(linesOf(stderr).filter((line) => line.startsWith('skipped ')).length, unreadable);
    assertTable(database, second);

    await eventually(
      'the changes to have passed all that is in the log',
      () => linesOf(watch.stderr).filter((line) => line.startsWith('skipped ')).length === unreadable,
    );
    watch.kill('SIGINT');
    const { stdout } = await watch.result;
    const printed = changesIn(stdout);
    assert.deepEqual(linesOfChanges(printed), linesOfChanges(changesBetween(first, second)));
    const ofSubnet = (id: string) => printed.filter((one) => one.type === subnetType && one.id === id);
    assert.deepEqual(
      ofSubnet(changes.id).map(({ properties }) => properties),
      [{ MapPublicIpOnLaunch: { from: false, to: true } }],
    );
    assert.deepEqual(
      ofSubnet(appears.id).map(({ change }) => change),
      ['appeared'],
    );
    assert.deepEqual(
      ofSubnet(vanishes.id).map(({ change }) => change),
      ['gone'],
    );
    assert.deepEqual(ofSubnet(stays.id), []);

    const history = await examples.startChanges(addressesOf(pipeline), '--from-beginning', '--exit-at-end').result;
    assert.equal(history.exitCode, 0, history.stderr);
    assert.deepEqual(rowsWithoutTag(applyChanges(changesIn(history.stdout))), rowsWithoutTag(second));
  },
);

test('an example that cannot go on says which option to look at', { timeout: 120_000 }, async () => {
  await using pipeline = await lab.open({ partitions: 1 });
  await pipeline.collect({ tag: 1_000, requestedSyncs: ['ec2:vpc'] });
  const nobody = '127.0.0.1:1';
  const wrong: [string, Partial<Addresses>][] = [
    ['--bootstrap-servers', { kafka: [nobody] }],
    ['--schema-registry-url', { registryUrl: `http://${nobody}` }],
    ['--topic-prefix', { topicPrefix: 'no-such-topics' }],
  ];
  for (const [option, addresses] of wrong) {
    const all = { ...addressesOf(pipeline), ...addresses };
    const database = path.join(folder.path, `${option}.db`);
    const results = await Promise.all([
      examples.startAssets(all, database, '--exit-at-end').result,
      examples.startChanges(all, '--exit-at-end').result,
    ]);
    for (const { exitCode, stderr } of results) {
      assert.ok(exitCode === 1 || exitCode === 2, stderr);
      assert.match(
        linesOf(stderr).findLast((line) => line.startsWith('error: '))!,
        new RegExp(`${option}\\b`),
      );
      assert.doesNotMatch(stderr, /Traceback|Exception in thread/);
    }
  }
});

test('every message of a run is as asyncapi.yaml says', async () => {
  await using pipeline = await lab.open({ partitions: 1 });
  await pipeline.collect({ tag: 1_000 });
  const check = readContract();
  const { topics } = pipeline;
  for (const channel of ['assets', 'hierarchy', 'markers'] as const) {
    const messages = await readLog(pipeline.log, topics[channel]);
    assert.ok(messages.length > 0, channel);
    assert.deepEqual(
      messages.flatMap((message) => check(channel, message)),
      [],
    );
  }
});

function addressesOf({ topicPrefix }: Pipeline): Addresses {
  return { kafka: lab.servers.kafka, registryUrl: lab.servers.registryUrl, topicPrefix };
}

async function readToEnd(pipeline: Pipeline, database: string): Promise<CommandResult> {
  const result = await examples.startAssets(addressesOf(pipeline), database, '--exit-at-end').result;
  assert.equal(result.exitCode, 0, result.stderr);
  return result;
}

/** What the law makes of the log. */
async function readTable({ log, registry, topics }: Pipeline): Promise<Table> {
  const { records, markers } = await readModel(log, registry, topics);
  return lawfulTable(records, markers);
}

function assertTable(database: string, expected: Table): void {
  assert.ok(expected.size > 100, String(expected.size));
  assert.deepEqual(rowsOf(readAssets(database)), rowsOf(expected));
}

async function makeSubnet(profile: string, number: number) {
  const ec2 = memberClient(lab.aws, EC2Client, region, profile);
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: `10.9${number}.0.0/24` }));
  const { Subnet } = await ec2.send(new CreateSubnetCommand({ VpcId: Vpc!.VpcId!, CidrBlock: `10.9${number}.0.0/24` }));
  const id = Subnet!.SubnetId!;
  return {
    id,
    remove: async () => void (await ec2.send(new DeleteSubnetCommand({ SubnetId: id }))),
    change: async () =>
      void (await ec2.send(new ModifySubnetAttributeCommand({ SubnetId: id, MapPublicIpOnLaunch: { Value: true } }))),
  };
}

/** Writes every message of the log again, the newest first, and behind them some that nobody can decode: how many. */
async function writeAgain({ log, topics, producer }: Pipeline): Promise<number> {
  const unreadable = [Buffer.from('no wire format'), Buffer.from([0, 0, 0, 0, 1]), Buffer.from([0, 0x7f, 0, 0, 0, 2])];
  let written = 0;
  for (const topic of [topics.assets, topics.hierarchy, topics.markers]) {
    const messages = await readLog(log, topic);
    for (const { key, value, headers } of messages.toReversed())
      await producer.write({ topic, key: String(key), value, headers });
    await producer.flush();
    for (let number = 0; number < 20; number++, written++) {
      const key = `${subnetType}|${lab.aws.summary.accountIds[0]}/${region}/ec2:subnet|unreadable-${number}`;
      const value = unreadable[number % unreadable.length]!;
      await producer.write({ topic, key, value, headers: { ce_type: subnetType } });
    }
    await producer.flush();
  }
  return written;
}
