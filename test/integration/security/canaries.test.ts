import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { readLog } from '../../../platform/kafka/read-log.ts';
import { topicSpecs, topicsOf } from '../../../platform/topics.ts';
import { type AwsStandIn, startAwsStandIn } from '../../../stack/aws/stand-in.ts';
import { findFreePort } from '../../../stack/server/find-free-ports.ts';
import { Canaries } from '../../support/canaries.ts';
import { type CommandResult, startCommand } from '../../support/run-command.ts';
import { seedCanaries } from '../../support/seed-canaries.ts';
import { type SecureLab, startSecureLab } from '../../support/secure-lab.ts';
import { readBody, serveOnLoopback } from '../../support/serve-on-loopback.ts';

/*
 * Secrets that nobody else has go every way that there is, also the wrong one, at the most verbose level; then all that
 * came out is searched for them.
 */

const region = 'eu-west-1';
const tag = '1795597200';
const syncs = 'ec2:instance,ec2:launch_templates,ec2:autoscalinggroup,iam';
const topicPrefix = 'canaries';
const canaries = new Canaries();
const secrets = {
  kafka: canaries.make('Kafka password'),
  wrongKafka: canaries.make('wrong Kafka password'),
  registry: canaries.make('registry password'),
  wrongRegistry: canaries.make('wrong registry password'),
  neo4j: canaries.make('Neo4j password'),
  wrongNeo4j: canaries.make('wrong Neo4j password'),
  oauth: canaries.make('OAuth client secret'),
  wrongOauth: canaries.make('wrong OAuth client secret'),
  awsKey: canaries.make('AWS secret key'),
  awsToken: canaries.make('AWS session token'),
};
let lab: SecureLab;
let aws: AwsStandIn;
let awsVariables: Record<string, string>;
let statsdPort: number;
const statsd = createSocket('udp4');
/** What OpenTelemetry's exporter sends. */
const traces = await serveOnLoopback((request, response) => {
  void readBody(request).then((body) => {
    canaries.search('traces', body);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
});

before(async () => {
  [lab, aws] = await Promise.all([
    startSecureLab({
      users: { alice: secrets.kafka },
      superUsers: ['alice'],
      clientSecret: secrets.oauth,
      userInfo: `me:${secrets.registry}`,
      neo4jPassword: secrets.neo4j,
    }),
    startAwsStandIn({ accounts: 1, instances: 1, regions: [region], scale: 0.2 }),
  ]);
  const accountId = aws.summary.accountIds[0]!;
  await seedCanaries(canaries, { endpoint: aws.endpoint, region, accountId });
  const configFile = path.join(lab.folder, 'aws-config');
  const login = `region = ${region}\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = ${secrets.awsKey}\naws_session_token = ${secrets.awsToken}\n`;
  // The stand-in takes a key that it does not know for one of the management account, which alone can read the organization.
  await writeFile(
    configFile,
    `[default]\n${login}[profile management]\n${login}` +
      `[profile member]\nregion = ${region}\nrole_arn = arn:aws:iam::${accountId}:role/cartography\nsource_profile = default\n`,
  );
  awsVariables = { ...aws.environment, AWS_CONFIG_FILE: configFile };
  statsd.on('message', (message) => canaries.search('StatsD', message));
  statsd.bind(0, '127.0.0.1');
  await once(statsd, 'listening');
  statsdPort = statsd.address().port;
});
after(async () => {
  statsd.close();
  await traces[Symbol.asyncDispose]();
  await aws.stop();
  await lab[Symbol.asyncDispose]();
});

interface Run {
  variables?: Record<string, string>;
  user?: string;
}

/** Runs a command with all its logins in order but for what is given, watched in every way, and searches what it says. */
async function run(argv: readonly string[], { variables = {} }: Run = {}): Promise<CommandResult> {
  const port = await findFreePort();
  const isWatched = ['--aws-sync-all-profiles', 'load'].some((word) => argv.includes(word)) && !argv.includes('doctor');
  const watching = ['--metrics-port', String(port), '--statsd-enabled', '--statsd-port', String(statsdPort)];
  const command = startCommand([...argv, '--debug', ...(isWatched ? watching : [])], {
    ...awsVariables,
    ...lab.variables,
    CARTOGRAPHY_KAFKA_SASL_PASSWORD: secrets.kafka,
    OTEL_EXPORTER_OTLP_ENDPOINT: traces.url,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    ...variables,
  });
  const over = new AbortController();
  const watch = isWatched ? scrape(port, over.signal) : Promise.resolve();
  const result = await command.result;
  over.abort();
  await watch;
  canaries.search(`stdout of ${argv[0]}`, result.stdout);
  canaries.search(`stderr of ${argv[0]}`, result.stderr);
  return result;
}

/** Reads what the command serves, over and over. */
async function scrape(port: number, over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    for (const page of ['metrics', 'api/status', 'readyz?verbose', 'livez?verbose', '']) {
      const response = await fetch(`http://127.0.0.1:${port}/${page}`, { signal: over }).catch(() => undefined);
      const text = await response?.text().catch(() => undefined);
      if (text !== undefined) canaries.search(`/${page}`, text);
    }
    await sleep(300, undefined, { signal: over }).catch(() => undefined);
  }
}

const log = (): string[] => [...lab.logOptions('alice'), '--topic-prefix', topicPrefix];
const graph = (): string[] => [...lab.graphOptions, '--graph', topicPrefix];

/** As `argv` without those options that begin so, and their values. */
function without(argv: readonly string[], option: string): string[] {
  return argv.filter((item, index) => !item.startsWith(option) && argv[index - 1]?.startsWith(option) !== true);
}

/** As `argv` but with another value of the option. */
function change(argv: readonly string[], option: string, value: string): string[] {
  return argv.map((item, index) => (argv[index - 1] === option ? value : item));
}

/** Options for Kafka where it wants tokens. */
function withTokens(): string[] {
  const argv = change(log(), '--kafka-sasl-mechanism', 'OAUTHBEARER');
  const oauth = '--kafka-sasl-oauthbearer';
  return [
    ...change(argv, '--kafka-bootstrap-servers', `localhost:${lab.ports.oauth}`),
    ...[`${oauth}-token-endpoint-url`, lab.issuer.tokenEndpointUrl, `${oauth}-client-id`, 'me'],
  ];
}

test('a run over TLS with all logins is complete', async () => {
  const scope = ['--aws-regions', region, '--aws-requested-syncs', syncs];
  const result = await run(['--aws-sync-all-profiles', '--update-tag', tag, '--json', ...scope, ...log(), ...graph()]);
  assert.equal(result.exitCode, 0, `${result.stdout}${result.stderr.slice(-3_000)}`);
  assert.ok(lab.gate.admitted > 0);
  const [row] = await lab.graph.query<{ count: number }>('MATCH (t:AWSLaunchTemplateVersion) RETURN count(t) AS count');
  assert.ok(row!.count > 0, 'launch templates were collected');
});

test('a run with tokens in place of the password is complete', async () => {
  const result = await run(
    ['collect', '--aws-requested-syncs', 'ec2:launch_templates', '--aws-regions', region, ...withTokens()],
    {
      variables: { CARTOGRAPHY_KAFKA_SASL_OAUTHBEARER_CLIENT_SECRET: secrets.oauth },
    },
  );
  assert.equal(result.exitCode, 0, result.stderr.slice(-3_000));
  assert.ok(lab.issuer.issued > 0, result.stderr.slice(-3_000));
});

test('a record that cannot be applied becomes a dead letter', async () => {
  const producer = await lab.log.producer();
  const { assets } = topicsOf(topicPrefix);
  await producer.write({ topic: assets, key: 'poison', value: Buffer.from([0, 0, 0, 0, 1, 255, 255]), headers: {} });
  await producer.close();
  const loaded = await run(['load', '--until-caught-up', ...log(), ...graph()]);
  assert.equal(loaded.exitCode, 0, loaded.stderr.slice(-3_000));
  for (const argv of [
    ['dlq', 'list', '--json'],
    ['dlq', 'show', '--all'],
  ]) {
    const result = await run([...argv, ...log()]);
    assert.equal(result.exitCode, 0, result.stderr.slice(-3_000));
    assert.match(result.stdout, /assets\/0/);
  }
});

test('status, doctor and schemas say what they have to say', async () => {
  for (const argv of [
    ['status', '--json', ...log(), ...graph()],
    ['status', ...log(), ...graph()],
    ['doctor', '--json', '--aws-sync-all-profiles'],
  ]) {
    const result = await run(argv);
    assert.ok([0, 5].includes(result.exitCode ?? -1), result.stderr.slice(-3_000));
  }
});

describe('what is refused is told in one line that names the setting, with its exit code', () => {
  const variables = (name: string, value: string): Run => ({ variables: { [name]: value } });
  const cases: [string, () => [string[], Run?], RegExp][] = [
    [
      'a wrong password of Kafka',
      () => [['dlq', 'list', ...log()], variables('CARTOGRAPHY_KAFKA_SASL_PASSWORD', secrets.wrongKafka)],
      /refuses the login.*CARTOGRAPHY_KAFKA_SASL_PASSWORD/,
    ],
    [
      'the wrong port of Kafka',
      () => [['dlq', 'list', ...change(log(), '--kafka-bootstrap-servers', `localhost:${lab.stack.kafka.port}`)]],
      /--kafka-/,
    ],
    [
      'Kafka of an unknown authority',
      () => [['dlq', 'list', ...change(log(), '--kafka-ssl-ca-location', '/etc/ssl/certs/ca-certificates.crt')]],
      /--kafka-ssl-ca-location/,
    ],
    [
      'a wrong client secret',
      () => [
        ['dlq', 'list', ...withTokens()],
        variables('CARTOGRAPHY_KAFKA_SASL_OAUTHBEARER_CLIENT_SECRET', secrets.wrongOauth),
      ],
      /gives no token \(401/,
    ],
    [
      'a wrong password of the registry',
      () => [
        ['schemas', 'register', ...without(without(log(), '--kafka'), '--topic-prefix')],
        variables('CARTOGRAPHY_SCHEMA_REGISTRY_BASIC_AUTH_USER_INFO', `me:${secrets.wrongRegistry}`),
      ],
      /refuses the login \(401\).*CARTOGRAPHY_SCHEMA_REGISTRY_BASIC_AUTH_USER_INFO/,
    ],
    [
      'a wrong password of Neo4j',
      () => [
        ['status', ...log(), ...without(graph(), '--neo4j-password-file'), '--neo4j-password-env-var', 'WRONG'],
        variables('WRONG', secrets.wrongNeo4j),
      ],
      /refuses the credentials.*--neo4j-password-env-var "WRONG"/,
    ],
    [
      'Neo4j by another name than that of its certificate',
      () => [['status', ...log(), ...change(graph(), '--neo4j-uri', `bolt+s://127.0.0.1:${lab.stack.neo4j[0]!.port}`)]],
      /--neo4j-trusted-certificates/,
    ],
  ];
  for (const [what, parameters, message] of cases)
    test(what, async () => {
      const { exitCode, stderr } = await run(...parameters());
      assert.equal(exitCode, 4, stderr.slice(-3_000));
      const lines = stderr.split('\n').filter((line) => line.startsWith('error: '));
      assert.equal(lines.length, 1, stderr.slice(-3_000));
      assert.match(lines[0]!, message);
    });

  test('AWS credentials that are refused', async () => {
    await aws.setFaults([{ service: 'sts', effect: 'deny' }]);
    const { exitCode, stderr } = await run(['--aws-sync-all-profiles', '--json', ...log(), ...graph()]);
    await aws.setFaults([]);
    assert.equal(exitCode, 3, stderr.slice(-3_000));
  });
});

async function searchLogAndGraph(into: Canaries): Promise<void> {
  const names = topicSpecs({ prefix: topicPrefix }).map(({ name }) => name);
  for (const name of names)
    for (const { key, value, headers, partition, offset } of await readLog(lab.log, name)) {
      const place = `${name}/${partition}/${offset}`;
      into.search(`key of ${place}`, key);
      into.search(`value of ${place}`, value);
      into.search(`headers of ${place}`, JSON.stringify(headers));
    }
  const found = await lab.graph.query<{ label: string; values: object }>(
    'MATCH (n) RETURN head(labels(n)) AS label, properties(n) AS values UNION ALL MATCH ()-[r]->() RETURN type(r) AS label, properties(r) AS values',
  );
  for (const { label, values } of found)
    into.search(
      `graph: ${label}`,
      JSON.stringify(values, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
    );
}

test('no canary has come out anywhere', async (context) => {
  await searchLogAndGraph(canaries);
  context.diagnostic(canaries.report());
  assert.ok(canaries.count >= 15 && canaries.outputs > 200, canaries.report());
  assert.deepEqual(canaries.leaks, []);
});

test('the search finds canaries that are planted in the log and in the graph', async () => {
  const planted = new Canaries();
  const { assets, hierarchy, markers } = topicsOf(topicPrefix);
  const producer = await lab.log.producer();
  await producer.write({ topic: assets, key: planted.make('key'), value: null, headers: {} });
  await producer.write({ topic: markers, key: 'k', value: Buffer.from(`\0${planted.make('value')}`), headers: {} });
  await producer.write({
    topic: hierarchy,
    key: 'k',
    value: null,
    headers: { reason: `no ${planted.make('header')}` },
  });
  await producer.close();
  await lab.graph.query('CREATE (:Planted {list: [$secret]})-[:P {value: $other}]->(:Planted)', {
    secret: planted.make('node'),
    other: Buffer.from(`a:${planted.make('edge')}`).toString('base64'),
  });
  await searchLogAndGraph(planted);
  assert.deepEqual(
    new Set(planted.leaks.map(({ canary }) => canary)),
    new Set(['key', 'value', 'header', 'node', 'edge']),
  );
});
