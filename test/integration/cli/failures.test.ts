import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { findFreePort } from '../../../stack/server/find-free-ports.ts';
import { startStack } from '../../../stack/stack.ts';
import { runCommand } from '../../support/run-command.ts';
import { type LoopbackServer, serveOnLoopback } from '../../support/serve-on-loopback.ts';
import { tempFolder } from '../../support/temp-folder.ts';

/* Against the servers at TEST_KAFKA, TEST_REGISTRY and TEST_NEO4J, or ones of its own. */

interface Servers {
  kafka: string;
  registry: string;
  neo4j: { uri: string; password: string };
  stop(): Promise<void>;
}

let servers: Servers;
let nowhere: string;
/** An STS to which every session has expired, in STS's own words. */
let expiredSts: LoopbackServer;
const expired =
  '<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>ExpiredToken</Code><Message>The security token included in the request is expired</Message></Error><RequestId>0</RequestId></ErrorResponse>';

before(async () => {
  expiredSts = await serveOnLoopback((request, response) => {
    request.resume();
    response.writeHead(403, { 'content-type': 'text/xml' }).end(expired);
  });
  nowhere = `127.0.0.1:${await findFreePort()}`;
  const { TEST_KAFKA: kafka, TEST_REGISTRY: registry, TEST_NEO4J: uri, TEST_NEO4J_PASSWORD: password } = process.env;
  if (kafka && registry && uri && password) {
    servers = { kafka, registry, neo4j: { uri, password }, stop: () => Promise.resolve() };
    return;
  }
  const stack = await startStack();
  const { neo4j } = stack;
  servers = {
    kafka: stack.kafka.bootstrapServers,
    registry: stack.registry.url,
    neo4j: { uri: neo4j[0]!.uri, password: neo4j[0]!.password },
    stop: () => stack.stop(),
  };
});
after(async () => {
  await expiredSts[Symbol.asyncDispose]();
  await servers.stop();
});

/** A run whose settings are right but for these, and which would fail for want of AWS credentials at the latest. */
async function run(options: Record<string, string>, variables: Record<string, string | undefined> = {}) {
  await using folder = await tempFolder();
  const all: Record<string, string> = {
    '--kafka-bootstrap-servers': servers.kafka,
    '--schema-registry-url': servers.registry,
    '--neo4j-uri': servers.neo4j.uri,
    '--neo4j-user': 'neo4j',
    '--neo4j-password-env-var': 'GRAPH_PASSWORD',
    '--topic-prefix': `test-cli-${process.pid}`,
    '--graph': `test-cli-${process.pid}`,
    ...options,
  };
  return await runCommand(Object.entries(all).flat(), {
    GRAPH_PASSWORD: servers.neo4j.password,
    HOME: folder.path,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_PROFILE: undefined,
    AWS_ACCESS_KEY_ID: undefined,
    ...variables,
  });
}

describe('a command that cannot go on says why in one line, names the setting and has its exit code', () => {
  const cases: [string, () => Parameters<typeof run>, number, RegExp][] = [
    [
      'Kafka that cannot be reached',
      () => [{ '--kafka-bootstrap-servers': nowhere }],
      4,
      /Kafka at 127\.0\.0\.1:\d+.*--kafka-bootstrap-servers/,
    ],
    [
      'a registry that cannot be reached',
      () => [{ '--schema-registry-url': `http://${nowhere}` }],
      4,
      /registry http:.*cannot be reached.*--schema-registry-url/,
    ],
    [
      'a registry that is none',
      () => [{ '--schema-registry-url': servers.registry.replace(/\/apis.*/, '/health') }],
      4,
      /--schema-registry-url/,
    ],
    [
      'Neo4j that cannot be reached',
      () => [{ '--neo4j-uri': `bolt://${nowhere}` }],
      4,
      /cannot reach Neo4j.*--neo4j-uri/,
    ],
    [
      'a wrong password of Neo4j',
      () => [{}, { GRAPH_PASSWORD: 'not-the-password' }],
      4,
      /refuses the credentials.*--neo4j-user/,
    ],
    ['a database that Neo4j does not have', () => [{ '--neo4j-database': 'nosuch' }], 4, /--neo4j-database/],
    ['a value that cannot be used', () => [{ '--update-tag': 'now' }], 2, /--update-tag "now"/],
    [
      'AWS credentials that have expired',
      () => [
        {},
        {
          AWS_ACCESS_KEY_ID: 'ASIAIOSFODNN7EXAMPLE',
          AWS_SECRET_ACCESS_KEY: 'not-the-password',
          AWS_SESSION_TOKEN: 'not-the-password',
          AWS_REGION: 'eu-west-1',
          AWS_ENDPOINT_URL: expiredSts.url,
        },
      ],
      3,
      /cannot be verified: ExpiredToken.*Hint: .*(renew|new)/,
    ],
    ['no AWS credentials', () => [{}], 3, /no credentials in the environment.*AWS_PROFILE/],
  ];
  for (const [what, parameters, exitCode, message] of cases) {
    test(what, async () => {
      const result = await run(...parameters());
      assert.equal(result.exitCode, exitCode, result.stderr);
      assert.equal(result.stdout, '');
      const errors = result.stderr.split('\n').filter((line) => line.startsWith('error: '));
      assert.equal(errors.length, 1, result.stderr);
      assert.match(errors[0]!, message);
      assert.doesNotMatch(result.stderr, /^\s+at /m);
      assert.ok(!result.stderr.includes('not-the-password') && !result.stderr.includes(servers.neo4j.password));
    });
  }
});

test('with --debug the stack follows', async () => {
  const result = await runCommand(['--neo4j-uri', `bolt://${nowhere}`, '--neo4j-user', 'neo4j', '--debug']);
  assert.equal(result.exitCode, 4);
  assert.match(result.stderr, /^error: cannot reach Neo4j.*\n.*\n? +at /m);
});
