import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { KEEP_PLAN } from '../../../consumers/graph/cypher-graph.ts';
import type { GraphTransaction, StoredMarker } from '../../../consumers/graph/graph.ts';
import type { Neo4jGraph } from '../../../consumers/graph/neo4j-graph.ts';
import { Neo4jTransaction } from '../../../consumers/graph/neo4j-transaction.ts';
import { connectStore } from '../../model/memory-graph/connect-store.ts';
import { Store } from '../../model/memory-graph/store.ts';
import { operatorsOf } from '../../support/query-plan.ts';
import { emptyGraph, type SharedNeo4j } from '../../support/servers.ts';

let graph: Neo4jGraph;
let server: SharedNeo4j;
let close: () => Promise<void>;
before(async () => {
  ({ server, graph, close } = await emptyGraph());
});
after(() => close());

const marker = (
  kind: StoredMarker['kind'],
  subject: string,
  tag: bigint,
  state: StoredMarker['state'],
): StoredMarker => ({
  key: `${kind}|${subject}|${tag}`,
  ...{ kind, subject, tag, state },
  value: {},
});
const markers = [
  marker('scope', '111111111111/us-east-1/ec2:vpc', 20n, 'waiting'),
  marker('scope', '111111111111/us-east-1/ec2:vpc', 10n, 'done'),
  marker('scope', '111111111111/eu-west-1/s3', 15n, 'waiting'),
  marker('scope', '222222222222/global/iam', 12n, 'incomplete'),
  marker('hierarchy', 'organization/o-1', 9n, 'waiting'),
  marker('hierarchy', 'organization/o-12', 8n, 'waiting'),
  marker('account', '111111111111', 5n, 'waiting'),
  marker('run', 'run', 4n, 'waiting'),
  { ...marker('run-started', 'run', 4n, 'done'), key: 'run|4|started' },
  marker('analysis', '111111111111', 20n, 'waiting'),
  { ...marker('analysis', '111111111111', 20n, 'waiting'), key: 'analysis|account|111111111111|20|9' },
  marker('analysis', '222222222222', 19n, 'waiting'),
  marker('analysis', '333333333333', 20n, 'done'),
];

const looks: Record<string, (tx: GraphTransaction) => Promise<unknown>> = {
  'the oldest that waits, by account and organization': (tx) =>
    tx.oldestWaiting(['111111111111', '222222222222', '333333333333', 'organization/o-1']),
  'how many wait': (tx) => tx.countPendingMarkers(),
  'how many of one run wait': (tx) => tx.countPendingMarkers(15n),
  'a few of them, by key': (tx) => tx.pendingMarkers('', 3),
  'those of a kind': (tx) => tx.markers({ kind: 'analysis' }),
  'those of a kind, a state and a run': (tx) => tx.markers({ kind: 'analysis', state: 'waiting', tag: 20n }),
  'the start of a run': (tx) => tx.markers({ kind: 'run-started', tag: 4n }),
  'for how many the analysis is to do something': (tx) => tx.countWaitingAnalyses(),
  'for how many of one run': (tx) => tx.countWaitingAnalyses(20n),
  'what may be forgotten': (tx) => tx.forgetAccountMarkers(new Map([['111111111111', 5n]]), 2),
  'the next few': (tx) => tx.pendingMarkers('scope|111111111111/eu-west-1/s3|15', 3),
};

for (const [name, look] of Object.entries(looks)) {
  test(`Neo4j and the model say the same of pending markers: ${name}`, async () => {
    const model = connectStore(new Store());
    for (const one of [model, graph]) await one.transact((tx) => tx.storeMarkers(markers));
    assert.deepEqual(await graph.transact(look), await model.transact(look));
  });
}

test('Neo4j and the model forget the same markers of accounts', async () => {
  const of = (tag: bigint): StoredMarker => marker('account', '444444444444', tag, 'done');
  const all = [of(1n), of(2n), of(3n), of(4n), of(5n), marker('analysis', '444444444444', 2n, 'waiting')];
  const left: number[][] = [];
  for (const one of [connectStore(new Store()), graph]) {
    await one.transact((tx) => tx.storeMarkers(all));
    await one.transact((tx) => tx.forgetAccountMarkers(new Map([['444444444444', 4n]]), 2));
    const kept = await one.transact((tx) => tx.markers({ kind: 'account' }));
    left.push(kept.filter(({ subject }) => subject === '444444444444').map(({ tag }) => Number(tag)));
  }
  assert.deepEqual(left, [
    [2, 4, 5],
    [2, 4, 5],
  ]);
});

test('no look at markers walks the label, even if its plan is made while there are none', async () => {
  await graph.query('MATCH (n) DETACH DELETE n');
  await graph.query('CALL db.clearQueryCaches()');
  const texts = new Set<string>();
  await graph.transactCypher(async (run) => {
    const tx = new Neo4jTransaction((text, parameters) => {
      texts.add(text.replace(KEEP_PLAN, ''));
      return run(text, parameters);
    });
    for (const look of Object.values(looks)) await look(tx);
  });
  assert.ok(texts.size >= 8);
  for (const [text, operators] of await operatorsOf(server, texts)) {
    const walks = [...operators].filter((operator) => /Scan/.test(operator));
    assert.deepEqual(walks, [], text);
  }
});

test('an account waits for the oldest of its own scopes', async () => {
  await graph.transact((tx) => tx.storeMarkers(markers));
  const oldest = await graph.transact((tx) => tx.oldestWaiting(['111111111111', '222222222222', 'organization/o-1']));
  assert.deepEqual(
    oldest,
    new Map([
      ['111111111111', 15n],
      ['organization/o-1', 9n],
    ]),
  );
});
