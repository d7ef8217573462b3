import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { readLag } from '../../../consumers/caught-up.ts';
import type { ModelGraph } from '../../model/law.ts';
import type { LoaderSettings } from '../../support/loader-process.ts';
import { type Lab, type Pipeline, scopesPerAccount, startLab, until } from '../../support/pipeline.ts';
import { randomInteger, testSeed } from '../../support/random.ts';
import { differences } from '../../support/read-graph.ts';
import { startCommand } from '../../support/run-command.ts';
import { ownServers } from '../../support/servers.ts';
import { logOptions } from '../../support/server-options.ts';

/* Its own servers: it kills them. */

const estate = { accounts: 2, instances: 3, regions: ['us-east-1', 'eu-west-1'], seed: 14, scale: 0.3 };
const small = { rows: 40, bytes: 1_000_000 };
const support = path.join(import.meta.dirname, '..', '..', 'support');
const rounds = 3;
let lab: Lab;
let own: Awaited<ReturnType<typeof ownServers>>;
/** What a run without faults gives. */
let undisturbed: ModelGraph;

before(async () => {
  const starting = ownServers();
  [lab, own] = await Promise.all([startLab(estate, starting), starting]);
  await using pipeline = await lab.open({ partitions: 2 });
  await pipeline.load();
  await pipeline.runOnce({ tag: 1_000 });
  undisturbed = await pipeline.graphOf();
});
after(() => lab.close());

async function assertUndisturbed(pipeline: Pipeline): Promise<void> {
  const found = await pipeline.graphOf();
  assert.deepEqual(differences(undisturbed, found), []);
  assert.deepEqual(differences(await pipeline.law(), found), []);
  assert.deepEqual(await pipeline.deadLetters(), []);
}

/** How many messages the stages have passed so far. */
async function passed(pipeline: Pipeline): Promise<number> {
  const [row] = await pipeline.graph.query<{ passed: number }>('MATCH (f:_Fence) RETURN sum(f.offset) AS passed');
  return row!.passed;
}

/** All that the stages have to pass: three of them read the records, two the markers. */
async function toPass(pipeline: Pipeline): Promise<number> {
  const sizes = await Promise.all(
    [pipeline.topics.assets, pipeline.topics.hierarchy, pipeline.topics.markers].map(async (topic) =>
      (await pipeline.admin.offsets(topic)).reduce((sum, { high }) => sum + Number(high), 0),
    ),
  );
  return 3 * (sizes[0]! + sizes[1]!) + 2 * sizes[2]!;
}

async function untilPassed(pipeline: Pipeline, messages: number): Promise<void> {
  await until(
    `the stages to pass ${messages} messages`,
    () => passed(pipeline),
    (now) => now >= messages,
  );
}

function startLoader(pipeline: Pipeline): ChildProcess {
  const { kafka, registryUrl, neo4j } = lab.servers;
  const settings: LoaderSettings = { kafka, registryUrl, neo4j, topicPrefix: pipeline.topicPrefix, rows: small.rows };
  return spawn(process.execPath, [path.join(support, 'loader-process.ts'), JSON.stringify(settings)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

async function killProcess(child: ChildProcess): Promise<void> {
  assert.equal(child.exitCode, null, 'it ended before it was killed');
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}

test(`loaders that are killed again and again end with the same graph (seed ${testSeed})`, async () => {
  await using pipeline = await lab.open({ partitions: 2 });
  await pipeline.collect({ tag: 1_000 });
  const total = await toPass(pipeline);
  for (let round = 1; round <= rounds; round++) {
    const loader = startLoader(pipeline);
    try {
      const [low, high] = [(total * (round - 1)) / (rounds + 1), (total * round) / (rounds + 1)];
      await untilPassed(pipeline, randomInteger(Math.max(1, Math.ceil(low)), Math.floor(high)));
      // Sometimes within a transaction, sometimes between two.
      await sleep(randomInteger(0, 200));
    } finally {
      await killProcess(loader);
    }
  }
  assert.ok((await passed(pipeline)) < total, 'the kills came too late to matter');
  const last = startLoader(pipeline);
  try {
    await pipeline.untilLoaded(1_000);
  } finally {
    await killProcess(last);
  }
  await assertUndisturbed(pipeline);
});

test(`a collector that is killed and started again with its tag ends with the same graph, and deletes nothing before (seed ${testSeed})`, async () => {
  await using pipeline = await lab.open({ partitions: 2 });
  await pipeline.load();
  await pipeline.runOnce({ tag: 900 });
  const before = await pipeline.graphOf();
  const collector = () =>
    startCommand(
      [
        ['collect', '--update-tag', '1000', '--aws-sync-all-profiles', '--aws-regions', estate.regions.join(',')],
        [...logOptions(lab.servers, pipeline.topicPrefix), '--scopes-at-once', '2', '--quiet'],
      ].flat(),
      lab.aws.environment,
    );
  const markers = async () =>
    (await pipeline.admin.offsets(pipeline.topics.markers)).reduce((sum, { high }) => sum + Number(high), 0);
  // One run marker and some of the scopes' and three accounts'.
  for (const wanted of [randomInteger(1, 10), randomInteger(15, 25)]) {
    const command = collector();
    const early = command.result.then(({ stderr }) => assert.fail(`it ended before it was killed: ${stderr}`));
    const seen = await markers();
    await Promise.race([
      early,
      until(`the collector to send ${wanted} markers`, markers, (now) => now >= seen + wanted),
    ]);
    early.catch(() => undefined);
    command.kill('SIGKILL');
    await command.result;
  }
  // The links, and so the cleaning of scopes, wait for the account's marker, which only a collector that ends can send.
  await until(
    'the nodes and the markers to be read',
    () => readLag(pipeline.graph, pipeline.admin, pipeline.topics, ['nodes', 'cleanup']),
    ({ stages }) => Object.values(stages).every((left) => left === 0n),
  );
  const half = await pipeline.graphOf();
  assert.deepEqual([...half.nodes.keys()].sort(), [...before.nodes.keys()].sort());
  assert.deepEqual([...half.edges.keys()].sort(), [...before.edges.keys()].sort());

  const { exitCode, stderr } = await collector().result;
  assert.equal(exitCode, 0, stderr);
  await pipeline.untilLoaded(1_000);
  await assertUndisturbed(pipeline);
});

for (const name of ['kafka', 'neo4j'] as const) {
  test(`${name} is killed twice while a run is collected and loaded: the graph is the same (seed ${testSeed})`, async () => {
    await using pipeline = await lab.open({ partitions: 2 });
    await pipeline.load({ limits: small });
    const server = name === 'kafka' ? own.stack.kafka : own.stack.neo4j[0]!;
    const crash = async (): Promise<void> => {
      await server.kill();
      await sleep(randomInteger(0, 2_000));
      await server.start();
    };
    const collecting = pipeline.collect({ tag: 1_000, scopesAtOnce: 4 });
    const finished = collecting.then(() => pipeline.untilLoaded(1_000));
    finished.catch(() => undefined);
    await Promise.race([finished, untilPassed(pipeline, randomInteger(1, 60))]);
    await crash();
    const summary = await collecting;
    assert.equal(summary.aborted, false);
    assert.equal(summary.scopesByOutcome.complete, 3 * scopesPerAccount(estate.regions.length));
    const total = await toPass(pipeline);
    const now = await passed(pipeline);
    assert.ok(now < total, 'the first crash came too late to matter');
    await untilPassed(pipeline, randomInteger(now + 1, now + Math.ceil((total - now) / 2)));
    await crash();
    await finished;
    await assertUndisturbed(pipeline);
  });
}
