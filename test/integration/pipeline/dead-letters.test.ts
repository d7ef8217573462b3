import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateVpcCommand, DeleteVpcCommand, EC2Client } from '@aws-sdk/client-ec2';
import { readRunState } from '../../../consumers/run-state.ts';
import type { LogMessage, LogProducer } from '../../../platform/kafka/log.ts';
import { loadCatalogue } from '../../../schemas/catalogue.ts';
import { subjectOf } from '../../../schemas/codec.ts';
import { memberClient } from '../../support/member-client.ts';
import { type Lab, type Pipeline, startLab, until } from '../../support/pipeline.ts';
import { differences } from '../../support/read-graph.ts';
import { type ListedLetter, runDlq } from '../../support/run-dlq.ts';

const regions = ['us-east-1', 'eu-west-1'] as const;
const requestedSyncs = ['ec2:vpc', 'ec2:subnet'];
let lab: Lab;
before(async () => {
  lab = await startLab({ accounts: 2, instances: 1, regions, seed: 12, scale: 0.3, only: ['network'] });
});
after(() => lab.close());

/** Passes everything on, changed by `change`. */
function tampering(producer: LogProducer, change: (message: LogMessage) => LogMessage): LogProducer {
  return {
    write: (message, onAcknowledged) => producer.write(change(message), onAcknowledged),
    flush: () => producer.flush(),
    close: () => producer.close(),
  };
}

async function has(pipeline: Pipeline, id: string): Promise<boolean> {
  return (await pipeline.graph.query('MATCH (n:AWSVpc {id: $id}) RETURN 1', { id })).length === 1;
}

test('bad records go to the dead-letter topic as they were, good ones land, and their scope is not cleaned', async () => {
  await using pipeline = await lab.open({ partitions: 2 });
  const made = await Promise.all(
    regions.map(async (region) => {
      const ec2 = memberClient(lab.aws, EC2Client, region, 'acct-0');
      const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.80.0.0/24' }));
      const id = Vpc!.VpcId!;
      return { id, remove: () => ec2.send(new DeleteVpcCommand({ VpcId: id })) };
    }),
  );
  const [inBroken, inWhole] = made as [(typeof made)[0], (typeof made)[0]];
  await pipeline.load();
  await pipeline.runOnce({ tag: 1_000, requestedSyncs });
  assert.ok((await has(pipeline, inBroken.id)) && (await has(pipeline, inWhole.id)));
  for (const { remove } of made) await remove();

  const brokenScope = `${lab.aws.summary.accountIds[0]}/${regions[0]}/ec2:vpc`;
  const bad: LogMessage[] = [];
  const undecodable = { topic: pipeline.topics.assets, key: 'noise', value: Buffer.from('{"not": "avro"}') };
  const producer = tampering(pipeline.producer, (message) => {
    if (bad.length > 0 || !message.key.startsWith(`cartography.aws.ec2.Vpc|${brokenScope}|`)) return message;
    bad.push({ ...message, value: message.value!.subarray(0, -3) });
    return bad[0]!;
  });
  await pipeline.producer.write({ ...undecodable, headers: { from: 'elsewhere' } });
  await pipeline.runOnce({ tag: 2_000, requestedSyncs, producer });

  const letters = await pipeline.deadLetters();
  assert.deepEqual(letters.map(({ key }) => String(key)).sort(), [bad[0]!.key, 'noise'].sort());
  const byKey = new Map(letters.map((letter) => [String(letter.key), letter]));
  const truncated = byKey.get(bad[0]!.key)!;
  assert.deepEqual(truncated.value, bad[0]!.value);
  assert.equal(truncated.headers['scope'], brokenScope);
  assert.equal(truncated.headers['dlq_topic'], pipeline.topics.assets);
  assert.match(truncated.headers['dlq_reason']!, /no cartography\.aws\.ec2\.Vpc .*truncated/);
  const noise = byKey.get('noise')!;
  assert.deepEqual(noise.value, undecodable.value);
  assert.equal(noise.headers['from'], 'elsewhere');
  assert.match(noise.headers['dlq_reason']!, /wire format/);

  const { incompleteScopes } = await pipeline.untilLoaded(2_000);
  assert.deepEqual(incompleteScopes, [brokenScope]);
  assert.ok(await has(pipeline, inBroken.id));
  assert.ok(!(await has(pipeline, inWhole.id)));
  const tags = await pipeline.graph.query<{ tag: number }>(
    'MATCH (n:AWSVpc)<-[:RESOURCE]-(:AWSAccount {id: $account}) WHERE n.region = $region RETURN n.lastupdated AS tag ORDER BY tag',
    { account: lab.aws.summary.accountIds[0], region: regions[0] },
  );
  // The deleted one, the one whose record was truncated, and the good ones.
  assert.deepEqual(
    tags.map(({ tag }) => tag).filter((tag) => tag === 1_000),
    [1_000, 1_000],
  );
  assert.ok(tags.some(({ tag }) => tag === 2_000));

  // The bytes are as broken as they were; only a new run mends them.
  const dlq = (...argv: string[]) => runDlq(lab.servers, pipeline.topicPrefix, ...argv);
  await dlq('redrive', '--all');
  const again = await until(
    'the letters to come back',
    () => dlq('list'),
    (list) => (list as unknown[]).length === 2,
  );
  assert.deepEqual((again as ListedLetter[]).map(({ key }) => key).sort(), [bad[0]!.key, 'noise'].sort());
  assert.deepEqual((await readRunState(pipeline.graph, 2_000, () => 0n)).incompleteScopes, [brokenScope]);
  await pipeline.runOnce({ tag: 3_000, requestedSyncs });
  await dlq('drop', '--all');
  assert.deepEqual(await dlq('list'), []);
  assert.ok(!(await has(pipeline, inBroken.id)));
  assert.deepEqual(differences(await pipeline.law(), await pipeline.graphOf()), []);
});

test('records whose schema the registry does not know come back when they are redriven, and make the graph whole once it does', async () => {
  await using pipeline = await lab.open({ partitions: 2 });
  const { topics, registry, topicPrefix, graph } = pipeline;
  const vpc = 'cartography.aws.ec2.Vpc';
  const hidden = await registry.register(subjectOf(topics.assets, vpc), loadCatalogue().avro(vpc)!);
  let isHidden = true;
  /** A replica of the registry that lags behind. */
  const lagging = {
    ...registry,
    byId: async (id: number) => (isHidden && id === hidden ? undefined : registry.byId(id)),
  };
  await pipeline.load({ registry: lagging });
  await pipeline.runOnce({ tag: 1_000, requestedSyncs });
  const { incompleteScopes } = await pipeline.untilLoaded(1_000);
  assert.ok(incompleteScopes.length > 0 && incompleteScopes.every((scope) => scope.endsWith('/ec2:vpc')));

  const dlq = (...argv: string[]) => runDlq(lab.servers, topicPrefix, ...argv);
  const list = async () => (await dlq('list')) as ListedLetter[];
  const letters = await list();
  assert.deepEqual([...new Set(letters.map(({ scope }) => scope))].sort(), incompleteScopes.toSorted());
  assert.ok(letters.every(({ reason }) => reason.includes(`no schema ${hidden}`)));
  const [one] = letters as [ListedLetter];
  const [shown] = (await dlq('show', one.id)) as { value: { VpcId: string } }[];
  assert.match(shown!.value.VpcId, /^vpc-/);

  await dlq('redrive', one.id);
  const again = await until('the letter to come back', list, ({ length }) => length === letters.length);
  assert.deepEqual(again.map(({ key }) => key).sort(), letters.map(({ key }) => key).sort());
  assert.ok(again.every(({ id }) => id !== one.id));

  isHidden = false;
  // A loader asks for such a schema every half a minute.
  await sleep(31_000);
  await dlq('redrive', '--all');
  await until(
    'the scopes to be cleaned',
    () => readRunState(graph, 1_000, () => 0n),
    (state) => state.incompleteScopes.length === 0,
  );
  await pipeline.untilCaughtUp();
  assert.deepEqual(await list(), []);
  assert.deepEqual(differences(await pipeline.law(), await pipeline.graphOf()), []);
});
