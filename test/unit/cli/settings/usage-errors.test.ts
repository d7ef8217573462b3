import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createProgram } from '../../../../cli/create-program.ts';
import { asUsageError } from '../../../../cli/report-error.ts';
import { ExitCode, UsageError } from '../../../../platform/errors.ts';
import { CommanderError } from 'commander';

interface Case {
  /** What is wrong, for the test's name. */
  what: string;
  argv: string[];
  setting?: string;
  message: RegExp;
}

const login = (mechanism: string): string[] => [
  ...both,
  'k:1',
  '--kafka-security-protocol',
  'SASL_SSL',
  '--kafka-sasl-mechanism',
  mechanism,
];
const both = ['--schema-registry-url', 'http://localhost:8081', '--kafka-bootstrap-servers'];
const cases: Case[] = [
  {
    what: 'an unknown option, with the one that was meant',
    argv: ['--neo4j-urii', 'x'],
    setting: '--neo4j-urii',
    message: /unknown option '--neo4j-urii'.*--neo4j-uri\?/,
  },
  { what: 'an option of a sync that does not exist', argv: ['--gcp-requested-syncs', 'x'], message: /unknown option/ },
  { what: 'a missing value', argv: ['--update-tag'], setting: '--update-tag', message: /argument missing/ },
  { what: 'an unknown command', argv: ['colect'], message: /no command "colect"/ },
  { what: 'an option of another command', argv: ['collect', '--neo4j-uri', 'bolt://x'], message: /unknown option/ },
  {
    what: 'an unknown sync, with the one that was meant',
    argv: ['--aws-requested-syncs', 'ec2:instnace'],
    setting: '--aws-requested-syncs',
    message: /no sync "ec2:instnace".*Did you mean ec2:instance\?.*Choose from/,
  },
  {
    what: 'a shard beyond their number',
    argv: ['collect', '--update-tag', '1', '--shard', '4/3'],
    setting: '--shard',
    message: /--shard "4\/3": give the number of this part and of all/,
  },
  {
    what: 'a shard without the tag that all of them need',
    argv: ['collect', '--shard', '1/3'],
    setting: '--shard',
    message: /--update-tag/,
  },
  {
    what: 'a shard of a run that also loads',
    argv: ['--shard', '1/3'],
    setting: '--shard',
    message: /unknown option/,
  },
  {
    what: 'a rebuild without a name of its own',
    argv: ['replay'],
    setting: '--graph',
    message: /replay needs --graph/,
  },
  {
    what: 'an empty list of syncs',
    argv: ['--aws-requested-syncs', ' , '],
    setting: '--aws-requested-syncs',
    message: /the list is empty/,
  },
  {
    what: 'an account id of eleven digits',
    argv: ['--aws-organization-account-ids', '123456789012,12345678901'],
    setting: '--aws-organization-account-ids',
    message: /"12345678901" is not an account id, which has 12 digits/,
  },
  { what: 'no region', argv: ['--aws-regions', ','], setting: '--aws-regions', message: /the list is empty/ },
  {
    what: 'a region that could be part of another host name',
    argv: ['--aws-regions', 'eu-west-1.example.com#'],
    setting: '--aws-regions',
    message: /is not the name of a region/,
  },
  { what: 'a tag of zero', argv: ['--update-tag', '0'], setting: '--update-tag', message: /"0": give a whole number/ },
  { what: 'a broken tag', argv: ['--update-tag', '1.5'], setting: '--update-tag', message: /"1.5"/ },
  {
    what: 'a tag that no number can hold',
    argv: ['--update-tag', '99999999999999999999'],
    setting: '--update-tag',
    message: /whole number/,
  },
  {
    what: 'a web address for Neo4j',
    argv: ['--neo4j-uri', 'http://localhost:7474'],
    setting: '--neo4j-uri',
    message: /like bolt:\/\/localhost:7687/,
  },
  {
    what: 'a lifetime of zero',
    argv: ['--neo4j-max-connection-lifetime', '0'],
    setting: '--neo4j-max-connection-lifetime',
    message: /at least 1/,
  },
  {
    what: 'a negative gate timeout',
    argv: ['--gate-timeout=-1'],
    setting: '--gate-timeout',
    message: /from 0 to/,
  },
  {
    what: 'a graph with a blank in its name',
    argv: ['--graph', 'a b'],
    setting: '--graph',
    message: /letters, digits/,
  },
  {
    what: 'an unknown module, with the one that was meant',
    argv: ['--selected-modules', 'analisys'],
    setting: '--selected-modules',
    message: /Did you mean analysis\?/,
  },
  {
    what: 'a Kafka without a port',
    argv: [...both, 'localhost'],
    setting: '--kafka-bootstrap-servers',
    message: /"localhost" is not an address/,
  },
  {
    what: 'Kafka without a registry',
    argv: ['--kafka-bootstrap-servers', 'localhost:9092'],
    setting: '--schema-registry-url',
    message: /no schema registry: set --schema-registry-url or CARTOGRAPHY_SCHEMA_REGISTRY_URL/,
  },
  {
    what: 'a registry without Kafka',
    argv: ['--schema-registry-url', 'http://localhost:8081'],
    setting: '--kafka-bootstrap-servers',
    message: /no Kafka/,
  },
  {
    what: 'a registry without a scheme',
    argv: ['--kafka-bootstrap-servers', 'localhost:9092', '--schema-registry-url', 'localhost:8081'],
    setting: '--schema-registry-url',
    message: /give an address like http/,
  },
  {
    what: 'a login without its protocol',
    argv: [...both, 'k:1', '--kafka-sasl-mechanism', 'PLAIN'],
    setting: '--kafka-sasl-mechanism',
    message: /needs --kafka-security-protocol SASL_SSL/,
  },
  {
    what: 'a protocol with a login that is not given',
    argv: [...both, 'k:1', '--kafka-security-protocol', 'SASL_SSL'],
    setting: '--kafka-security-protocol',
    message: /set --kafka-sasl-mechanism too/,
  },
  {
    what: 'a Kafka user without a password',
    argv: [...login('SCRAM-SHA-512'), '--kafka-sasl-username', 'me'],
    setting: '--kafka-sasl-password-file',
    message: /needs --kafka-sasl-password-file/,
  },
  {
    what: 'a password variable that is not there',
    argv: [...login('plain'), '--kafka-sasl-username', 'me', '--kafka-sasl-password-env-var', 'NO_SUCH_VARIABLE'],
    setting: '--kafka-sasl-password-env-var',
    message: /"NO_SUCH_VARIABLE": there is no such variable/,
  },
  {
    what: 'files for TLS without TLS',
    argv: [...both, 'k:1', '--kafka-ssl-ca-location', 'ca.pem'],
    setting: '--kafka-security-protocol',
    message: /set --kafka-security-protocol to SSL or SASL_SSL/,
  },
  {
    what: 'OAuth without an endpoint',
    argv: login('OAUTHBEARER'),
    setting: '--kafka-sasl-oauthbearer-token-endpoint-url',
    message: /CARTOGRAPHY_KAFKA_SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL/,
  },
  {
    what: 'IAM without a region',
    argv: login('AWS_MSK_IAM'),
    setting: '--kafka-sasl-aws-region',
    message: /needs --kafka-sasl-aws-region/,
  },
  {
    what: 'a password in an option',
    argv: ['--kafka-bootstrap-servers', 'k:1', '--schema-registry-url', 'https://me:secret-1@registry'],
    setting: '--schema-registry-url',
    message: /^(?!.*secret-1).*give user:password by --schema-registry-basic-auth-user-info-file/,
  },
  { what: 'no partitions', argv: ['--partitions', '0'], setting: '--partitions', message: /from 1 to/ },
  {
    what: 'a stage that does not exist',
    argv: ['load', '--stages', 'node'],
    setting: '--stages',
    message: /no stage node/,
  },
  { what: 'a demo without accounts', argv: ['demo', '--accounts', '0'], setting: '--accounts', message: /from 1 to/ },
  {
    what: 'an unknown sync of a policy',
    argv: ['iam', '--aws-requested-syncs', 's4'],
    setting: '--aws-requested-syncs',
    message: /Did you mean s3\?/,
  },
  {
    what: 'a format that there is not',
    argv: ['iam', '--format', 'yaml'],
    setting: '--format',
    message: /choose from cloudformation, terraform, json/,
  },
  {
    what: 'documents without parameters, and no hub',
    argv: ['iam', '--format', 'json'],
    setting: '--hub-account',
    message: /name the account in which this program runs/,
  },
  {
    what: 'an external id that STS does not allow',
    argv: ['iam', '--external-id', 'a b'],
    setting: '--external-id',
    message: /2 to 1,224 letters/,
  },
  {
    what: 'profiles of no accounts',
    argv: ['iam', 'profiles'],
    setting: '--accounts',
    message: /--accounts, or take all of them with --organization/,
  },
  {
    what: 'a profile of half an account id',
    argv: ['iam', 'profiles', '--accounts', 'prod=12345'],
    setting: '--accounts',
    message: /"12345" is not an account id/,
  },
  {
    what: 'two sources of credentials',
    argv: [
      'iam',
      'profiles',
      '--accounts',
      '123456789012',
      '--source-profile',
      'x',
      '--credential-source',
      'Environment',
    ],
    setting: '--source-profile',
    message: /either this or --credential-source/,
  },
];

for (const { what, argv, setting, message } of cases) {
  test(`a usage error for ${what}`, async () => {
    const error = await failureOf(argv);
    assert.ok(error instanceof UsageError, String(error));
    assert.equal(error.exitCode, ExitCode.usage);
    assert.match(error.message, message);
    if (setting !== undefined) assert.equal(error.setting, setting);
  });
}

async function failureOf(argv: readonly string[]): Promise<unknown> {
  const names = ['CARTOGRAPHY_KAFKA_BOOTSTRAP_SERVERS', 'CARTOGRAPHY_SCHEMA_REGISTRY_URL'];
  const kept = names.map((name) => process.env[name]);
  for (const name of names) delete process.env[name];
  try {
    await createProgram(() => undefined).parseAsync(argv, { from: 'user' });
  } catch (error) {
    return error instanceof CommanderError ? asUsageError(error) : error;
  } finally {
    names.forEach((name, index) => kept[index] !== undefined && (process.env[name] = kept[index]));
  }
  throw new Error(`no error came of ${argv.join(' ')}`);
}
