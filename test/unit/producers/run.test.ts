import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { InfrastructureError } from '../../../platform/errors.ts';
import type { LogProducer } from '../../../platform/kafka/log.ts';
import { collect } from '../../../producers/run.ts';
import type { CollectOptions } from '../../../producers/run.ts';
import type { Progress } from '../../../producers/progress.ts';
import type { Sync } from '../../../producers/sync.ts';
import { type LoopbackServer, serveOnLoopback } from '../../support/serve-on-loopback.ts';
import { fakeRun, topics, updateTag } from '../../support/fake-run.ts';

const account = 'cartography.aws.Account';
const vpc = 'cartography.aws.ec2.Vpc';

let server: LoopbackServer;
const environment = {
  AWS_ACCESS_KEY_ID: 'key',
  AWS_SECRET_ACCESS_KEY: 'secret',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
};
before(async () => {
  // Answers as STS for one account, and as Organizations for an account without one.
  server = await serveOnLoopback((request, response) => {
    request.resume();
    if (request.headers['x-amz-target'] !== undefined) {
      response.writeHead(400, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify({ __type: 'AWSOrganizationsNotInUseException', message: 'no organization' }));
      return;
    }
    response.end(
      '<GetCallerIdentityResponse><GetCallerIdentityResult><Account>111122223333</Account><Arn>arn:aws:iam::111122223333:root</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>',
    );
  });
  process.env['AWS_ENDPOINT_URL'] = server.url;
});
after(async () => {
  delete process.env['AWS_ENDPOINT_URL'];
  await server[Symbol.asyncDispose]();
});

const accountSync: Sync = {
  id: 'account',
  scope: 'global',
  records: [account],
  actions: [],
  async *collect({ accountId, accountName }) {
    yield { type: account, value: { AccountId: accountId, Name: accountName ?? null, InScope: true } };
  },
};
const vpcSync: Sync = {
  id: 'ec2:vpc',
  scope: 'regional',
  records: [vpc],
  actions: [],
  async *collect({ region }) {
    yield { type: vpc, value: { VpcId: `vpc-${region}` } };
  },
};

async function prepare(overrides: Partial<CollectOptions> = {}) {
  const fake = await fakeRun();
  const progress: Progress[] = [];
  const options: CollectOptions = {
    producer: fake.run.producer,
    encoder: fake.run.encoder,
    catalogue: fake.run.catalogue,
    topics,
    logger: fake.run.logger,
    updateTag,
    environment,
    regions: ['eu-west-1', 'us-east-1', 'eu-west-1'],
    syncs: [accountSync, vpcSync],
    onProgress: (event) => progress.push(event),
    ...overrides,
  };
  return { ...fake, options, progress };
}

test('a run marks its start and its end, and sums up what it did', async () => {
  const { options, markersOf, log, progress } = await prepare();
  const { seconds, ...summary } = await collect(options);
  assert.ok(seconds > 0);
  assert.deepEqual(summary, {
    updateTag,
    accounts: [
      {
        id: '111122223333',
        name: 'default',
        scopesByOutcome: { complete: 3, denied: 0, unsupported: 0, failed: 0, skipped: 0 },
        records: 3,
        notable: [],
      },
    ],
    problems: [],
    hierarchies: [
      {
        organizationId: null,
        accountId: '111122223333',
        outcome: 'not_in_org',
        reason: 'AWSOrganizationsNotInUseException: no organization',
        records: 0,
      },
    ],
    scopesByOutcome: { complete: 3, denied: 0, unsupported: 0, failed: 0, skipped: 0 },
    recordsByType: { [account]: 1, [vpc]: 2 },
    aborted: false,
  });

  // The two have one key: compaction keeps the end.
  const [started, ended] = await markersOf('RunMarker');
  assert.deepEqual(
    [
      started?.['state'],
      started?.['accounts'],
      started?.['requestedSyncs'],
      started?.['offsets'],
      started?.['outcomes'],
    ],
    ['started', ['111122223333'], ['account', 'ec2:vpc'], [], {}],
  );
  assert.equal(ended?.['state'], 'ended');
  assert.deepEqual(ended?.['outcomes'], summary.scopesByOutcome);
  assert.deepEqual(
    ended?.['offsets'],
    log
      .partitionsOf(topics.assets)
      .map((messages, partition) => ({ topic: topics.assets, partition, offset: messages.length }))
      .filter(({ offset }) => offset > 0),
  );
  assert.deepEqual(progress.map(({ kind }) => kind).sort(), [
    'account-ended',
    'account-started',
    'hierarchy-ended',
    'run-started',
    'scope-ended',
    'scope-ended',
    'scope-ended',
  ]);
  const scopes = progress.filter((event) => event.kind === 'scope-ended');
  assert.deepEqual(
    scopes.map(({ scopesDone, scopesTotal }) => [scopesDone, scopesTotal]),
    [
      [1, 3],
      [2, 3],
      [3, 3],
    ],
  );
});

test('an abort resolves, with what had ended and without the markers of the rest', async () => {
  const abort = new AbortController();
  const stuck: Sync = {
    ...vpcSync,
    async *collect({ region }) {
      yield { type: vpc, value: { VpcId: `vpc-${region}` } };
      await new Promise(() => {});
    },
  };
  const { options, markersOf } = await prepare({
    syncs: [accountSync, stuck],
    signal: abort.signal,
    onProgress: ({ kind }) => {
      if (kind === 'scope-ended') abort.abort();
    },
  });
  const summary = await collect(options);
  assert.equal(summary.aborted, true);
  assert.deepEqual(summary.accounts, []);
  assert.deepEqual(
    (await markersOf('ScopeMarker')).map(({ scope }) => scope),
    ['111122223333/global/account'],
  );
  assert.deepEqual(await markersOf('AccountMarker'), []);
  assert.deepEqual(
    (await markersOf('RunMarker')).map(({ state }) => state),
    ['started'],
  );
});

test('Kafka gone for good ends the run with that error', async () => {
  const { options, run } = await prepare();
  const gone = new InfrastructureError('CS_KAFKA', 'Kafka is gone');
  let writes = 0;
  const producer: LogProducer = {
    ...run.producer,
    write: (message, onAcknowledged) =>
      ++writes > 3 ? Promise.reject(gone) : run.producer.write(message, onAcknowledged),
  };
  await assert.rejects(collect({ ...options, producer }), gone);
});

test('an unknown sync is refused before anything is asked or written', async () => {
  const { options, read } = await prepare({ requestedSyncs: ['nonsense'], environment: {} });
  await assert.rejects(collect(options), { name: 'UsageError', setting: '--aws-requested-syncs' });
  assert.deepEqual(await read(topics.markers), []);
});

test('a wrong variable is refused by its name', async () => {
  const { options } = await prepare({ environment: { ...environment, CARTOGRAPHY_AWS_RETRY_MODE: 'often' } });
  await assert.rejects(collect(options), { setting: 'CARTOGRAPHY_AWS_RETRY_MODE' });
});
