import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Analysis } from '../../../consumers/analysis/analysis.ts';
import { jobs } from '../../../consumers/analysis/jobs.ts';
import { connectNeo4j } from '../../../consumers/graph/connect-neo4j.ts';
import type { Neo4jGraph } from '../../../consumers/graph/neo4j-graph.ts';
import { drawGraph } from '../../support/draw-graph.ts';
import { emptyGraph } from '../../support/pipeline.ts';
import { type SharedNeo4j, sharedNeo4j } from '../../support/servers.ts';

let server: SharedNeo4j;
let graph: Neo4jGraph;

before(async () => {
  server = await sharedNeo4j();
  graph = await connectNeo4j(server);
});

after(async () => {
  await graph.close();
  await server.release();
});

test('an instance may become the roles of its profile, and no longer those that left it', async () => {
  await emptyGraph(graph);
  await drawGraph(
    graph,
    [
      { label: 'AWSEC2Instance', id: 'i-1', record: 'ec2.Instance', account: 'a', tag: 2 },
      { label: 'AWSInstanceProfile', id: 'profile', record: 'iam.InstanceProfile', account: 'a' },
      { label: 'AWSRole', id: 'old', record: 'iam.Role', account: 'a' },
      { label: 'AWSRole', id: 'new', record: 'iam.Role', account: 'a', tag: 3 },
    ],
    [
      ['i-1', 'INSTANCE_PROFILE', 'profile'],
      ['profile', 'ASSOCIATED_WITH', 'old'],
    ],
  );
  const analysis = new Analysis({ graph, jobs });
  assert.equal(await analysis.update(['a']), 1);
  assert.equal(await analysis.update(['a']), 0);
  await graph.query("MATCH (:AWSInstanceProfile)-[e:ASSOCIATED_WITH]->() DELETE e");
  await drawGraph(graph, [], [['profile', 'ASSOCIATED_WITH', 'new']]);
  assert.equal(await analysis.update(['a']), 2);
  assert.deepEqual(await graph.query('MATCH (:AWSEC2Instance)-[e:STS_ASSUMEROLE_ALLOW]->(m) RETURN m.id AS role, e.lastupdated AS tag, e._by AS by, e._tags AS tags'), [
    { role: 'new', tag: 3, by: ['aws_ec2_iam_instance_profile>|analysis'], tags: [3] },
  ]);
});
