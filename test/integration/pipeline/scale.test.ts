import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { StageName } from '../../../consumers/stages/stage.ts';
import { readRuns } from '../../../consumers/rebuild/read-runs.ts';
import { shardOf } from '../../../producers/shards/shard.ts';
import { createDecoder } from '../../../schemas/codec.ts';
import type { ModelGraph } from '../../model/law.ts';
import { type Lab, type Pipeline, startLab, until } from '../../support/pipeline.ts';
import { type Derived, readDerived } from '../../support/read-derived.ts';
import { differences } from '../../support/read-graph.ts';
import { runCommand, startCommand } from '../../support/run-command.ts';
import type { LoaderSettings } from '../../support/loader-process.ts';
import { graphOptions, logOptions } from '../../support/server-options.ts';

const estate = { accounts: 2, instances: 3, regions: ['us-east-1', 'eu-west-1'], seed: 33, scale: 0.3 };
/** With derived values and relationships: what the internet reaches, who may assume a role, who may do what. */
const requestedSyncs = [
  'ec2:vpc',
  'ec2:subnet',
  'ec2:security_group',
  'ec2:instance',
  'iam',
  's3',
  'permission_relationships',
];
const tag = 1_000;
let lab: Lab;
/** What one collector and one loader make. */
let alone: { graph: ModelGraph; derived: Derived };

before(async () => {
  lab = await startLab(estate);
  await using pipeline = await lab.open();
  await pipeline.load();
  await pipeline.runOnce({ tag, requestedSyncs });
  alone = { graph: await pipeline.graphOf(), derived: await readDerived(pipeline.graph) };
  const { values, edges, synced } = alone.derived;
  assert.ok(values.size > 0 && edges.length > 0 && synced.length > 0, 'nothing is derived');
});
after(() => lab.close());

function startLoader(pipeline: Pipeline, stages: readonly StageName[]): ChildProcess {
  const { kafka, registryUrl, neo4j } = lab.servers;
  const settings: LoaderSettings = { kafka, registryUrl, neo4j, topicPrefix: pipeline.topicPrefix, rows: 40, stages };
  return spawn(
    process.execPath,
    [path.join(import.meta.dirname, '../../support/loader-process.ts'), JSON.stringify(settings)],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  assert.equal(child.exitCode, null, 'it ended by itself');
  const exit = once(child, 'exit');
  child.kill(signal);
  await exit;
}

function quietLog(pipeline: Pipeline): string[] {
  return [...logOptions(lab.servers, pipeline.topicPrefix), '--json', '--quiet'];
}

function startShard(pipeline: Pipeline, number: number, syncs = requestedSyncs) {
  return startCommand(
    [
      ['collect', '--shard', `${number}/3`, '--update-tag', String(tag), '--aws-sync-all-profiles'],
      ['--aws-regions', estate.regions.join(','), '--aws-requested-syncs', syncs.join(','), ...quietLog(pipeline)],
    ].flat(),
    lab.aws.environment,
  );
}

test('collectors in three shards and loaders of some stages each, which die, come and go, make the same graph', async () => {
  await using pipeline = await lab.open();
  const members = (stage: StageName) => pipeline.admin.memberCount(`${pipeline.topicPrefix}.${stage}`);
  const untilMembers = (stage: StageName, count: number) =>
    until(
      `${count} loaders of ${stage}`,
      () => members(stage),
      (found) => found === count,
    );
  const passed = async () =>
    (await pipeline.graph.query<{ passed: number }>('MATCH (f:_Fence) RETURN sum(f.offset) AS passed'))[0]!.passed;
  const untilPassed = (least: number) => until(`${least} records to be passed`, passed, (count) => count >= least);

  const first = startLoader(pipeline, ['nodes', 'cleanup', 'analysis']);
  const second = startLoader(pipeline, ['nodes', 'links']);
  const others: ChildProcess[] = [startLoader(pipeline, ['links', 'cross-links'])];
  try {
    await Promise.all([untilMembers('nodes', 2), untilMembers('links', 2)]);

    const number = shardOf(lab.aws.summary.accountIds[0]!, 3);
    const dying = startShard(pipeline, number);
    await Promise.race([
      dying.result.then(({ stderr }) => assert.fail(`it ended before it was killed: ${stderr}`)),
      untilPassed(20),
    ]);
    dying.kill('SIGKILL');
    await dying.result.catch(() => undefined);
    const shards = [1, 2, 3].map((one) => startShard(pipeline, one).result);

    const before = await passed();
    await untilPassed(before + 20);
    await end(first, 'SIGKILL');
    others.push(startLoader(pipeline, ['nodes', 'links', 'cross-links', 'cleanup', 'analysis']));
    await untilMembers('links', 3);
    await end(second, 'SIGTERM');

    for (const { exitCode, stderr } of await Promise.all(shards)) assert.equal(exitCode, 0, stderr);
    const runs = await readRuns(pipeline.log, createDecoder(pipeline.registry), pipeline.topics.markers);
    assert.deepEqual(runs, [{ updateTag: tag, hasEnded: true }]);
    await pipeline.untilLoaded(tag);
  } finally {
    await Promise.all(
      [first, second, ...others]
        .filter(({ exitCode, signalCode }) => (exitCode ?? signalCode) === null)
        .map((one) => end(one, 'SIGKILL')),
    );
  }
  const found = await pipeline.graphOf();
  assert.deepEqual(differences(alone.graph, found), []);
  assert.deepEqual(await readDerived(pipeline.graph), alone.derived);
  assert.deepEqual(differences(await pipeline.law(), found), []);
  assert.deepEqual(await pipeline.deadLetters(), []);
});

test('a shard that is complete ends with 0 while the run waits for others, which status names', async () => {
  await using pipeline = await lab.open();
  await pipeline.load();
  const graph = [...graphOptions(lab.servers.neo4j), '--graph', pipeline.topicPrefix];
  const readStatus = async () => {
    const options = ['status', ...quietLog(pipeline), ...graph];
    const { exitCode, stdout, stderr } = await runCommand(options, { GRAPH_PASSWORD: lab.servers.neo4j.password });
    assert.equal(exitCode, 0, stderr);
    return (JSON.parse(stdout) as { runs: { state: string; waitingForShards?: number[] }[] }).runs[0];
  };
  for (const [number, waitsFor] of [[2, 3], [3], []].entries()) {
    const { exitCode, stdout, stderr } = await startShard(pipeline, number + 1, ['ec2:vpc']).result;
    assert.equal(exitCode, 0, stderr);
    assert.deepEqual((JSON.parse(stdout) as { waitingForShards: number[] }).waitingForShards, waitsFor);
    const state = waitsFor.length > 0 ? 'collecting' : 'loaded';
    const run = await until(`the run to be ${state}`, readStatus, (found) => found?.state === state);
    assert.deepEqual(run?.waitingForShards ?? [], waitsFor);
  }
});
