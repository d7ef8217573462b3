import assert from 'node:assert/strict';
import { after, afterEach, before, test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { stageNames } from '../../../consumers/load.ts';
import { type Lab, type Pipeline, startLab, until } from '../../support/pipeline.ts';
import { differences } from '../../support/read-graph.ts';
import { type RunningCommand, startCommand } from '../../support/run-command.ts';
import { ownServers } from '../../support/servers.ts';
import { graphOptions, logOptions } from '../../support/server-options.ts';

/* What an orchestrator does: SIGTERM, and SIGKILL when the grace period is over. Its own servers: it freezes them. */

const estate = { accounts: 2, instances: 3, regions: ['us-east-1', 'eu-west-1'], seed: 14, scale: 0.5 };
/** Kubernetes' default grace period is 30 seconds. */
const graceMs = 30_000;
let lab: Lab;
let own: Awaited<ReturnType<typeof ownServers>>;

before(async () => {
  const starting = ownServers();
  [lab, own] = await Promise.all([startLab(estate, starting), starting]);
});
/** What a failed test has left. */
const started: RunningCommand[] = [];
afterEach(() => {
  for (const command of started.splice(0)) command.kill('SIGKILL');
});
after(() => lab.close());

function logOf({ topicPrefix }: Pipeline): string[] {
  return logOptions(lab.servers, topicPrefix);
}

function graphOf({ topicPrefix }: Pipeline): string[] {
  return [...graphOptions(lab.servers.neo4j), '--graph', topicPrefix];
}

function start(command: readonly string[]): RunningCommand {
  const running = startCommand(command, { ...lab.aws.environment, GRAPH_PASSWORD: lab.servers.neo4j.password });
  started.push(running);
  return running;
}

function startLoader(pipeline: Pipeline): RunningCommand {
  return start(['load', ...logOf(pipeline), ...graphOf(pipeline)]);
}

function startCollector(pipeline: Pipeline, tag: number): RunningCommand {
  const aws = ['--aws-sync-all-profiles', '--aws-regions', estate.regions.join(',')];
  return start(['collect', '--update-tag', String(tag), ...aws, '--scopes-at-once', '2', ...logOf(pipeline)]);
}

/** Sends SIGTERM and resolves with the milliseconds until the end; the exit code must say what ended it. */
async function terminate(command: RunningCommand): Promise<number> {
  const startedAtMs = performance.now();
  command.kill('SIGTERM');
  const { exitCode, stderr } = await command.result;
  assert.equal(exitCode, 143, stderr);
  return performance.now() - startedAtMs;
}

/** The same; it must end within the grace period. */
async function endsInTime(t: TestContext, command: RunningCommand): Promise<void> {
  const tookMs = await terminate(command);
  t.diagnostic(`ended after ${Math.round(tookMs)} ms`);
  assert.ok(tookMs < graceMs, `${tookMs} ms`);
}

/** How many messages the stages have passed. */
async function passed({ graph }: Pipeline): Promise<number> {
  const [row] = await graph.query<{ passed: number }>('MATCH (f:_Fence) RETURN sum(f.offset) AS passed');
  return row!.passed;
}

async function untilPassed(pipeline: Pipeline, messages: number): Promise<void> {
  await until(
    `the stages to pass ${messages} messages`,
    () => passed(pipeline),
    (now) => now >= messages,
  );
}

async function members(pipeline: Pipeline): Promise<number[]> {
  return Promise.all(stageNames.map((stage) => pipeline.admin.memberCount(`${pipeline.topicPrefix}.${stage}`)));
}

const each = (count: number): number[] => stageNames.map(() => count);

async function untilMembers(pipeline: Pipeline, count: number): Promise<void> {
  await until(
    `${count} members in each group`,
    () => members(pipeline),
    (now) => now.every((members) => members === count),
  );
}

async function markersSent({ admin, topics }: Pipeline): Promise<number> {
  return (await admin.offsets(topics.markers)).reduce((sum, { high }) => sum + Number(high), 0);
}

async function assertLawful(pipeline: Pipeline): Promise<void> {
  assert.deepEqual(differences(await pipeline.law(), await pipeline.graphOf()), []);
  assert.deepEqual(await pipeline.deadLetters(), []);
}

test('a loader ends in the middle of its work, and another one has its partitions at once', async (t) => {
  await using pipeline = await lab.open();
  await pipeline.collect({ tag: 1_000 });
  const [first, second] = [startLoader(pipeline), startLoader(pipeline)];
  await untilPassed(pipeline, 1);
  await untilMembers(pipeline, 2);
  await endsInTime(t, first);
  // Not after the session time-out, which is 45 seconds.
  assert.deepEqual(await members(pipeline), each(1));
  const takenOverAtMs = performance.now();
  await untilPassed(pipeline, (await passed(pipeline)) + 1);
  t.diagnostic(`went on after ${Math.round(performance.now() - takenOverAtMs)} ms`);
  await pipeline.untilLoaded(1_000);
  t.diagnostic(`loaded after ${Math.round(performance.now() - takenOverAtMs)} ms`);
  await endsInTime(t, second);
  assert.deepEqual(await members(pipeline), each(0));
  await assertLawful(pipeline);
});

test('a loader whose Neo4j does not answer leaves its groups and ends within the grace period', async (t) => {
  await using pipeline = await lab.open();
  await pipeline.collect({ tag: 1_000 });
  const loader = startLoader(pipeline);
  await untilPassed(pipeline, 1);
  await untilMembers(pipeline, 1);
  own.stack.neo4j[0]!.pause();
  try {
    await Promise.all([endsInTime(t, loader), untilMembers(pipeline, 0)]);
  } finally {
    own.stack.neo4j[0]!.resume();
  }
  assert.deepEqual(await members(pipeline), each(0));
  await pipeline.load();
  await pipeline.untilLoaded(1_000);
  await assertLawful(pipeline);
});

test('a loader that waits for another member of its group to give up its partitions ends without them', async (t) => {
  await using pipeline = await lab.open();
  await pipeline.collect({ tag: 1_000 });
  const group = `${pipeline.topicPrefix}.nodes`;
  const [busy, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const other = pipeline.log.consumer({ groupId: group, topics: [pipeline.topics.assets, pipeline.topics.hierarchy] });
  await other.start(async () => {
    busy.resolve();
    await release.promise;
  });
  await busy.promise;
  const loader = startLoader(pipeline);
  await until(
    'the loader to ask for its part',
    () => pipeline.admin.memberCount(group),
    (count) => count === 2,
  );
  await endsInTime(t, loader);
  assert.deepEqual(await members(pipeline), [1, 0, 0, 0, 0]);
  release.resolve();
  await other.close();
});

test('a loader whose Kafka does not answer ends within the grace period', async (t) => {
  await using pipeline = await lab.open();
  const loader = startLoader(pipeline);
  await untilMembers(pipeline, 1);
  own.stack.kafka.pause();
  try {
    await endsInTime(t, loader);
  } finally {
    own.stack.kafka.resume();
  }
});

test('a second SIGTERM ends a loader at once', async () => {
  await using pipeline = await lab.open();
  await pipeline.collect({ tag: 1_000 });
  const loader = startLoader(pipeline);
  await untilPassed(pipeline, 1);
  own.stack.neo4j[0]!.pause();
  try {
    loader.kill('SIGTERM');
    await sleep(1_000);
    const tookMs = await terminate(loader);
    assert.ok(tookMs < 1_000, `${tookMs} ms`);
  } finally {
    own.stack.neo4j[0]!.resume();
  }
});

test('a collector ends in the middle of its run, which is not complete, deletes nothing, and goes on when it is started again', async (t) => {
  await using pipeline = await lab.open();
  await pipeline.load();
  await pipeline.runOnce({ tag: 900 });
  const before = await pipeline.graphOf();
  const sent = await markersSent(pipeline);
  const collector = startCollector(pipeline, 1_000);
  await until(
    'the collector to send some markers',
    () => markersSent(pipeline),
    (now) => now >= sent + 5,
  );
  await endsInTime(t, collector);
  assert.match(collector.stderr, /run 1000 is not complete.*--update-tag 1000/);

  const status = await start(['status', '--json', ...logOf(pipeline), ...graphOf(pipeline)]).result;
  assert.equal(status.exitCode, 0, status.stderr);
  const { runs } = JSON.parse(status.stdout) as { runs: { updateTag: number; state: string }[] };
  assert.notEqual(runs.find(({ updateTag }) => updateTag === 1_000)?.state, 'loaded');
  const half = await pipeline.graphOf();
  assert.deepEqual([...half.nodes.keys()].sort(), [...before.nodes.keys()].sort());

  const { exitCode, stderr } = await startCollector(pipeline, 1_000).result;
  assert.equal(exitCode, 0, stderr);
  await pipeline.untilLoaded(1_000);
  await assertLawful(pipeline);
});

test('a collector whose Kafka does not answer ends within the grace period', async (t) => {
  await using pipeline = await lab.open();
  const collector = startCollector(pipeline, 1_000);
  await until(
    'the collector to send some markers',
    () => markersSent(pipeline),
    (now) => now >= 5,
  );
  own.stack.kafka.pause();
  try {
    await endsInTime(t, collector);
  } finally {
    own.stack.kafka.resume();
  }
});

test('a run ends in the middle, leaves its groups, and is made whole when it is started again', async (t) => {
  await using pipeline = await lab.open();
  const run = (): RunningCommand => {
    const aws = ['--aws-sync-all-profiles', '--aws-regions', estate.regions.join(','), '--scopes-at-once', '2'];
    return start(['--update-tag', '1000', ...aws, ...logOf(pipeline), ...graphOf(pipeline)]);
  };
  const command = run();
  await untilPassed(pipeline, 1);
  await untilMembers(pipeline, 1);
  await endsInTime(t, command);
  assert.deepEqual(await members(pipeline), each(0));
  const { exitCode, stderr } = await run().result;
  assert.equal(exitCode, 0, stderr);
  await assertLawful(pipeline);
});

test('a replay ends in the middle, leaves its groups, and goes on when it is started again', async (t) => {
  await using pipeline = await lab.open();
  await pipeline.collect({ tag: 1_000 });
  const replay = (): RunningCommand => start(['replay', '--json', ...logOf(pipeline), ...graphOf(pipeline)]);
  const command = replay();
  await untilPassed(pipeline, 1);
  await endsInTime(t, command);
  assert.deepEqual(await members(pipeline), each(0));
  const { exitCode, stdout, stderr } = await replay().result;
  assert.equal(exitCode, 0, stderr);
  assert.equal((JSON.parse(stdout) as { resumed: boolean }).resumed, true);
  await assertLawful(pipeline);
});
