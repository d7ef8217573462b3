import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { Neo4jGraph } from '../../../consumers/graph/neo4j-graph.ts';
import { nodesStage } from '../../../consumers/stages/nodes-stage.ts';
import { itemOf } from '../../../consumers/stages/stage.ts';
import type { AvroRecord } from '../../../schemas/avro-schema.ts';
import { createDecoder, createEncoder } from '../../../schemas/codec.ts';
import type { GraphAttribute } from '../../../schemas/graph-attribute.ts';
import { topicsOf } from '../../../platform/topics.ts';
import { MemoryRegistry } from '../../support/memory-registry.ts';
import { sharedGraph } from '../../support/servers.ts';

const type = 'cartography.test.Parameter';
const topic = topicsOf().assets;

function parameter(graph: Partial<GraphAttribute>): AvroRecord {
  return {
    type: 'record',
    name: 'Parameter',
    namespace: 'cartography.test',
    graph: { sync: 'test', label: 'TestParameter', id: 'Name', ...graph },
    fields: [
      { name: 'accountId', type: 'string' },
      { name: 'region', type: 'string', graph: { properties: ['region'] } },
      { name: 'updateTag', type: 'long' },
      { name: 'Name', type: 'string', graph: { properties: ['name'] } },
      { name: 'Type', type: ['null', 'string'], default: null, graph: { properties: ['type'] } },
    ],
  };
}

let graph: Neo4jGraph;
let close: () => Promise<void>;
before(async () => {
  ({ graph, close } = await sharedGraph());
});
after(() => close());
beforeEach(() => graph.query('MATCH (n) DETACH DELETE n'));

/** One loader and one registry for a test; `write` loads a record of the schema and gives the node. */
function loader() {
  const registry = new MemoryRegistry();
  const decoder = createDecoder(registry);
  const stage = nodesStage(graph);
  let offset = 0n;
  const write = async (avro: AvroRecord, value: { Type: string | null; updateTag: number; region?: string }) => {
    const encoder = createEncoder(registry, { avro: () => avro });
    const message = await encoder.encode(topic, type, { accountId: '1', region: 'r1', Name: 'p', ...value });
    const items = [itemOf(offset++, await decoder.decode(message), message)];
    await stage.prepare(items);
    await graph.transact((tx) => stage.apply(tx, items));
    const [node] = await graph.query<{ labels: string[]; props: Record<string, unknown> }>(
      'MATCH (n:TestParameter) RETURN labels(n) AS labels, properties(n) AS props',
    );
    return { labels: node!.labels.toSorted(), props: node!.props };
  };
  return { write };
}

test('a label comes and goes with the value that it hangs on, whichever scope’s record the node shows', async () => {
  const { write } = loader();
  const avro = parameter({ labels: ['Parameter', { label: 'Secret', when: { Type: 'SecureString' } }] });
  const plain = ['Parameter', 'TestParameter'];
  const secret = ['Parameter', 'Secret', 'TestParameter'];

  assert.deepEqual((await write(avro, { Type: 'String', updateTag: 1 })).labels, plain);
  assert.deepEqual((await write(avro, { Type: 'SecureString', updateTag: 2 })).labels, secret);
  assert.deepEqual((await write(avro, { Type: 'SecureString', updateTag: 3 })).labels, secret);
  assert.deepEqual((await write(avro, { Type: null, updateTag: 4 })).labels, plain);
  // Another scope tells of the same node: the newest is shown.
  assert.deepEqual((await write(avro, { Type: 'SecureString', updateTag: 5, region: 'r2' })).labels, secret);
  assert.deepEqual((await write(avro, { Type: 'String', updateTag: 6 })).labels, plain);
});

test('another graph attribute changes the node of a record that has not changed', async () => {
  const { write } = loader();
  const bare = parameter({});
  const mapped = parameter({
    labels: [{ label: 'Secret', when: { Type: 'SecureString' } }],
    ontology: { source: { value: 'aws' }, name: 'Name', kind: { field: 'Type', map: { SecureString: 'secret' } } },
  });

  await write(bare, { Type: 'SecureString', updateTag: 1 });
  const { labels, props } = await write(mapped, { Type: 'SecureString', updateTag: 2 });

  assert.deepEqual(labels, ['Secret', 'TestParameter']);
  assert.deepEqual([props['_ont_source'], props['_ont_name'], props['_ont_kind']], ['aws', 'p', 'secret']);
});

test('an ontology property goes when its field has no value any more', async () => {
  const { write } = loader();
  const avro = parameter({ ontology: { kind: 'Type', known: { toBoolean: 'Type' } } });

  assert.equal((await write(avro, { Type: 'String', updateTag: 1 })).props['_ont_kind'], 'String');
  const { props } = await write(avro, { Type: null, updateTag: 2 });

  assert.equal('_ont_kind' in props, false);
  assert.equal(props['_ont_known'], false);
});
