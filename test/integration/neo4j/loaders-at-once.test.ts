import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import neo4j from 'neo4j-driver';
import { connectNeo4j } from '../../../consumers/graph/connect-neo4j.ts';
import { classifyFailure } from '../../../consumers/graph/failure.ts';
import { Neo4jGraph } from '../../../consumers/graph/neo4j-graph.ts';
import { universe } from '../../model/universe.ts';
import { dropConstraints } from '../../support/drop-definitions.ts';
import { type SharedNeo4j, sharedNeo4j } from '../../support/servers.ts';

let server: SharedNeo4j;
before(async () => {
  server = await sharedNeo4j();
});
after(() => server.release());

test('loaders that define the same constraints at once all get them', async () => {
  const watcher = await connectNeo4j(server);
  for (let round = 0; round < 3; round++) {
    await dropConstraints(watcher);
    const loaders = await Promise.all(Array.from({ length: 5 }, () => connectNeo4j(server)));
    await Promise.all(
      loaders.map(async (graph, index) => {
        // Not quite at the same moment.
        await sleep(index * round * 5);
        await graph.prepareBookkeeping();
        await graph.prepare(universe);
      }),
    );
    await Promise.all(loaders.map((graph) => graph.close()));
  }
  const labels = await watcher.query<{ label: string }>(
    'SHOW CONSTRAINTS YIELD labelsOrTypes RETURN labelsOrTypes[0] AS label',
  );
  assert.ok(labels.some(({ label }) => label === 'LawHost'));
  await watcher.close();
});

test('a transaction whose loader is gone is ended by the server, which lets go of its locks', async () => {
  const driver = neo4j.driver(server.uri, neo4j.auth.basic(server.user, server.password));
  // Time enough to get the lock.
  const gone = new Neo4jGraph(driver, { transactionTimeoutMs: 10_000 });
  const key = { stage: 'nodes', topic: 'gone', partition: 0 };
  const next = await connectNeo4j(server);
  await next.prepareBookkeeping();
  const [held, locked] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const stuck = gone.transact(async (tx) => {
    await tx.lockFences([key]);
    locked.resolve();
    await held.promise;
    await tx.lockFences([key]);
  });
  stuck.catch(() => undefined);
  await Promise.race([locked.promise, stuck]);

  await next.transact((tx) => tx.lockFences([key]));

  held.resolve();
  await assert.rejects(stuck, (error) => ['overload', 'transient'].includes(classifyFailure(error)));
  await next.query('MATCH (f:_Fence {topic: $topic}) DELETE f', { topic: key.topic });
  await next.close();
  await gone.close();
});
