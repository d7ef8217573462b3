import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CreateVpcCommand, DeleteVpcCommand, EC2Client, ImportKeyPairCommand } from '@aws-sdk/client-ec2';
import { readGraphTotals } from '../../../consumers/graph-totals.ts';
import { connectNeo4j } from '../../../consumers/graph/connect-neo4j.ts';
import type { Neo4jGraph } from '../../../consumers/graph/neo4j-graph.ts';
import { scanLog } from '../../../platform/kafka/read-log.ts';
import { startStack, type Stack } from '../../../stack/stack.ts';
import type { ModelGraph } from '../../model/law.ts';
import { setTopicConfig } from '../../support/change-topic.ts';
import { memberClient } from '../../support/member-client.ts';
import { type Derived, readDerived } from '../../support/read-derived.ts';
import { emptyGraph, type Lab, type Pipeline, startLab, until } from '../../support/pipeline.ts';
import { differences } from '../../support/read-graph.ts';
import { runCommand, startCommand } from '../../support/run-command.ts';
import { graphOptions, logOptions } from '../../support/server-options.ts';

const region = 'us-east-1';
let lab: Lab;
let ec2: EC2Client;
/** Has another graph than the live one. */
let second: Stack;
let other: Neo4jGraph;
let pipeline: Pipeline;
/** Enough for nodes that several record types make, edges between them, and derived values. */
const requestedSyncs = ['ec2:vpc', 'ec2:subnet', 'ec2:security_group', 'ec2:instance', 'ec2:keypair', 's3'];

before(async () => {
  [lab, second] = await Promise.all([
    startLab({ accounts: 2, instances: 3, regions: [region, 'eu-west-1'], seed: 9, scale: 0.3 }),
    startStack({ services: ['neo4j'] }),
  ]);
  const { uri, user, password } = second.neo4j[0]!;
  other = await connectNeo4j({ uri, user, password });
  ec2 = memberClient(lab.aws, EC2Client, region, 'acct-0');
  pipeline = await lab.open({ partitions: 2 });
  await pipeline.load();
});
after(async () => {
  await pipeline[Symbol.asyncDispose]();
  await other.close();
  await Promise.all([lab.close(), second.stop()]);
});

interface Target {
  graph?: string;
  uri?: string;
}

/** A command that reads the log into the second server's database. It finds no AWS. */
function commandLine(name: 'replay' | 'load', { graph = 'rebuilt', uri }: Target = {}) {
  const server = second.neo4j[0]!;
  return [
    [name, '--graph', `${pipeline.topicPrefix}${graph}`, '--json'],
    logOptions(lab.servers, pipeline.topicPrefix),
    graphOptions({ uri: uri ?? server.uri, user: server.user }),
  ].flat();
}

function environment(password = second.neo4j[0]!.password): Record<string, string | undefined> {
  const aws = Object.keys(lab.aws.environment).map((name) => [name, undefined]);
  return {
    ...(Object.fromEntries(aws) as Record<string, undefined>),
    AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
    GRAPH_PASSWORD: password,
  };
}

/** In the form of OpenSSH: https://www.rfc-editor.org/rfc/rfc8709#section-4 */
function publicKey(): Buffer {
  const type = 'ssh-ed25519';
  const parts = [Buffer.from(type), Buffer.alloc(32, 7)].flatMap((bytes) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return [length, bytes];
  });
  return Buffer.from(`${type} ${Buffer.concat(parts).toString('base64')}`);
}

/** A graph with all that the analysis has made of it. */
async function wholeGraphOf(graph: Neo4jGraph): Promise<{ graph: ModelGraph; derived: Derived }> {
  return { graph: await pipeline.graphOf(graph), derived: await readDerived(graph) };
}

async function assertEqual(expected: Awaited<ReturnType<typeof wholeGraphOf>>): Promise<void> {
  const found = await wholeGraphOf(other);
  assert.deepEqual(differences(expected.graph, found.graph), []);
  assert.deepEqual(found.derived, expected.derived);
}

interface Result {
  status: string;
  resumed: boolean;
  records: number;
  nodes: number;
  incompleteScopes: string[];
}

async function replay(options: readonly string[], target?: Target): Promise<Result> {
  const { exitCode, stdout, stderr } = await runCommand([...commandLine('replay', target), ...options], environment());
  const result = JSON.parse(stdout || '{}') as Result;
  assert.equal(exitCode, result.status === 'complete' ? 0 : 5, stderr);
  return result;
}

test('a graph that is rebuilt from the log alone equals the live one, at the end of the log and as of a run', async () => {
  await emptyGraph(other);
  // Two names of one key: what the analysis makes of them are properties and a relationship.
  for (const KeyName of ['one', 'other'])
    await ec2.send(new ImportKeyPairCommand({ KeyName, PublicKeyMaterial: publicKey() }));
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.79.0.0/24' }));
  await pipeline.runOnce({ tag: 1_000, requestedSyncs });
  const early = await wholeGraphOf(pipeline.graph);
  await ec2.send(new DeleteVpcCommand({ VpcId: Vpc!.VpcId! }));
  await ec2.send(new CreateVpcCommand({ CidrBlock: '10.80.0.0/24' }));
  await pipeline.runOnce({ tag: 2_000, requestedSyncs });
  const live = await wholeGraphOf(pipeline.graph);
  assert.ok(early.graph.nodes.has(`AWSVpc|${Vpc!.VpcId}`) && !live.graph.nodes.has(`AWSVpc|${Vpc!.VpcId}`));
  const { values, edges, synced } = live.derived;
  assert.ok(values.size > 0 && edges.length > 0 && synced.length > 0, 'there is something that the analysis has made');

  const asOfFirst = await replay(['--until', '1000'], { graph: 'early' });
  assert.deepEqual([asOfFirst.status, asOfFirst.resumed], ['complete', false]);
  await assertEqual(early);
  const load = await runCommand([...commandLine('load', { graph: 'early' }), '--until-caught-up'], environment());
  assert.equal(load.exitCode, 2);
  assert.match(load.stderr, /stops at run 1000/);

  await emptyGraph(other);
  const stopped = startCommand(commandLine('replay'), environment());
  const tooEarly = stopped.result.then(({ stderr }) => assert.fail(`it ended before it was stopped: ${stderr}`));
  const passed = async () =>
    (await other.query<{ passed: number }>('MATCH (f:_Fence) RETURN sum(f.offset) AS passed'))[0]!.passed;
  await Promise.race([tooEarly, until('the rebuild to begin', passed, (count) => count > 0)]);
  tooEarly.catch(() => undefined);
  stopped.kill('SIGINT');
  assert.equal((await stopped.result).exitCode, 130);
  const whole = await replay([]);
  assert.deepEqual([whole.status, whole.resumed, whole.incompleteScopes], ['complete', true, []]);
  assert.equal(whole.nodes, (await readGraphTotals(pipeline.graph)).nodes);
  await assertEqual(live);
  assert.deepEqual(differences(await pipeline.law(), await pipeline.graphOf(other)), []);

  // What a collector wrote that died waits in the live graph for a later run; a rebuild knows that none follows.
  const death = new AbortController();
  const died = await pipeline.collect({
    ...{ tag: 2_500, requestedSyncs, signal: death.signal },
    onProgress: ({ kind }) => {
      if (kind === 'scope-ended') death.abort();
    },
  });
  assert.equal(died.aborted, true);
  assert.equal((await replay([])).resumed, true);
  assert.deepEqual(differences(await pipeline.law(), await pipeline.graphOf(other)), []);
});

test('a rebuild is refused where it would harm: another database, another name, another end', async () => {
  const { uri, password } = lab.servers.neo4j;
  const cases: [string[], Record<string, string | undefined>, RegExp][] = [
    [commandLine('replay', { uri, graph: 'fresh' }), environment(password), /database is not empty/],
    [commandLine('replay', { graph: 'other' }), environment(), /holds a rebuild of the name/],
    [[...commandLine('replay'), '--until', '2000'], environment(), /a rebuild that follows the log: go on without/],
    [[...commandLine('replay'), '--until', '1500'], environment(), /no run with this tag .*: 1000, 2000/],
    [
      [...commandLine('load', { graph: 'other' }), '--until-caught-up'],
      environment(),
      /holds the graph .*rebuilt.*: load it with --graph/,
    ],
  ];
  const results = await Promise.all(cases.map(([argv, variables]) => runCommand(argv, variables)));
  for (const [index, { exitCode, stderr }] of results.entries()) {
    assert.match(stderr, cases[index]![2]);
    assert.equal(exitCode, 2);
  }
  await emptyGraph(other);
  const used: [string, RegExp][] = [
    ['', /1 loader of stage nodes run under this name/],
    ['rebuilt', /has read .* under this name for another database/],
  ];
  for (const [graph, message] of used) {
    const { exitCode, stderr } = await runCommand(commandLine('replay', { graph }), environment());
    assert.match(stderr, message);
    assert.equal(exitCode, 2);
  }
});

test('when Kafka has compacted the log, all of it is rebuilt the same, and an earlier run is known to be incomplete', async () => {
  const { assets } = pipeline.topics;
  const messages = async (): Promise<number> => {
    let count = 0;
    await scanLog(pipeline.log, assets, () => void count++);
    return count;
  };
  await setTopicConfig({ bootstrapServers: lab.servers.kafka }, assets, {
    'cleanup.policy': 'compact',
    'segment.ms': '100',
    'min.cleanable.dirty.ratio': '0.01',
  });
  await pipeline.runOnce({ tag: 3_000, requestedSyncs });
  const written = (await pipeline.admin.offsets(assets)).reduce((sum, { high }) => sum + Number(high), 0);
  // Of three runs at most the last is still in segments that Kafka writes to.
  await until('Kafka to compact the log', messages, (left) => left < written * 0.6);

  await emptyGraph(other);
  await replay([], { graph: 'compacted' });
  await assertEqual(await wholeGraphOf(pipeline.graph));

  await emptyGraph(other);
  const early = await replay(['--until', '1000'], { graph: 'early2' });
  assert.equal(early.status, 'partial');
  assert.ok(
    early.incompleteScopes.some((scope) => scope.endsWith(`/${region}/ec2:vpc`)),
    String(early.incompleteScopes),
  );
});
