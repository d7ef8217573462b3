import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pino } from 'pino';
import { createAccountContext } from '../../../producers/account-context.ts';
import type { SharedRead } from '../../../producers/sync.ts';

const account = { id: '111122223333', name: 'production', partition: 'aws', homeRegion: 'us-east-1' };

function setUp() {
  const calls: string[] = [];
  const images: SharedRead<string> = {
    id: 'ec2:instance-images',
    scope: 'regional',
    actions: [],
    read: ({ region }) => {
      calls.push(region);
      return Promise.resolve('read');
    },
  };
  const noClient = () => assert.fail('no client is needed');
  const run = { updateTag: 1, signal: new AbortController().signal, logger: pino({ level: 'silent' }) };
  const contexts = createAccountContext(account, noClient, run);
  const instances = { scope: 'regional', finds: [images] } as const;
  return { calls, images, instances, contexts, context: contexts.of('regional', 'eu-west-1') };
}

test('what a sync finds costs who needs it no call', async () => {
  const { calls, images, instances, contexts, context } = setUp();
  const finding = Promise.withResolvers<undefined>();
  const scope = contexts.whileFinding(instances, 'eu-west-1', async () => {
    await finding.promise;
    context.found(images, 'found');
  });
  const needed = [context.shared(images), context.shared(images)];
  finding.resolve(undefined);
  await scope;
  assert.deepEqual(await Promise.all([...needed, context.shared(images)]), ['found', 'found', 'found']);
  assert.deepEqual(calls, []);
});

test('it is read where the sync ended without, in another region, and where it has not begun', async () => {
  const { calls, images, instances, contexts, context } = setUp();
  const failed = contexts.whileFinding(instances, 'eu-west-1', () => Promise.reject(new Error('denied')));
  const needed = context.shared(images);
  await assert.rejects(failed, /denied/);
  assert.equal(await needed, 'read');
  assert.equal(await contexts.of('regional', 'eu-west-2').shared(images), 'read');
  assert.deepEqual(calls, ['eu-west-1', 'eu-west-2']);
  await contexts.whileFinding(instances, 'eu-west-2', async () => context.found(images, 'found'));
  assert.equal(await contexts.of('regional', 'eu-west-2').shared(images), 'read');
});

test('what nobody needs is not read', async () => {
  const { calls, instances, contexts } = setUp();
  await contexts.whileFinding(instances, 'eu-west-1', () => Promise.resolve());
  assert.deepEqual(calls, []);
});
