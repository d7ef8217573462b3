import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';

import { findFreePorts } from '../../../stack/server/find-free-ports.ts';
import { buildImage, copiedBy, type Instruction, readDockerfile } from '../../support/build-image.ts';
import { type Lab, type Pipeline, startLab, until } from '../../support/pipeline.ts';
import { differences } from '../../support/read-graph.ts';
import { exampleValues, installChartTools, renderChart } from '../../support/render-chart.ts';
import { tempFolder } from '../../support/temp-folder.ts';

/*
 * No container engine is needed: the image's folder is made as the Dockerfile says, and node's permission model stands for
 * the container: it reads that folder and writes one temporary folder, and nothing else.
 */

const run = promisify(execFile);
const root = path.join(import.meta.dirname, '..', '..', '..');
const minute = 29_000_000;
let folder: Awaited<ReturnType<typeof tempFolder>>;
let image: string;
let writable: string;
let lab: Lab;

before(async () => {
  folder = await tempFolder();
  writable = path.join(folder.path, 'tmp');
  await mkdir(writable);
  [lab, image] = await Promise.all([
    startLab({ accounts: 2, instances: 2, regions: ['us-east-1'], seed: 14, scale: 0.3 }),
    buildImage(folder.path),
  ]);
  await cp(lab.aws.environment['AWS_CONFIG_FILE']!, path.join(writable, 'aws-config'));
});
/** What a failed test has left. */
const started: ChildProcess[] = [];
after(async () => {
  for (const child of started) child.kill('SIGKILL');
  await lab.close();
  await folder[Symbol.asyncDispose]();
});

function variables(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  const reads = [`${image}/*`, `${writable}/*`, '/dev/null'].map((place) => `--allow-fs-read=${place}`);
  return {
    PATH: `${path.dirname(process.execPath)}:${process.env['PATH']}`,
    HOME: writable,
    TMPDIR: writable,
    NODE_ENV: 'production',
    NODE_OPTIONS: ['--permission', ...reads, `--allow-fs-write=${writable}/*`].join(' '),
    ...more,
  };
}

async function filesOf(place: string): Promise<string[]> {
  return (await readdir(place, { recursive: true })).filter((name) => !name.startsWith('node_modules')).sort();
}

interface Container {
  command?: string[];
  args: string[];
  env: { name: string; value?: string; valueFrom?: { secretKeyRef?: { name: string } } }[];
}

/** Starts what Kubernetes would: variables in the arguments replaced, secrets and fields filled in. */
function startContainer({ command = ['node', 'cli/main.ts'], args, env }: Container, more: Record<string, string>) {
  const given = env.flatMap(({ name, value, valueFrom }) => {
    if (value !== undefined) return [[name, value]];
    return valueFrom?.secretKeyRef === undefined ? [] : [[name, lab.servers.neo4j.password]];
  });
  const environment = variables({ ...(Object.fromEntries(given) as Record<string, string>), ...more });
  const expanded = args.map((text) => text.replaceAll(/\$\((\w+)\)/g, (all, name: string) => environment[name] ?? all));
  const child = spawn(command[0]!, [...command.slice(1), ...expanded], { cwd: image, env: environment });
  started.push(child);
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdout.resume();
  const result = once(child, 'close').then(([exitCode]) => ({ exitCode: exitCode as number | null, stderr }));
  return { kill: () => child.kill('SIGTERM'), result };
}

async function containersOf({ topicPrefix }: Pipeline): Promise<{ collector: Container; loader: Container }> {
  const { kafka, registryUrl, neo4j } = lab.servers;
  const example = await exampleValues('one-for-all');
  const { chart } = await renderChart(
    {
      chart: {
        ...example,
        kafka: { bootstrapServers: kafka.join(',') },
        schemaRegistry: { url: registryUrl },
        neo4j: { uri: neo4j.uri, passwordSecret: { name: 'neo4j' } },
        topics: { prefix: topicPrefix, partitions: 2, replicationFactor: 1 },
        graph: topicPrefix,
        collector: { shards: 2, aws: { regions: lab.aws.summary.regions, config: '[default]' } },
      },
    },
    ['1.37'],
  );
  assert.equal(chart.error, null);
  const find = (kind: string) => chart.manifests.find((one) => one.kind === kind)!;
  return {
    collector: find('CronJob').spec.jobTemplate.spec.template.spec.containers[0] as Container,
    loader: find('Deployment').spec.template.spec.containers[0] as Container,
  };
}

const awsOfTheTest = () => ({
  ...lab.aws.environment,
  AWS_CONFIG_FILE: path.join(writable, 'aws-config'),
  CARTOGRAPHY_METRICS_PORT: '0',
});

test('hadolint finds nothing in the Dockerfile', async () => {
  const hadolint = path.join(path.dirname(await installChartTools()), 'hadolint');
  await run(hadolint, [path.join(root, 'Dockerfile')]);
  const bad = path.join(writable, 'Dockerfile');
  await writeFile(bad, 'FROM node\nRUN cd /tmp && sudo npm install\n');
  await assert.rejects(run(hadolint, [bad]), { stdout: /DL3004/ }, 'the check itself can fail');
});

test('the image runs as a numbered user, on the Node that the project pins, and node gets its signals', async () => {
  const stages = await readDockerfile();
  const last = stages.at(-1)!;
  const one = (name: string) => last.filter((instruction) => instruction.name === name).map(({ text }) => text);
  const { devDependencies } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as {
    devDependencies: Record<string, string>;
  };
  for (const [from] of stages) assert.ok(from!.text.startsWith(`node:${devDependencies['node']}-bookworm-slim`));
  assert.deepEqual(one('USER'), ['1000:1000']);
  assert.deepEqual(one('ENTRYPOINT'), ['["node", "cli/main.ts"]']);
  assert.ok(one('RUN').every((text) => text.startsWith('rm ')));
});

test('everything that is copied is let into the build', async () => {
  const allowed = (await readFile(path.join(root, '.dockerignore'), 'utf8')).split('\n');
  assert.equal(allowed[0], '*');
  const copies = (await readDockerfile()).flat().filter(({ name, text }) => name === 'COPY' && !text.startsWith('--'));
  const sources = copies.flatMap((instruction: Instruction) => copiedBy(instruction).sources);
  for (const source of sources) assert.ok(allowed.includes(`!${source}`), source);
});

test('the image has what it needs and no more', async () => {
  const folders = (await readdir(image)).sort();
  assert.deepEqual(
    folders.filter((name) => ['test', 'bench', 'docs', 'deploy', '.npmrc'].includes(name)),
    [],
  );
  await assert.rejects(readdir(path.join(image, 'node_modules', 'typescript')), /ENOENT/);
  const { stdout } = await run('du', ['-sk', image]);
  assert.ok(Number.parseInt(stdout, 10) < 120_000, `${stdout} KiB`);
  for (const command of [[], ['collect'], ['load'], ['replay'], ['status']]) {
    const help = await run('node', ['cli/main.ts', ...command, '--help'], { cwd: image, env: variables() });
    assert.match(help.stdout, new RegExp(`^Usage: cartography ${command.join('')}`));
  }
});

test('nothing in the image can be written, and nothing beside it be read', async () => {
  const script = (statement: string) =>
    run('node', ['-e', `require('node:fs').${statement}`], { cwd: image, env: variables() });
  await assert.rejects(script(`writeFileSync('cli/x', '')`), /ERR_ACCESS_DENIED/);
  await assert.rejects(script(`readFileSync(${JSON.stringify(path.join(root, 'README.md'))})`), /ERR_ACCESS_DENIED/);
});

test('a job whose name has no minute is told what to do', async () => {
  await using pipeline = await lab.open();
  const { collector } = await containersOf(pipeline);
  const { exitCode, stderr } = await startContainer(collector, { JOB_NAME: 'now', JOB_COMPLETION_INDEX: '0' }).result;
  assert.equal(exitCode, 2);
  assert.match(stderr, /job now: its name must end in the time in minutes/);
});

test('what the chart starts collects a run in shards, loads it, is healthy and ends in order', async () => {
  await using pipeline = await lab.open({ partitions: 2 });
  const { collector, loader } = await containersOf(pipeline);
  const filesBefore = await filesOf(image);
  const shards = await Promise.all(
    ['0', '1'].map(
      (index) =>
        startContainer(collector, {
          ...awsOfTheTest(),
          JOB_NAME: `inventory-cartography-stream-collect-${minute}`,
          JOB_COMPLETION_INDEX: index,
        }).result,
    ),
  );
  for (const { exitCode, stderr } of shards) assert.equal(exitCode, 0, stderr);

  const [port] = await findFreePorts(1);
  const loading = startContainer(loader, { CARTOGRAPHY_METRICS_PORT: String(port) });
  const failed = loading.result.then(({ stderr }) => assert.fail(`the loader has ended: ${stderr}`));
  await Promise.race([failed, pipeline.untilLoaded(minute * 60)]);
  assert.deepEqual(differences(await pipeline.law(), await pipeline.graphOf()), []);

  const health = (await readDockerfile()).at(-1)!.find(({ name }) => name === 'HEALTHCHECK')!;
  const [command, ...parameters] = JSON.parse(health.text.slice(health.text.indexOf('['))) as string[];
  const check = (on: number) =>
    run(command!, parameters, { cwd: image, env: variables({ CARTOGRAPHY_METRICS_PORT: String(on) }) });
  await until('the loader to be healthy', () => check(port!).then(() => true), Boolean);
  await assert.rejects(check(1), 'the check itself can fail');

  failed.catch(() => undefined);
  loading.kill();
  const { exitCode, stderr } = await loading.result;
  assert.equal(exitCode, 143, stderr);
  assert.deepEqual(await filesOf(image), filesBefore);
});
