import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Neo4jGraph } from '../../../consumers/graph/neo4j-graph.ts';
import { linkStatements } from '../../../consumers/graph/link-statements.ts';
import { universe } from '../../model/universe.ts';
import { operatorsOf } from '../../support/query-plan.ts';
import { emptyGraph, type SharedNeo4j } from '../../support/servers.ts';

const host = universe.find(({ name }) => name === 'cartography.law.Host')!;
const uses = host.relationships.findIndex(({ type }) => type === 'USES');
const row = {
  id: 'gone',
  claim: 'cartography.law.Host|111111111111/r1/host|gone',
  scope: '111111111111/r1/host',
  tag: 1n,
  values: ['disk'],
  props: {},
};

let graph: Neo4jGraph;
let server: SharedNeo4j;
let close: () => Promise<void>;
before(async () => {
  ({ server, graph, close } = await emptyGraph());
  await graph.prepare(universe);
});
after(() => close());

test('nodes and edges are looked up also where a statement is planned in an empty graph', async () => {
  const { shown, hold, link, prune, withdraw } = linkStatements;
  const links = host.relationships.map((relationship) => link(relationship));
  const texts = [shown, ...links, ...[hold, prune, withdraw].flatMap((one) => Object.values(one))];
  for (const [text, operators] of await operatorsOf(server, texts)) {
    assert.ok(operators.has('NodeByElementIdSeek'), text);
    assert.deepEqual(
      [...operators].filter((operator) => operator.endsWith('Scan')),
      [],
      text,
    );
  }
});

test('a node that goes while a transaction knows it by its element id is missed, and nothing new taken for it', async () => {
  await graph.query("CREATE (:LawHost {id: 'gone'}), (:LawDisk {id: 'disk'})");
  await graph.transact(async (tx) => {
    // Looks for the node, whose record it does not show.
    assert.deepEqual(await tx.holdEdges(host, [], [{ ...row, values: [] }]), [undefined]);
    for (let round = 0; round < 20; round++) {
      await graph.query("MATCH (n:LawHost) WHERE n.id = 'gone' OR n.id STARTS WITH 'new' DETACH DELETE n");
      await graph.query("UNWIND range(1, 200) AS i CREATE (:LawHost {id: 'new' + i})");
    }
    assert.deepEqual(await tx.link(host, uses, [row]), [row]);
  });

  assert.deepEqual(await graph.query('MATCH ()-[e]->() RETURN type(e) AS type'), []);
  const [{ count } = { count: 0 }] = await graph.query<{ count: number }>('MATCH (n:LawHost) RETURN count(n) AS count');
  assert.equal(count, 200);
});

test('a node that several records of a transaction name is linked to each, and one that comes meanwhile is found', async () => {
  await graph.query('MATCH (n) DETACH DELETE n');
  await graph.query("CREATE (:LawHost {id: 'a'}), (:LawHost {id: 'b'})");
  const rows = ['a', 'b'].map((id) => ({ ...row, id }));
  await graph.transact(async (tx) => {
    assert.equal((await tx.link(host, uses, rows)).length, 2);
    await graph.query("CREATE (:LawDisk {id: 'disk'})");
    assert.deepEqual(await tx.link(host, uses, rows), []);
  });

  assert.deepEqual(
    await graph.query(
      'MATCH (h:LawHost)-[e:USES]->(d:LawDisk) RETURN h.id AS host, d.id AS disk, e._by AS by ORDER BY h.id',
    ),
    ['a', 'b'].map((id) => ({ host: id, disk: 'disk', by: ['cartography.law.Host>|111111111111/r1/host'] })),
  );
});
