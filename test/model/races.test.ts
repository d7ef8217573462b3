/** What the simulation found, or meets too seldom, as the one order of events that shows it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pino } from 'pino';
import { Cleaner } from '../../consumers/cleanup/cleaner.ts';
import type { Gate } from '../../consumers/runner/gate.ts';
import type { GraphTransaction, StoredMarker } from '../../consumers/graph/graph.ts';
import { DeadLetters } from '../../consumers/dead-letters/dead-letters.ts';
import { LogBounds } from '../../consumers/runner/log-bounds.ts';
import { StageRunner } from '../../consumers/runner/stage-runner.ts';
import { linksStage } from '../../consumers/stages/links-stage.ts';
import { nodesStage } from '../../consumers/stages/nodes-stage.ts';
import { type FollowUp, type Item, itemOf, type Stage } from '../../consumers/stages/stage.ts';
import type { LogAdmin, LogBatch, LogConsumer, LogProducer } from '../../platform/kafka/log.ts';
import { avroType } from '../../schemas/avro-type.ts';
import { createDecoder } from '../../schemas/codec.ts';
import { MemoryRegistry } from '../support/memory-registry.ts';
import { connectStore as connect } from './memory-graph/connect-store.ts';
import type { Client, MemoryGraph } from './memory-graph/memory-graph.ts';
import { replaceMethods } from './memory-graph/replace-methods.ts';
import { failure, Store } from './memory-graph/store.ts';
import { createModelEncoder, topics } from './play.ts';
import { universe } from './universe.ts';

const logger = pino({ level: 'silent' });
const account = '111111111111';
const openGate = { open: async (_topic, _partition, items) => items.length } as Pick<Gate, 'open'> as Gate;
const schemaOf = (name: string) => universe.find((schema) => schema.name === `cartography.law.${name}`)!;
const lookup = async (name: string) => universe.find((schema) => schema.name === name);

test('a node that comes while a record that refers to it is linked is found by the second look', async () => {
  const store = new Store();
  const graph = connect(store);
  const [nodes, links] = [nodesStage(graph), linksStage('links', graph, openGate, lookup)];
  const [host, owner] = [item('Host', { Id: 'x' }), item('Account', { Id: account })];
  await graph.transact((tx) => nodes.apply(tx, [host]));

  const followUp = await graph.transact(async (tx) => {
    const followUp = await links.apply(tx, [host]);
    await graph.transact((other) => nodes.apply(other, [owner]));
    await graph.transact((other) => links.apply(other, [owner]));
    return followUp;
  });
  assert.deepEqual([...store.rows.edge.keys()], []);
  await graph.transact((tx) => (followUp as FollowUp)(tx));

  assert.deepEqual([...store.rows.edge.keys()], [`LawAccount|${account} -RESOURCE-> LawHost|x`]);
});

test('a reference that a resumed run with the same tag no longer makes is not met later', async () => {
  const store = new Store();
  const graph = connect(store);
  const [nodes, links] = [nodesStage(graph), linksStage('cross-links', graph, openGate, lookup)];
  const log = [{ Id: 'x', Peers: ['a'] }, { Id: 'x' }, { Id: 'a' }].map((fields) => item('Host', fields));

  for (const one of log) {
    await graph.transact((tx) => nodes.apply(tx, [one]));
    await graph.transact((tx) => links.apply(tx, [one]));
  }

  assert.deepEqual([...store.rows.edge.keys()], []);
});

test(
  'a zombie that links an older record of the same tag between the two transactions of a newer one is undone',
  { timeout: 20_000 },
  async () => {
    const store = new Store();
    const [older, newer] = [
      { Id: 'x', Peers: ['a'] },
      { Id: 'x', Peers: ['b'] },
    ].map((fields) => item('Host', fields));
    const setUp = connect(store);
    await setUp.transact((tx) => nodesStage(setUp).apply(tx, [older!, newer!]));
    const log = [older!, newer!];
    const held = holdBefore('lockFences', 3);
    const owner = await startRunner(store, held.client, (graph) => linksStage('cross-links', graph, openGate, lookup));
    const zombieHeld = holdBefore('lockFences', 3);
    const zombie = await startRunner(store, zombieHeld.client, (graph) =>
      linksStage('cross-links', graph, openGate, lookup),
    );

    const owned = owner(log);
    await held.reached;
    void zombie(log.slice(0, 1));
    await zombieHeld.reached;
    held.release();
    await owned;

    assert.deepEqual(
      [...store.rows.reference.values()].flatMap(({ values }) => values),
      ['b'],
    );
  },
);

test('a record that the graph refused hides no older one with its key in the same chunk', async () => {
  const store = new Store();
  const graph = connect(store);
  const [nodes, links] = [nodesStage(graph), linksStage('cross-links', graph, openGate, lookup)];
  const [older, other] = [item('Host', { Id: 'x', Peers: ['a'] }), item('Host', { Id: 'a' })];
  const refused = item('Host', { Id: 'x', Peers: ['b'], updateTag: 2 });
  await graph.transact((tx) => nodes.apply(tx, [older, other]));

  await graph.transact((tx) => links.apply(tx, [older, other, refused]));

  assert.equal(store.rows.edge.size, 1);
});

test('a partition that is begun while a scope is cleaned brings no dead record back', async () => {
  const store = new Store();
  const marker: StoredMarker = {
    key: 'scope|1',
    kind: 'scope',
    subject: `${account}/r1/host`,
    tag: 2n,
    state: 'waiting',
    value: { recordTypes: [{ name: 'cartography.law.Host', records: 0, complete: true }], offsets: [] },
  };
  await connect(store).transact((tx) => tx.storeMarkers([marker]));
  const raised = holdAfter('raiseWatermarks');
  const made = holdAfter('upsert');
  const run = await startRunner(store, made.client, nodesStage);

  const cleaning = cleanerOf(connect(store, raised.client)).round();
  await raised.reached;
  const applied = run([item('Host', { Id: 'x', updateTag: 1 })]);
  await Promise.race([made.reached, turns(100)]);
  raised.release();
  await cleaning;
  made.release();
  await applied;

  assert.deepEqual([...store.rows.node.keys()], []);
});

test('a fetch that is older than the fence does not look like another topic', async () => {
  const store = new Store();
  const log = [item('Host', { Id: 'x' }), item('Host', { Id: 'y' })];
  const ahead = await startRunner(store, {}, nodesStage);
  await ahead(log);

  const behind = await startRunner(store, {}, nodesStage);
  await behind(log.slice(0, 1));

  assert.deepEqual(
    [...store.rows.fence.values()].map(({ offset }) => offset),
    [2n],
  );
});

test('a later marker that was acted on first does not make an older one incomplete', async () => {
  const store = new Store();
  const graph = connect(store);
  const marker = (tag: bigint, records: number, complete: boolean): StoredMarker => ({
    key: `scope|${tag}`,
    kind: 'scope',
    subject: `${account}/r1/disk`,
    tag,
    state: 'waiting',
    value: {
      recordTypes: [
        { name: 'cartography.law.Disk', records, complete: true },
        { name: 'cartography.law.HostStub', records: 0, complete },
      ],
      offsets: [],
    },
  });
  const log = [item('Disk', { Id: 'x', DiskKind: 'k', updateTag: 2 }), item('HostStub', { Id: 'h', updateTag: 1 })];
  await graph.transact((tx) => nodesStage(graph).apply(tx, log));

  for (const one of [marker(3n, 0, false), marker(2n, 1, true)]) {
    await graph.transact((tx) => tx.storeMarkers([one]));
    assert.equal((await cleanerOf(graph).round()).incomplete, 0);
  }

  assert.deepEqual([...store.rows.node.keys()], []);
});

test('a cleanup that uses up the memory goes on with smaller transactions', async () => {
  const store = new Store();
  const setUp = connect(store);
  const log = ['x', 'y', 'z'].map((Id) => item('Host', { Id }));
  await setUp.transact((tx) => nodesStage(setUp).apply(tx, log));
  const watermark: StoredMarker = {
    key: 'scope|2',
    kind: 'scope',
    subject: `${account}/r1/host`,
    tag: 2n,
    state: 'waiting',
    value: { recordTypes: [{ name: 'cartography.law.Host', records: 0, complete: true }], offsets: [] },
  };
  await setUp.transact((tx) => tx.storeMarkers([watermark]));
  const small = connect(store, {
    wrap: (tx) =>
      replaceMethods(tx, {
        vacate: async (schema, records, siblings) => {
          if (records.length > 1) throw failure('Neo.TransientError.General.MemoryPoolOutOfMemoryError');
          return tx.vacate(schema, records, siblings);
        },
      }),
  });

  assert.equal((await cleanerOf(small).round()).deletedNodes, 3);
});

function cleanerOf(graph: MemoryGraph): Cleaner {
  return new Cleaner({ graph, lookup, called: async () => undefined, low: () => 0n, logger });
}

/** Hands a stage the whole of a partition, from its first offset on, as one fetch. */
async function startRunner(
  store: Store,
  client: Partial<Client>,
  makeStage: (graph: MemoryGraph) => Stage,
): Promise<(log: readonly Item[]) => Promise<void>> {
  const graph = connect(store, client);
  const registry = new MemoryRegistry();
  const encoder = await createModelEncoder(registry);
  const admin: LogAdmin = {
    ensureTopics: async () => [],
    offsets: async () => [{ partition: 0, low: 0n, high: 2n }],
    memberCount: async () => 0,
    hasCommitted: async () => false,
    topicIds: async () => new Map(),
    messageAt: async () => undefined,
    close: async () => undefined,
  };
  let handle: ((batch: LogBatch) => Promise<void>) | undefined;
  const consumer: LogConsumer = {
    failed: new Promise(() => undefined),
    start: async (given) => void (handle = given),
    close: async () => undefined,
  };
  const runner = new StageRunner({
    stage: makeStage(graph),
    consumer,
    graph,
    decoder: createDecoder(registry),
    deadLetters: new DeadLetters({} as LogProducer, (topic) => topics.deadLetters(topic)),
    bounds: new LogBounds(admin, [topics.assets]),
    logger,
  });
  let failed: Error | undefined;
  runner.failed.catch((error: Error) => (failed = error));
  await runner.start();
  return async (log) => {
    const values = await Promise.all(
      log.map(async ({ decoded }) => encoder.encode(topics.assets, decoded.name, decoded.value)),
    );
    const handled = handle!({
      topic: topics.assets,
      partition: 0,
      fetchedOffset: 0n,
      nextOffset: BigInt(log.length),
      highWatermark: BigInt(log.length),
      messages: values.map((value, i) => ({ offset: BigInt(i), timestamp: 0, key: null, value, headers: {} })),
      heartbeat: async () => undefined,
      seek: () => undefined,
      commit: async () => undefined,
      isActive: () => true,
    });
    await handled;
    await turns(1);
    if (failed !== undefined) throw failed;
  };
}

function item(name: string, fields: Record<string, unknown>): Item {
  const schema = schemaOf(name);
  const common: Record<string, unknown> = { accountId: account, region: 'r1', updateTag: 1, ...fields };
  const value = Object.fromEntries(
    schema.avro.fields.map(({ name, type }) => [
      name,
      common[name] ?? (JSON.stringify(type).includes('array') ? [] : null),
    ]),
  );
  const message = Buffer.concat([Buffer.alloc(5), avroType(schema.avro).toBuffer(value)]);
  return itemOf(0n, { schemaId: 0, name: schema.name, schema, value }, message);
}

interface Hold {
  client: Pick<Client, 'wrap'>;
  /** Resolves when the client has come there and waits. */
  reached: Promise<void>;
  release(): void;
}

function holdAfter(method: keyof GraphTransaction): Hold {
  return hold(async (held, run) => {
    const result = await run();
    await held();
    return result;
  }, method);
}

/** Before the n-th call. */
function holdBefore(method: keyof GraphTransaction, nth: number): Hold {
  let calls = 0;
  return hold(async (held, run) => {
    if (++calls === nth) await held();
    return run();
  }, method);
}

function hold(
  around: (held: () => Promise<void>, run: () => Promise<unknown>) => Promise<unknown>,
  method: keyof GraphTransaction,
): Hold {
  const [reached, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const held = (): Promise<void> => {
    reached.resolve();
    return released.promise;
  };
  return {
    client: {
      wrap: (tx) => {
        const original = tx[method].bind(tx) as (...parameters: unknown[]) => Promise<unknown>;
        return replaceMethods(tx, {
          [method]: (...parameters: unknown[]) => around(held, () => original(...parameters)),
        });
      },
    },
    reached: reached.promise,
    release: () => released.resolve(),
  };
}

async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
}
