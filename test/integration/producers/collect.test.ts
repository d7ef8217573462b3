import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';

import { pino } from 'pino';

import { connectLog } from '../../../platform/kafka/connect-log.ts';
import type { Log, LogProducer } from '../../../platform/kafka/log.ts';
import { topicSpecs, topicsOf } from '../../../platform/topics.ts';
import type { CollectOptions } from '../../../producers/run.ts';
import { collect } from '../../../producers/run.ts';
import type { RunSummary } from '../../../producers/summarize.ts';
import { syncs } from '../../../producers/syncs.ts';
import { loadCatalogue } from '../../../schemas/catalogue.ts';
import type { Decoder, Encoder } from '../../../schemas/codec.ts';
import { createDecoder, createEncoder } from '../../../schemas/codec.ts';
import { connectRegistry } from '../../../schemas/registry.ts';
import type { AwsStandIn } from '../../../stack/aws/stand-in.ts';
import { startAwsStandIn } from '../../../stack/aws/stand-in.ts';
import { startStack } from '../../../stack/stack.ts';
import type { ReadMessage } from '../../../platform/kafka/read-log.ts';
import { readLog } from '../../../platform/kafka/read-log.ts';

/* Against Kafka and the registry at TEST_KAFKA and TEST_REGISTRY, or servers of its own. */

const catalogue = loadCatalogue();
const topics = topicsOf(`test-${randomUUID()}`);
const firstTag = 1_767_225_600;
let aws: AwsStandIn;
let log: Log;
let producer: LogProducer;
let encoder: Encoder;
let decoder: Decoder;
let stopServers = async (): Promise<void> => {};
const savedEnvironment = { ...process.env };

before(async () => {
  let { TEST_KAFKA: kafka, TEST_REGISTRY: registryUrl } = process.env;
  const startingAws = startAwsStandIn({ accounts: 2, instances: 3, regions: ['us-east-1', 'eu-west-1'], seed: 11 });
  if (!kafka || !registryUrl) {
    const stack = await startStack({ services: ['kafka', 'registry'] });
    stopServers = () => stack.stop();
    kafka = stack.kafka.bootstrapServers;
    registryUrl = stack.registry.url;
  }
  aws = await startingAws;
  Object.assign(process.env, aws.environment);
  log = connectLog({ bootstrapServers: kafka.split(','), clientId: 'test' });
  const admin = await log.admin();
  await admin.ensureTopics(topicSpecs({ prefix: topics.assets.replace(/\.assets$/, ''), partitions: 4 }));
  await admin.close();
  producer = await log.producer();
  const registry = connectRegistry({ url: registryUrl });
  encoder = createEncoder(registry, catalogue);
  decoder = createDecoder(registry);
});
after(async () => {
  process.env = savedEnvironment;
  await producer.close();
  await Promise.all([aws.stop(), stopServers()]);
});

function run(options: Partial<CollectOptions>): Promise<RunSummary> {
  return collect({
    producer,
    encoder,
    catalogue,
    topics,
    logger: pino({ level: 'silent' }),
    updateTag: firstTag,
    syncAllProfiles: true,
    regions: aws.summary.regions,
    ...options,
  });
}

type Marker = Record<string, unknown> & { offsets: { topic: string; partition: number; offset: number }[] };

async function markersOf(name: string, updateTag: number): Promise<Marker[]> {
  const markers: Marker[] = [];
  for (const { value } of await readLog(log, topics.markers)) {
    const decoded = await decoder.decode(value as Buffer);
    if (decoded.name === `cartography.aws.markers.${name}` && decoded.value['updateTag'] === updateTag) {
      markers.push(decoded.value as Marker);
    }
  }
  return markers;
}

/** The vector that the messages themselves give. */
function vectorOf(topic: string, messages: readonly ReadMessage[]): Marker['offsets'] {
  const ends = new Map<number, number>();
  for (const { partition, offset } of messages) ends.set(partition, Number(offset) + 1);
  return [...ends].sort(([a], [b]) => a - b).map(([partition, offset]) => ({ topic, partition, offset }));
}

describe('a run against an organization with two accounts', () => {
  let summary: RunSummary;
  let assets: ReadMessage[];
  before(async () => {
    summary = await run({});
    assets = await readLog(log, topics.assets);
  });

  test('covers the management account and both members, and every scope is complete', () => {
    const ids = [aws.summary.managementAccountId, ...aws.summary.accountIds].sort();
    assert.deepEqual(summary.accounts.map(({ id }) => id).sort(), ids);
    assert.deepEqual(
      summary.accounts.flatMap(({ notable }) => notable),
      [],
    );
    const scopes = syncs.reduce((sum, { scope }) => sum + (scope === 'global' ? 1 : aws.summary.regions.length), 0);
    assert.equal(summary.scopesByOutcome.complete, scopes * ids.length);
    assert.deepEqual(summary.problems, []);
    assert.equal(summary.recordsByType['cartography.aws.Account'], ids.length);
    assert.ok((summary.recordsByType['cartography.aws.ec2.Instance'] ?? 0) >= 3 * 2 * aws.summary.regions.length);
  });

  test('every record decodes, and says the account, region, tag and scope that its headers and key say', async () => {
    assert.ok(assets.length > 100);
    for (const message of assets) {
      const { schema, value } = await decoder.decode(message.value as Buffer);
      assert.ok(schema);
      const scope = `${String(value['accountId'])}/${String(value['region'])}/${schema.sync}`;
      assert.equal(message.headers['scope'], scope);
      assert.equal(message.headers['ce_type'], schema.name);
      assert.equal(message.headers['tag'], String(firstTag));
      assert.equal(value['updateTag'], firstTag);
      assert.equal(String(message.key), `${schema.name}|${scope}|${String(value[schema.idField])}`);
    }
  });

  test('each scope marker counts the distinct keys of its scope and ends after its last record', async () => {
    const byScope = Map.groupBy(assets, ({ headers }) => headers['scope']);
    const markers = await markersOf('ScopeMarker', firstTag);
    assert.equal(markers.length, summary.scopesByOutcome.complete);
    for (const marker of markers) {
      const messages = byScope.get(String(marker['scope'])) ?? [];
      assert.equal(marker['outcome'], 'complete');
      assert.deepEqual(marker.offsets, vectorOf(topics.assets, messages));
      for (const type of marker['recordTypes'] as { name: string; records: number; complete: boolean }[]) {
        const keys = messages.filter(({ headers }) => headers['ce_type'] === type.name).map(({ key }) => String(key));
        assert.equal(type.records, new Set(keys).size, `${String(marker['scope'])} ${type.name}`);
        assert.equal(type.complete, true);
      }
    }
  });

  test('account, hierarchy and run markers end after the last record of what they cover', async () => {
    const accountMarkers = await markersOf('AccountMarker', firstTag);
    assert.equal(accountMarkers.length, 3);
    for (const marker of accountMarkers) {
      const ofAccount = assets.filter(({ headers }) => headers['scope']?.startsWith(`${String(marker['accountId'])}/`));
      assert.deepEqual(marker.offsets, vectorOf(topics.assets, ofAccount));
    }
    const hierarchy = await readLog(log, topics.hierarchy);
    const [hierarchyMarker, ...others] = await markersOf('HierarchyMarker', firstTag);
    assert.deepEqual(others, []);
    assert.equal(hierarchyMarker?.['organizationId'], aws.summary.organizationId);
    assert.equal(hierarchyMarker?.['accountId'], aws.summary.managementAccountId);
    assert.equal(hierarchyMarker?.['outcome'], 'complete');
    assert.deepEqual(hierarchyMarker?.offsets, vectorOf(topics.hierarchy, hierarchy));
    const ended = (await markersOf('RunMarker', firstTag)).find(({ state }) => state === 'ended');
    assert.deepEqual(ended?.offsets, [...vectorOf(topics.assets, assets), ...vectorOf(topics.hierarchy, hierarchy)]);
  });

  test('the hierarchy holds all accounts in their units', async () => {
    const records = await Promise.all(
      (await readLog(log, topics.hierarchy)).map(async ({ value }) => decoder.decode(value as Buffer)),
    );
    const accounts = records
      .filter(({ name }) => name === 'cartography.aws.organizations.Account')
      .map(({ value }) => value);
    assert.deepEqual(
      accounts.map(({ Id }) => Id).sort(),
      [aws.summary.managementAccountId, ...aws.summary.accountIds].sort(),
    );
    for (const { ParentRootId, ParentOrganizationalUnitId } of accounts) {
      assert.ok((ParentRootId === null) !== (ParentOrganizationalUnitId === null));
    }
  });
});

test('denied and broken calls end their own scopes only, and leave counts that let nothing be deleted', async () => {
  const [first, second] = aws.summary.accountIds as [string, string];
  const [region, otherRegion] = aws.summary.regions as [string, string];
  await aws.setFaults([
    { account: first, service: 'iam', effect: 'deny' },
    { account: second, region, service: 'ec2', action: 'DescribeVpcs', effect: 'error' },
    {
      account: second,
      region: otherRegion,
      service: 'ec2',
      action: 'DescribeSubnets',
      effect: 'deny',
      code: 'OptInRequired',
    },
    { account: first, region, service: 'ec2', action: 'DescribeSecurityGroups', effect: 'throttle', times: 2 },
  ]);
  const updateTag = firstTag + 1;
  const summary = await run({ updateTag, requestedSyncs: ['ec2:subnet', 'ec2:vpc', 'iam', 'ec2:security_group'] });
  await aws.setFaults([]);

  const notable = summary.accounts.flatMap((account) =>
    account.notable.map(({ scope, outcome }) => `${scope} ${outcome}`),
  );
  assert.deepEqual(
    notable.sort(),
    [
      `${first}/global/iam denied`,
      `${second}/${region}/ec2:vpc failed`,
      `${second}/${otherRegion}/ec2:subnet unsupported`,
    ].sort(),
  );
  for (const marker of await markersOf('ScopeMarker', updateTag)) {
    const isWhole = marker['outcome'] === 'complete';
    assert.equal(isWhole, !notable.includes(`${String(marker['scope'])} ${String(marker['outcome'])}`));
    for (const { complete } of marker['recordTypes'] as { complete: boolean }[]) assert.equal(complete, isWhole);
  }
});

test('an abort leaves no marker of an account that did not end', async () => {
  await aws.setFaults([{ service: 'ec2', action: 'DescribeInstances', effect: 'delay', seconds: 60 }]);
  const updateTag = firstTag + 2;
  const abort = new AbortController();
  const summary = await run({
    updateTag,
    requestedSyncs: ['ec2:instance'],
    signal: abort.signal,
    onProgress: ({ kind }) => {
      if (kind === 'scope-ended') abort.abort();
    },
  });
  await aws.setFaults([]);
  assert.equal(summary.aborted, true);
  assert.deepEqual(await markersOf('AccountMarker', updateTag), []);
  assert.deepEqual(
    (await markersOf('RunMarker', updateTag)).map(({ state }) => state),
    ['started'],
  );
});
