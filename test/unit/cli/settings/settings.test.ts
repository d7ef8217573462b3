import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';

import { readCollectSettings } from '../../../../cli/settings/collect-settings.ts';
import { readGraphSettings, readStages } from '../../../../cli/settings/graph-settings.ts';
import { readLogSettings } from '../../../../cli/settings/log-settings.ts';
import { moduleNames, readModules } from '../../../../cli/settings/module-settings.ts';
import { readOutputSettings } from '../../../../cli/settings/output-settings.ts';
import { readSecret, type Secret } from '../../../../platform/secrets/secret.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

test('without options a run covers one account, all syncs, and has the time as its tag', () => {
  assert.deepEqual(
    readCollectSettings({}, () => 1_767_225_600_999),
    {
      updateTag: 1_767_225_600,
      syncAllProfiles: false,
      regions: undefined,
      organizationAccountIds: undefined,
      requestedSyncs: undefined,
      accountsAtOnce: undefined,
      scopesAtOnce: undefined,
      overlapHierarchy: false,
      shard: undefined,
      notes: [],
    },
  );
});

test('lists lose their blanks and duplicates; blank regions are told of', () => {
  const settings = readCollectSettings({
    awsRegions: 'eu-west-1,, us-gov-west-1 ,eu-west-1',
    awsOrganizationAccountIds: '123456789012, 000000000001',
    awsRequestedSyncs: 's3,iam,s3',
  });
  assert.deepEqual(settings.regions, ['eu-west-1', 'us-gov-west-1']);
  assert.deepEqual(settings.organizationAccountIds, ['123456789012', '000000000001']);
  assert.deepEqual(settings.requestedSyncs, ['s3', 'iam']);
  assert.match(settings.notes.join(), /--aws-regions has blank items/);
});

test('numbers are read as numbers', () => {
  const settings = readCollectSettings({ updateTag: '1767225600', accountsAtOnce: '2', scopesAtOnce: '7' });
  assert.deepEqual([settings.updateTag, settings.accountsAtOnce, settings.scopesAtOnce], [1_767_225_600, 2, 7]);
});

test("Neo4j's defaults are the reference's, and may give way to a running local stack", () => {
  const settings = readGraphSettings({}, {});
  assert.deepEqual(settings.neo4j, { uri: 'bolt://localhost:7687' });
  assert.equal(settings.local, 'any');
  assert.equal(settings.graphName, 'cartography');
  assert.equal(settings.gateTimeoutMs, 3_600_000);
});

test('the password comes from the named variable, and only for a user', async () => {
  const options = { neo4jPasswordEnvVar: 'SECRET', neo4jUri: 'neo4j+s://graph.example.com', neo4jDatabase: 'assets' };
  const environment = { SECRET: 'hidden-1' };
  assert.equal(readGraphSettings(options, environment).neo4j.password, undefined);
  const { neo4j, local, notes } = readGraphSettings({ ...options, neo4jUser: 'me' }, environment);
  const { password, ...others } = neo4j;
  assert.deepEqual(others, { uri: 'neo4j+s://graph.example.com', user: 'me', database: 'assets' });
  assert.equal(await readSecret(password!), 'hidden-1');
  assert.equal(local, undefined);
  assert.equal(readGraphSettings(options, environment).local, 'same-address');
  assert.deepEqual(notes, []);
});

test('a user without a password is told of, and asked if the prompt is wanted', () => {
  assert.match(readGraphSettings({ neo4jUser: 'me' }, {}).notes.join(), /without a password/);
  assert.match(readGraphSettings({ neo4jUser: 'me', neo4jPasswordEnvVar: 'GONE' }, {}).notes.join(), /GONE/);
  const asked = readGraphSettings({ neo4jUser: 'me', neo4jPasswordPrompt: true }, {});
  assert.deepEqual([(asked.neo4j.password as Secret).setting, asked.notes], ['--neo4j-password-prompt', []]);
  assert.equal(readGraphSettings({ neo4jPasswordPrompt: true }, {}).neo4j.password, undefined);
});

test("authorities of one's own go with encryption only", () => {
  const options = { neo4jTrustedCertificates: 'ca.pem', neo4jUri: 'neo4j+s://graph.example.com' };
  const { neo4j } = readGraphSettings(options, {});
  assert.deepEqual(neo4j.trustedCertificates, { path: 'ca.pem', setting: '--neo4j-trusted-certificates' });
  assert.throws(
    () => readGraphSettings({ ...options, neo4jUri: 'bolt://graph' }, {}),
    /let --neo4j-uri begin with bolt\+s/,
  );
});

test('limits of connections are seconds', () => {
  const { neo4j } = readGraphSettings({ neo4jMaxConnectionLifetime: '60', neo4jLivenessCheckTimeout: '0' }, {});
  assert.equal(neo4j.maxConnectionLifetimeSeconds, 60);
  assert.equal(neo4j.livenessCheckTimeoutSeconds, 0);
});

test('permission relationships are read from the file that is named, and others are refused', async () => {
  await using folder = await tempFolder();
  const file = path.join(folder.path, 'mine.yaml');
  const read = () => readGraphSettings({ permissionRelationshipsFile: file }, {}).permissionRelationships;

  assert.throws(read, /--permission-relationships-file .*mine\.yaml.*cannot be read/);
  await writeFile(file, '- {target_label: AWSKMSKey, permissions: [ kms:Decrypt ], relationship_name: CAN_DECRYPT}');
  assert.deepEqual(read(), [
    { targetLabel: 'AWSKMSKey', permissions: ['kms:Decrypt'], relationshipName: 'CAN_DECRYPT' },
  ]);
  await writeFile(file, '- {}');
  assert.throws(read, /mine\.yaml.*entry 1: permissions must be a list/);
  assert.equal(readGraphSettings({}, {}).permissionRelationships, undefined);
});

test('without Kafka and registry the log is the local one', () => {
  const settings = readLogSettings({}, { CARTOGRAPHY_KAFKA_BOOTSTRAP_SERVERS: '' });
  assert.equal(settings.servers, undefined);
  assert.equal(settings.topicPrefix, 'cartography.aws');
});

test('an option comes before the variable', () => {
  const environment = {
    CARTOGRAPHY_KAFKA_BOOTSTRAP_SERVERS: 'variable:9092',
    CARTOGRAPHY_SCHEMA_REGISTRY_URL: 'http://variable:8081',
  };
  const fromVariables = readLogSettings({}, environment).servers;
  assert.deepEqual(fromVariables?.kafka.bootstrapServers, ['variable:9092']);
  assert.equal(fromVariables?.registry.url, 'http://variable:8081');
  const mixed = readLogSettings({ kafkaBootstrapServers: 'a:1, b:2' }, environment).servers;
  assert.deepEqual(mixed?.kafka.bootstrapServers, ['a:1', 'b:2']);
  assert.equal(mixed?.registry.url, 'http://variable:8081');
});

test('a bad value of a variable is refused with the name of the variable, without its password', () => {
  const environment = {
    CARTOGRAPHY_KAFKA_BOOTSTRAP_SERVERS: 'a:1',
    CARTOGRAPHY_SCHEMA_REGISTRY_URL: 'ftp://me:hidden-2@registry',
  };
  assert.throws(
    () => readLogSettings({}, environment),
    (error) => {
      assert.ok(error instanceof Error);
      assert.match(error.message, /--schema-registry-url .*from CARTOGRAPHY_SCHEMA_REGISTRY_URL/);
      assert.doesNotMatch(error.message, /hidden-2/);
      return true;
    },
  );
});

test('topics are created as they are wanted', () => {
  const { topics } = readLogSettings({ topicPrefix: 'acme', partitions: '3', replicationFactor: '2' }, {});
  assert.deepEqual(topics, { prefix: 'acme', partitions: 3, replicationFactor: 2 });
});

test('modules and stages are all by default, and each only once', () => {
  assert.deepEqual([...readModules(undefined)], [...moduleNames]);
  assert.deepEqual([...readModules('aws, create-indexes,aws')], ['aws', 'create-indexes']);
  assert.deepEqual(readStages(undefined), ['nodes', 'links', 'cross-links', 'cleanup', 'analysis']);
  assert.deepEqual(readStages('cleanup,nodes'), ['cleanup', 'nodes']);
});

test('more output comes before less', () => {
  assert.deepEqual(readOutputSettings({}), { level: 'info', quiet: false, stacks: false, json: false });
  assert.deepEqual(readOutputSettings({ quiet: true }), { level: 'warn', quiet: true, stacks: false, json: false });
  assert.equal(readOutputSettings({ quiet: true, verbose: true }).level, 'debug');
  assert.equal(readOutputSettings({ debug: true }).stacks, true);
});
