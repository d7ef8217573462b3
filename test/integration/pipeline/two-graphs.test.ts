import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CreateVpcCommand, DeleteVpcCommand, EC2Client } from '@aws-sdk/client-ec2';
import { connectNeo4j } from '../../../consumers/graph/connect-neo4j.ts';
import { memberClient } from '../../support/member-client.ts';
import { type Lab, startLab } from '../../support/pipeline.ts';
import { differences } from '../../support/read-graph.ts';
import { startStack, type Stack } from '../../../stack/stack.ts';

let lab: Lab;
let second: Stack;
before(async () => {
  [lab, second] = await Promise.all([
    startLab({ accounts: 2, instances: 3, regions: ['us-east-1', 'eu-west-1'], seed: 9, scale: 0.3 }),
    startStack({ services: ['neo4j'] }),
  ]);
});
after(() => Promise.all([lab.close(), second.stop()]));

test('a graph that starts empty a run later, and one that was there all the time, become equal', async () => {
  await using pipeline = await lab.open({ partitions: 2 });
  const ec2 = memberClient(lab.aws, EC2Client, 'us-east-1', 'acct-1');
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.79.0.0/24' }));
  await pipeline.load();
  await pipeline.runOnce({ tag: 1_000 });
  await ec2.send(new DeleteVpcCommand({ VpcId: Vpc!.VpcId! }));

  const { uri, user, password } = second.neo4j[0]!;
  const late = await connectNeo4j({ uri, user, password });
  try {
    const loaders = await pipeline.load({ graph: late, graphName: `${pipeline.topicPrefix}-late` });
    await pipeline.runOnce({ tag: 2_000 });
    await pipeline.untilLoaded(2_000, late);
    await Promise.all([pipeline.untilCaughtUp(), pipeline.untilCaughtUp(late)]);
    const [first, other] = await Promise.all([pipeline.graphOf(), pipeline.graphOf(late)]);
    assert.ok(first.nodes.size > 100);
    assert.ok(!first.nodes.has(`AWSVpc|${Vpc!.VpcId}`));
    assert.deepEqual(differences(first, other), []);
    assert.deepEqual(differences(await pipeline.law(), other), []);
    await loaders.close();
  } finally {
    await late.close();
  }
});
