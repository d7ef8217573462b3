import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { type BenchAws, startAws } from '../../../bench/aws/start-aws.ts';
import { readRunState } from '../../../consumers/run-state.ts';
import { readLetters } from '../../../consumers/dead-letters/letters.ts';
import type { LogMessage, LogProducer } from '../../../platform/kafka/log.ts';
import type { Sync } from '../../../producers/sync.ts';
import { avroType } from '../../../schemas/avro-type.ts';
import type { AvroRecord } from '../../../schemas/avro-schema.ts';
import { createEncoder, subjectOf } from '../../../schemas/codec.ts';
import { parseRecordSchema } from '../../../schemas/record-schema.ts';
import { assetScope, recordKey } from '../../../schemas/scope.ts';
import { startStack } from '../../../stack/stack.ts';
import { catalogue, openPipeline, type Pipeline, until } from '../../support/pipeline.ts';
import { differences, readGraph } from '../../support/read-graph.ts';
import { runDlq } from '../../support/run-dlq.ts';
import { type Servers, testServers } from '../../support/servers.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const region = 'us-east-1';
let aws: BenchAws;
let servers: Servers;
let account: string;
before(async () => {
  [aws, servers] = await Promise.all([startAws({ instances: 0, pageSize: 10, regions: [region] }), testServers()]);
  Object.assign(process.env, aws.environment);
  account = aws.accounts[0]!;
});
after(() => Promise.all([aws.stop(), servers.release()]));

const name = 'cartography.aws.lighthouse.Beacon';
const avro = {
  type: 'record',
  name: 'Beacon',
  namespace: 'cartography.aws.lighthouse',
  doc: 'A kind of asset that no schema of this checkout describes.',
  graph: {
    sync: 'lighthouse',
    label: 'AWSLighthouseBeacon',
    id: 'Arn',
    owner: null,
    relationships: [{ type: 'RELAYS', direction: 'in', label: 'AWSLighthouseBeacon', match: { id: 'Source' } }],
  },
  fields: [
    { name: 'accountId', type: 'string' },
    { name: 'region', type: 'string', graph: { properties: ['region'] } },
    { name: 'updateTag', type: 'long' },
    { name: 'Arn', type: 'string' },
    { name: 'Name', type: 'string', graph: { properties: ['name'], index: true } },
    { name: 'Source', type: ['null', 'string'], default: null, graph: { properties: [] } },
    { name: 'Policy', type: ['null', 'string'], default: null, graph: { properties: ['policy'] } },
  ],
} as unknown as AvroRecord;
const schema = parseRecordSchema(avro);
const scope = (): string => assetScope(account, region, 'lighthouse');
const keyOf = (arn: string): string => recordKey(name, scope(), arn);

interface Beacon {
  Arn: string;
  Name: string;
  Source: string | null;
  Policy: string | null;
}

/** Five that relay one another, with what a test changes of some. */
function beacons(changes: Record<string, Partial<Beacon>> = {}): Beacon[] {
  return ['a', 'b', 'c', 'd', 'e'].map((Arn, index, all) => {
    return { Arn, Name: `beacon ${Arn}`, Source: all[index - 1] ?? null, Policy: null, ...changes[Arn] };
  });
}

function open(kafka = {}): Promise<Pipeline> {
  return openPipeline(servers, [region], { partitions: 2, kafka });
}

interface Changes {
  /** Passes on a message as it should be sent. */
  message?: (message: LogMessage) => LogMessage;
  /** The schema to write with. */
  writer?: AvroRecord;
}

/** Collects these beacons. */
async function run(
  pipeline: Pipeline,
  tag: number,
  all: readonly Beacon[],
  { message: change = (message) => message, writer = avro }: Changes = {},
): Promise<Awaited<ReturnType<Pipeline['collect']>>> {
  const known = {
    get: (one: string) => (one === name ? schema : catalogue.get(one)),
    avro: (one: string) => (one === name ? writer : catalogue.avro(one)),
  };
  const lighthouse: Sync = {
    id: 'lighthouse',
    scope: 'regional',
    records: [name],
    actions: [],
    async *collect() {
      for (const value of all) yield { type: name, value: { ...value } };
    },
  };
  const { producer } = pipeline;
  const changing: LogProducer = {
    write: (message, onAcknowledged) => producer.write(change(message), onAcknowledged),
    flush: () => producer.flush(),
    close: () => producer.close(),
  };
  const encoder = createEncoder(pipeline.registry, known);
  const options = { syncs: [lighthouse], catalogue: known, encoder, producer: changing };
  return pipeline.runOnce({ tag, ...options, organizationAccountIds: [] });
}

async function ids(pipeline: Pipeline, tag?: number): Promise<string[]> {
  const rows = await pipeline.graph.query<{ id: string }>(
    'MATCH (n:AWSLighthouseBeacon) WHERE $tag IS NULL OR n.lastupdated = $tag RETURN n.id AS id ORDER BY id',
    { tag: tag ?? null },
  );
  return rows.map(({ id }) => id);
}

async function incompleteScopes(pipeline: Pipeline, tag: number): Promise<string[]> {
  await pipeline.untilCaughtUp();
  return (await readRunState(pipeline.graph, tag, () => 0n)).incompleteScopes;
}

/** `dlq`, as an operator uses it. */
function dlq(pipeline: Pipeline, ...argv: string[]): Promise<unknown> {
  return runDlq(servers, pipeline.topicPrefix, ...argv);
}

/** What the open letters hold, by key; a rebalance may have one dead-lettered twice. */
async function letterValues(pipeline: Pipeline): Promise<Map<string, Buffer | null>> {
  const letters = await readLetters(pipeline.log, pipeline.topics);
  return new Map(letters.map(({ key, value }) => [key, value]));
}

/** What is redriven comes back as it was, and changes nothing else. */
async function assertComesBack(pipeline: Pipeline): Promise<void> {
  const before = await letterValues(pipeline);
  await dlq(pipeline, 'redrive', '--all');
  const isBack = ({ size }: typeof before): boolean => size === before.size;
  assert.deepEqual(await until('the letters to come back', () => letterValues(pipeline), isBack), before);
}

/** Redrives everything; the run's scope is cleaned then, and nothing is left. */
async function assertRedriveMends(pipeline: Pipeline, tag: number): Promise<void> {
  await dlq(pipeline, 'redrive', '--all');
  await untilClean(pipeline, tag);
  assert.deepEqual(await letterValues(pipeline), new Map());
  await assertWhole(pipeline);
}

/** Where the bytes are what is wrong, as in run 2000: a new run mends the graph, and the letters can be dropped. */
async function assertRunMends(pipeline: Pipeline, changes?: Changes): Promise<void> {
  await assertComesBack(pipeline);
  assert.deepEqual(await incompleteScopes(pipeline, 2_000), [scope()]);
  await run(pipeline, 3_000, beacons(), changes);
  await untilClean(pipeline, 2_000);
  assert.deepEqual(await ids(pipeline), await ids(pipeline, 3_000));
  await dlq(pipeline, 'drop', '--all');
  assert.deepEqual(await letterValues(pipeline), new Map());
  await assertWhole(pipeline);
}

async function untilClean(pipeline: Pipeline, tag: number): Promise<void> {
  await until(
    `the scopes of run ${tag} to be cleaned`,
    () => readRunState(pipeline.graph, tag, () => 0n),
    (state) => state.incompleteScopes.length === 0,
  );
  await pipeline.untilCaughtUp();
}

async function assertWhole(pipeline: Pipeline): Promise<void> {
  const found = await readGraph(pipeline.graph, new Set([schema.label]));
  assert.deepEqual(differences(await pipeline.law(), found), []);
}

test('text that is too long for its index is poison; the records around it land and nothing of its scope is cleaned', async () => {
  await using pipeline = await open();
  await pipeline.load();
  await run(pipeline, 1_000, [...beacons(), { Arn: 'gone', Name: 'gone', Source: null, Policy: null }]);
  const long = 'x'.repeat(9_000);

  await run(pipeline, 2_000, beacons({ c: { Name: long } }));

  assert.deepEqual(await incompleteScopes(pipeline, 2_000), [scope()]);
  assert.deepEqual(await ids(pipeline, 2_000), ['a', 'b', 'd', 'e']);
  assert.deepEqual(await ids(pipeline), ['a', 'b', 'c', 'd', 'e', 'gone']);
  const [letter, ...others] = await readLetters(pipeline.log, pipeline.topics);
  assert.deepEqual(others, []);
  assert.equal(letter!.key, keyOf('c'));
  assert.equal(letter!.scope, scope());
  assert.ok(letter!.value!.includes(long));
  assert.match(letter!.reason, /index/i);

  await assertComesBack(pipeline);
  // The cause is mended where it is: the name is shorter. What is redriven has been overtaken.
  await run(pipeline, 3_000, beacons());
  await assertRedriveMends(pipeline, 2_000);
  assert.deepEqual(await ids(pipeline), ['a', 'b', 'c', 'd', 'e']);
  assert.deepEqual(await ids(pipeline, 3_000), ['a', 'b', 'c', 'd', 'e']);
});

test('text that is too long for an index of somebody else lands once that index is gone', async () => {
  await using pipeline = await open();
  const { graph } = pipeline;
  await pipeline.load();
  await run(pipeline, 1_000, [...beacons(), { Arn: 'gone', Name: 'gone', Source: null, Policy: null }]);
  await graph.query('CREATE INDEX theirs FOR (n:AWSLighthouseBeacon) ON (n.policy)');
  try {
    await run(pipeline, 2_000, beacons({ c: { Policy: 'x'.repeat(9_000) } }));
    assert.deepEqual(await incompleteScopes(pipeline, 2_000), [scope()]);
    assert.deepEqual(await ids(pipeline, 2_000), ['a', 'b', 'd', 'e']);
    assert.deepEqual([...(await letterValues(pipeline)).keys()], [keyOf('c')]);
    await assertComesBack(pipeline);
    assert.deepEqual(await ids(pipeline, 1_000), ['c', 'gone']);
  } finally {
    await graph.query('DROP INDEX theirs');
  }
  await assertRedriveMends(pipeline, 2_000);
  assert.deepEqual(await ids(pipeline), ['a', 'b', 'c', 'd', 'e']);
});

test('a record that is too large for a transaction lands once the limit is raised', async () => {
  await using folder = await tempFolder();
  const start = (settings: Record<string, string>, port?: number) =>
    startStack({
      services: ['neo4j'],
      dataDir: folder.path,
      neo4jSettings: settings,
      ...(port === undefined ? {} : { ports: { neo4j: [port] } }),
    });
  let stack = await start({ 'db.memory.transaction.max': '8m' });
  try {
    const { uri, user, password, port } = stack.neo4j[0]!;
    const own = { ...servers, neo4j: { uri, user, password } };
    await using pipeline = await openPipeline(own, [region], {
      partitions: 2,
      kafka: { maxMessageBytes: 12 * 2 ** 20 },
    });
    await pipeline.load();
    await run(pipeline, 1_000, [...beacons(), { Arn: 'gone', Name: 'gone', Source: null, Policy: null }]);

    const policy = randomBytes(5 * 2 ** 20).toString('hex');
    await run(pipeline, 2_000, beacons({ c: { Policy: policy } }));
    assert.deepEqual(await incompleteScopes(pipeline, 2_000), [scope()]);
    assert.deepEqual(await ids(pipeline, 2_000), ['a', 'b', 'd', 'e']);
    const [letter] = await readLetters(pipeline.log, pipeline.topics);
    assert.ok(letter!.key === keyOf('c') && letter!.value!.includes(policy));
    assert.match(letter!.reason, /db\.memory\.transaction\.max/);

    await stack.stop();
    stack = await start({}, port);
    await assertRedriveMends(pipeline, 2_000);
    assert.deepEqual(await ids(pipeline), ['a', 'b', 'c', 'd', 'e']);
  } finally {
    await stack.stop();
  }
});

const injections: Record<string, object> = {
  'a label': { label: 'AWSLighthouseBeacon`) DETACH DELETE (n) //' },
  'a further label': { labels: ['X` SET n.owned = true //'] },
  'a relationship type': {
    relationships: [
      { type: 'R]->(o) DETACH DELETE o //', direction: 'out', label: 'AWSLighthouseBeacon', match: { id: 'Source' } },
    ],
  },
  'a matched property': {
    relationships: [
      {
        type: 'RELAYS',
        direction: 'out',
        label: 'AWSLighthouseBeacon',
        match: { 'id` IS NOT NULL OR true //': 'Source' },
      },
    ],
  },
};

test('schemas of the registry whose graph attribute holds Cypher are poison; nothing of it reaches the graph', async () => {
  await using pipeline = await open();
  const { topics, registry, producer, graph } = pipeline;
  await pipeline.load();
  await run(pipeline, 1_000, beacons());
  const bad: LogMessage[] = [];
  for (const [index, change] of Object.values(injections).entries()) {
    const type = `Beacon${index}`;
    const evil = { ...avro, name: type, graph: { ...(avro as { graph?: object }).graph, ...change } } as AvroRecord;
    const id = await registry.register(subjectOf(topics.assets, `cartography.aws.lighthouse.${type}`), evil);
    const value = { ...beacons()[index], accountId: account, region, updateTag: 2_000 };
    bad.push({ topic: topics.assets, key: `evil ${index}`, value: onTheWire(id, avroType(evil).toBuffer(value)) });
  }
  const hidden = { ...avro, name: 'Beacon9' } as { fields: object[] } & AvroRecord;
  hidden.fields = hidden.fields.map((field) =>
    (field as { name: string }).name === 'Policy'
      ? { ...field, graph: { properties: ['p` = 1 DETACH DELETE n //'], index: true } }
      : field,
  ) as never;
  const id = await registry.register(subjectOf(topics.assets, 'cartography.aws.lighthouse.Beacon9'), hidden);
  const value = { ...beacons()[0], accountId: account, region, updateTag: 2_000 };
  bad.push({ topic: topics.assets, key: 'evil property', value: onTheWire(id, avroType(hidden).toBuffer(value)) });
  for (const message of bad) await producer.write(message);
  // A loader that starts now reads all subjects of the registry.
  await pipeline.load();

  await run(pipeline, 2_000, beacons());

  assert.deepEqual(await incompleteScopes(pipeline, 2_000), []);
  await assertWhole(pipeline);
  assert.deepEqual(await ids(pipeline, 2_000), ['a', 'b', 'c', 'd', 'e']);
  const letters = await readLetters(pipeline.log, topics);
  // A rebalance may have one dead-lettered twice.
  assert.deepEqual(
    new Map(letters.map(({ key, value }) => [key, value])),
    new Map(bad.map(({ key, value }) => [key, value])),
  );
  for (const { reason } of letters) assert.match(reason, /Beacon\d.*(name|letters|label|type|propert)/i);
  const owned = await graph.query('MATCH (n) WHERE n.owned IS NOT NULL RETURN n');
  assert.deepEqual(owned, []);

  // The schema is as bad as it was.
  await assertComesBack(pipeline);
  await assertWhole(pipeline);
});

test('a scope whose schema has come to hold Cypher is not cleaned until a run has used one that does not', async () => {
  await using pipeline = await open();
  const { topics, registry } = pipeline;
  const subject = subjectOf(topics.assets, name);
  const before = await pipeline.load();
  await run(pipeline, 1_000, [...beacons(), { Arn: 'gone', Name: 'gone', Source: null, Policy: null }]);
  await before.close();
  const evil = { ...avro, graph: { ...(avro as { graph?: object }).graph, ...injections['a label'] } } as AvroRecord;
  await registry.register(subject, evil);
  // It has not seen the schema as it was.
  const during = await pipeline.load();

  await run(pipeline, 2_000, beacons(), { writer: evil });

  assert.deepEqual(await incompleteScopes(pipeline, 2_000), [scope()]);
  assert.deepEqual(await ids(pipeline, 1_000), ['a', 'b', 'c', 'd', 'e', 'gone']);
  assert.deepEqual([...(await letterValues(pipeline)).keys()].sort(), ['a', 'b', 'c', 'd', 'e'].map(keyOf));
  await assertComesBack(pipeline);
  assert.deepEqual(await ids(pipeline, 1_000), ['a', 'b', 'c', 'd', 'e', 'gone']);

  await during.close();
  const mended = { ...avro, doc: 'As it was.' } as AvroRecord;
  await registry.register(subject, mended);
  await pipeline.load();
  await assertRunMends(pipeline, { writer: mended });
});

test('bytes of another schema under the right id are poison', async () => {
  await using pipeline = await open();
  await pipeline.load();
  await run(pipeline, 1_000, beacons());
  const other = {
    ...avro,
    fields: (avro as unknown as { fields: { name: string; type: unknown }[] }).fields.map((field) =>
      field.name === 'Name' ? { ...field, type: { type: 'array', items: 'long' } } : field,
    ),
  } as unknown as AvroRecord;

  const sent: LogMessage[] = [];
  const tamper = (message: LogMessage): LogMessage => {
    if (message.key !== keyOf('e')) return message;
    const value = { ...beacons().at(-1), accountId: account, region, updateTag: 2_000, Name: [1, 2, 300_000] };
    const id = message.value!.readUInt32BE(1);
    sent.push({ ...message, value: onTheWire(id, avroType(other).toBuffer(value)) });
    return sent[0]!;
  };
  await run(pipeline, 2_000, beacons({ e: { Name: 'changed' } }), { message: tamper });

  assert.deepEqual(await incompleteScopes(pipeline, 2_000), [scope()]);
  assert.deepEqual(await ids(pipeline, 2_000), ['a', 'b', 'c', 'd']);
  const letters = await readLetters(pipeline.log, pipeline.topics);
  assert.deepEqual(
    letters.map(({ key, value }) => [key, value]),
    sent.map(({ key, value }) => [key, value]),
  );
  assert.match(letters[0]!.reason, /Beacon/);
  await assertRunMends(pipeline);
});

test('a policy of 10 MB lands; a spoilt one is kept whole in the dead-letter topic', async () => {
  await using pipeline = await open({ maxMessageBytes: 12 * 2 ** 20 });
  await pipeline.load();
  // Half as many bytes as digits: it does not shrink to nothing on its way.
  const policy = randomBytes(5 * 2 ** 20).toString('hex');
  await run(pipeline, 1_000, beacons({ b: { Policy: policy } }));
  const [row] = await pipeline.graph.query<{ size: number }>(
    "MATCH (n:AWSLighthouseBeacon {id: 'b'}) RETURN size(n.policy) AS size",
  );
  assert.equal(row!.size, policy.length);

  let spoilt: Buffer | undefined;
  const spoil = (message: LogMessage): LogMessage => {
    if (message.key !== keyOf('b')) return message;
    spoilt = message.value!.subarray(0, -10);
    return { ...message, value: spoilt };
  };
  await run(pipeline, 2_000, beacons({ b: { Policy: policy } }), { message: spoil });

  assert.deepEqual(await incompleteScopes(pipeline, 2_000), [scope()]);
  assert.deepEqual(await ids(pipeline, 2_000), ['a', 'c', 'd', 'e']);
  const [letter] = await readLetters(pipeline.log, pipeline.topics);
  assert.ok(letter!.value!.equals(spoilt!));
  await assertRunMends(pipeline);
});

test('a policy that is larger than a message may be is withheld: its node stays, and the others are cleaned', async () => {
  await using pipeline = await open({ maxMessageBytes: 100_000 });
  await pipeline.load();
  await run(pipeline, 1_000, [...beacons(), { Arn: 'gone', Name: 'gone', Source: null, Policy: null }]);

  const summary = await run(pipeline, 2_000, beacons({ b: { Policy: 'x'.repeat(200_000) } }));

  const [withheld] = summary.accounts[0]!.notable;
  assert.match(withheld!.reason!, /100000 are allowed/);
  await pipeline.untilCaughtUp();
  assert.deepEqual(await ids(pipeline), ['a', 'b', 'c', 'd', 'e']);
  assert.deepEqual(await ids(pipeline, 1_000), ['b']);
  assert.deepEqual(await pipeline.deadLetters(), []);
  await assertWhole(pipeline);
});

/** Confluent's wire format. */
function onTheWire(schemaId: number, body: Buffer): Buffer {
  const header = Buffer.alloc(5);
  header.writeUInt32BE(schemaId, 1);
  return Buffer.concat([header, body]);
}
