import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { connectNeo4j } from '../../../consumers/graph/connect-neo4j.ts';
import { classifyFailure } from '../../../consumers/graph/failure.ts';
import type { Neo4jGraph } from '../../../consumers/graph/neo4j-graph.ts';
import { InfrastructureError } from '../../../platform/errors.ts';
import { universe } from '../../model/universe.ts';
import { dropConstraints, dropIndexes } from '../../support/drop-definitions.ts';
import { type SharedNeo4j, sharedNeo4j } from '../../support/servers.ts';

/* A database that Cartography has loaded has plain indexes where this project wants constraints. */
const label = universe[0]!.label;
let server: SharedNeo4j;
/** Another one each time: a graph remembers what it has defined. */
let graph: Neo4jGraph;
before(async () => {
  server = await sharedNeo4j();
});
after(() => server.release());
beforeEach(async () => {
  graph = await connectNeo4j(server);
  await graph.query('MATCH (n) DETACH DELETE n');
  await dropConstraints(graph);
  await dropIndexes(graph);
  await graph.query(`CREATE INDEX from_cartography FOR (n:${label}) ON (n.id)`);
  await graph.query(`CREATE INDEX of_two FOR (n:${label}) ON (n.id, n.name)`);
  await graph.query(`CREATE TEXT INDEX of_text FOR (n:${label}) ON (n.id)`);
  await graph.query(`CREATE (:${label} {id: 'a'})`);
});

async function indexes(): Promise<string[]> {
  const rows = await graph.query<{ name: string }>(
    'SHOW INDEXES YIELD name, labelsOrTypes WHERE labelsOrTypes = [$label] RETURN name ORDER BY name',
    { label },
  );
  return rows.map(({ name }) => name);
}

test('a constraint takes the place of the plain index that Cartography has made, and of no other', async () => {
  await graph.prepare([universe[0]!]);
  const constraints = await graph.query<{ properties: string[] }>(
    'SHOW CONSTRAINTS YIELD labelsOrTypes, properties WHERE labelsOrTypes = [$label] RETURN properties',
    { label },
  );
  assert.deepEqual(constraints, [{ properties: ['id'] }]);
  const left = await indexes();
  assert.ok(!left.includes('from_cartography'));
  assert.ok(left.includes('of_two') && left.includes('of_text'));
  await graph.close();
});

test('nodes that are there twice are named, with what to do, and the index stays', async () => {
  await graph.query(`CREATE (:${label} {id: 'a'})`);
  await assert.rejects(graph.prepare([universe[0]!]), (error) => {
    assert.ok(error instanceof InfrastructureError);
    assert.match(
      error.message,
      new RegExp(`several ${label} nodes with the same id, e\\.g\\. 'a'.*delete .*--neo4j-uri`),
    );
    assert.ok(!error.message.includes('\n'));
    assert.equal(classifyFailure(error), 'fatal');
    return true;
  });
  assert.ok((await indexes()).includes('from_cartography'));
  await graph.query(`MATCH (n:${label}) DETACH DELETE n`);
  await graph.prepare([universe[0]!]);
  await graph.close();
});
