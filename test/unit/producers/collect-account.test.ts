import assert from 'node:assert/strict';
import { test } from 'node:test';

import { EC2Client } from '@aws-sdk/client-ec2';

import { InfrastructureError } from '../../../platform/errors.ts';
import { collectAccount } from '../../../producers/collect-account.ts';
import type { CollectedRecord, SharedRead, Sync, SyncContext } from '../../../producers/sync.ts';
import { awsError, fakeAccount, fakeClients } from '../../support/fake-aws.ts';
import type { FakeCall } from '../../support/fake-aws.ts';
import { fakeRun, topics, updateTag } from '../../support/fake-run.ts';

const account = fakeAccount('111122223333', 'production');
const vpc = 'cartography.aws.ec2.Vpc';

function vpcs(...ids: string[]): CollectedRecord[] {
  return ids.map((VpcId) => ({ type: vpc, value: { VpcId } }));
}

function sync(
  id: string,
  collect: (context: SyncContext) => ReturnType<Sync['collect']>,
  scope: Sync['scope'] = 'regional',
): Sync {
  return { id, scope, records: [vpc], actions: [], collect };
}

function identityOf(id: string, others: (call: FakeCall) => object = () => awsError('Unexpected')) {
  return fakeClients((call) =>
    call.operation === 'GetCallerIdentity' ? { Account: id, Arn: `arn:aws:iam::${id}:root` } : others(call),
  );
}

const good = sync('ec2:vpc', async function* ({ region }) {
  yield* vpcs(`vpc-${region}-1`, `vpc-${region}-2`);
});
const denied = sync('ec2:denied', async function* () {
  yield* vpcs('vpc-before');
  throw awsError('UnauthorizedOperation');
});
const broken = sync('ec2:broken', () => {
  throw new TypeError('undefined is not iterable');
});
const missing = sync('ec2:missing', async function* () {
  throw awsError('UnknownOperationException', 'not supported in this region');
});

test('every scope ends in an outcome of its own and in a marker, and the account marker sums them up', async () => {
  const { clients } = identityOf(account.id);
  const { run, markersOf, log } = await fakeRun({ clients });
  const plan = { syncs: [good, denied, broken, missing], regions: ['eu-west-1', 'us-east-1'] };
  const result = await collectAccount(account, plan, run);

  const outcomes = result.scopes.map(({ scope, outcome }) => `${scope} ${outcome}`);
  assert.deepEqual(outcomes, [
    '111122223333/eu-west-1/ec2:vpc complete',
    '111122223333/us-east-1/ec2:vpc complete',
    '111122223333/eu-west-1/ec2:denied denied',
    '111122223333/us-east-1/ec2:denied denied',
    '111122223333/eu-west-1/ec2:broken failed',
    '111122223333/us-east-1/ec2:broken failed',
    '111122223333/eu-west-1/ec2:missing unsupported',
    '111122223333/us-east-1/ec2:missing unsupported',
  ]);
  const scopeMarkers = await markersOf('ScopeMarker');
  assert.equal(scopeMarkers.length, 8);
  const marker = scopeMarkers.find(({ scope }) => scope === '111122223333/eu-west-1/ec2:denied');
  assert.deepEqual(marker?.['recordTypes'], [{ name: vpc, records: 1, complete: false, withheld: [] }]);
  assert.match(String(marker?.['reason']), /UnauthorizedOperation/);
  assert.equal(marker?.['updateTag'], updateTag);

  const [accountMarker] = await markersOf('AccountMarker');
  assert.deepEqual(
    (accountMarker?.['scopes'] as { scope: string; outcome: string }[]).map(
      ({ scope, outcome }) => `${scope} ${outcome}`,
    ),
    outcomes,
  );
  assert.deepEqual(
    accountMarker?.['offsets'],
    log
      .partitionsOf(topics.assets)
      .map((messages, partition) => ({ topic: topics.assets, partition, offset: messages.length }))
      .filter(({ offset }) => offset > 0),
  );
  assert.deepEqual(accountMarker?.['requestedSyncs'], ['ec2:vpc', 'ec2:denied', 'ec2:broken', 'ec2:missing']);
});

test('a marker stands behind its records, and the account marker behind those of its scopes', async () => {
  const { clients } = identityOf(account.id);
  const { run, read } = await fakeRun({ clients });
  await collectAccount(account, { syncs: [good], regions: ['eu-west-1', 'us-east-1'] }, run);
  const keys = (await read(topics.markers)).map(({ key }) => key);
  assert.equal(keys.at(-1), `account|111122223333|${updateTag}`);
  const withoutTime = keys.slice(0, -1).map((key) => key.replace(/\|\d+$/, ''));
  assert.deepEqual(withoutTime.sort(), [
    `scope|111122223333/eu-west-1/ec2:vpc|${updateTag}`,
    `scope|111122223333/us-east-1/ec2:vpc|${updateTag}`,
  ]);
});

test('a global sync runs once, in the home region, and its records say global', async () => {
  const regions: string[] = [];
  const globalSync = sync(
    'iam',
    async function* (context) {
      regions.push(context.region);
      yield* vpcs('vpc-1');
    },
    'global',
  );
  const { clients } = identityOf(account.id);
  const { run, read, markersOf } = await fakeRun({ clients });
  await collectAccount(account, { syncs: [globalSync], regions: ['eu-west-1', 'eu-west-3'] }, run);
  assert.deepEqual(regions, ['us-east-1']);
  assert.equal((await read(topics.assets))[0]?.value['region'], 'global');
  assert.equal((await markersOf('ScopeMarker'))[0]?.['scope'], '111122223333/global/iam');
});

test('without regions those are read that are enabled', async () => {
  const { clients, calls } = identityOf(account.id, () => ({
    Regions: [{ RegionName: 'ap-south-1' }, { RegionName: 'sa-east-1' }],
  }));
  const { run } = await fakeRun({ clients });
  const { scopes, problem } = await collectAccount(account, { syncs: [good], regions: undefined }, run);
  assert.deepEqual(scopes.map(({ region }) => region).sort(), ['ap-south-1', 'sa-east-1']);
  assert.equal(problem, undefined);
  assert.deepEqual(calls.at(-1), {
    accountId: account.id,
    operation: 'DescribeRegions',
    input: {},
    region: 'eu-west-1',
  });
});

test('when the regions cannot be listed the global syncs still run and the problem is told', async () => {
  const { clients } = identityOf(account.id, () => awsError('UnauthorizedOperation'));
  const { run } = await fakeRun({ clients });
  const globalSync = sync('iam', () => good.collect({ region: 'x' } as SyncContext), 'global');
  const { scopes, problem } = await collectAccount(account, { syncs: [good, globalSync], regions: undefined }, run);
  assert.deepEqual(
    scopes.map(({ scope, outcome }) => [scope, outcome]),
    [['111122223333/global/iam', 'complete']],
  );
  assert.match(problem ?? '', /UnauthorizedOperation.*--aws-regions/);
});

test('an account whose credentials belong to another account gets no record and no marker', async () => {
  const { clients } = identityOf('999999999999');
  const { run, read } = await fakeRun({ clients });
  const { scopes, problem } = await collectAccount(account, { syncs: [good], regions: ['eu-west-1'] }, run);
  assert.deepEqual(scopes, []);
  assert.match(problem ?? '', /belong to account 999999999999/);
  assert.deepEqual([...(await read(topics.assets)), ...(await read(topics.markers))], []);
});

test('a shared read is made once per region, a global one once, and all get the same answer', async () => {
  const made: string[] = [];
  const regional: SharedRead<string> = {
    id: 'images',
    scope: 'regional',
    actions: [],
    read: async ({ region }) => {
      made.push(`images ${region}`);
      return region;
    },
  };
  const global: SharedRead<string> = {
    ...regional,
    id: 'profiles',
    scope: 'global',
    read: async ({ region }) => (made.push(`profiles ${region}`), region),
  };
  const answers: string[] = [];
  const reader = (id: string): Sync =>
    sync(id, async function* (context) {
      answers.push(await context.shared(regional), await context.shared(global));
      yield* vpcs('vpc-1');
    });
  const { clients } = identityOf(account.id);
  const { run } = await fakeRun({ clients });
  await collectAccount(account, { syncs: [reader('a'), reader('b')], regions: ['eu-west-1', 'eu-west-3'] }, run);
  assert.deepEqual(made.sort(), ['images eu-west-1', 'images eu-west-3', 'profiles us-east-1']);
  assert.equal(answers.filter((answer) => answer === 'us-east-1').length, 4);
});

test('a shared read that fails fails every scope that needs it, after one try', async () => {
  let tries = 0;
  const failing: SharedRead<never> = {
    id: 'x',
    scope: 'global',
    actions: [],
    read: async () => {
      tries++;
      throw awsError('AccessDenied');
    },
  };
  const reader = (id: string): Sync =>
    sync(id, async function* (context) {
      await context.shared(failing);
      yield* vpcs('vpc-1');
    });
  const { clients } = identityOf(account.id);
  const { run } = await fakeRun({ clients });
  const { scopes } = await collectAccount(
    account,
    { syncs: [reader('a'), reader('b'), good], regions: ['eu-west-1'] },
    run,
  );
  assert.deepEqual(
    scopes.map(({ outcome }) => outcome),
    ['denied', 'denied', 'complete'],
  );
  assert.equal(tries, 1);
});

test('withheld records leave a scope complete, with the reason in its marker', async () => {
  const partial = sync('s3', async function* (context) {
    context.withhold(vpc, 'AccessDenied', 'vpc-secret');
    yield* vpcs('vpc-1');
  });
  const { clients } = identityOf(account.id);
  const { run, markersOf } = await fakeRun({ clients });
  await collectAccount(account, { syncs: [partial], regions: ['eu-west-1'] }, run);
  const [marker] = await markersOf('ScopeMarker');
  assert.equal(marker?.['outcome'], 'complete');
  assert.deepEqual(marker?.['recordTypes'], [{ name: vpc, records: 1, complete: true, withheld: ['vpc-secret'] }]);
  assert.match(String(marker?.['reason']), /AccessDenied/);
});

test('an abort ends everything at once, without markers for what did not end', async () => {
  const abort = new AbortController();
  const stuck = sync('ec2:stuck', async function* () {
    yield* vpcs('vpc-1');
    abort.abort();
    await new Promise(() => {});
  });
  const { clients } = identityOf(account.id);
  const { run, read } = await fakeRun({ clients, signal: abort.signal });
  await assert.rejects(collectAccount(account, { syncs: [stuck], regions: ['eu-west-1'] }, run), {
    name: 'AbortError',
  });
  assert.deepEqual(await read(topics.markers), []);
});

test('Kafka gone for good ends the account with that error', async () => {
  const { clients } = identityOf(account.id);
  const gone = new InfrastructureError('CS_KAFKA', 'Kafka is gone');
  const producer = { write: () => Promise.reject(gone), flush: () => Promise.reject(gone), close: async () => {} };
  const { run } = await fakeRun({ clients, producer });
  await assert.rejects(collectAccount(account, { syncs: [good], regions: ['eu-west-1'] }, run), gone);
});

test('the context gives the account, its name, and clients of the asked region', async () => {
  const seen: unknown[] = [];
  const looking = sync('ec2:looking', async function* (context) {
    seen.push(context.accountId, context.accountName, context.partition, context.updateTag);
    seen.push(
      await context.client(EC2Client).config.region(),
      await context.client(EC2Client, 'eu-west-3').config.region(),
    );
    yield* vpcs('vpc-1');
  });
  const { clients } = identityOf(account.id);
  const { run } = await fakeRun({ clients });
  await collectAccount(account, { syncs: [looking], regions: ['eu-west-1'] }, run);
  assert.deepEqual(seen, ['111122223333', 'production', 'aws', updateTag, 'eu-west-1', 'eu-west-3']);
});
