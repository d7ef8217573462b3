import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ec2Snapshot } from '../../../../producers/syncs/ec2/snapshot.ts';
import type { Answer, Responses } from '../../../support/collect.ts';
import { collectAll } from '../../../support/collect.ts';
import { awsError } from '../../../support/fake-aws.ts';

const OWNER = '111122223333';
const snapshot = {
  SnapshotId: 'snap-1',
  Description: 'vor dem Upgrade, Größe',
  OwnerId: OWNER,
  Encrypted: true,
  Progress: '100%',
  StartTime: new Date('2024-01-31T09:30:00.750Z'),
  State: 'error',
  StateMessage: 'Given key ID is not accessible',
  VolumeId: 'vol-ffffffff',
  VolumeSize: 8,
  OutpostArn: 'arn:aws:outposts:eu-west-1:111122223333:outpost/op-1',
  DataEncryptionKeyId: 'dek-1',
  KmsKeyId: 'arn:aws:kms:eu-west-1:111122223333:key/k1',
};

interface Request {
  OwnerIds?: string[];
  RestorableByUserIds?: string[];
  Filters?: { Name: string; Values: string[] }[];
}

const named = (ids: readonly string[], OwnerId = OWNER) => ({
  Snapshots: ids.map((SnapshotId) => ({ SnapshotId, OwnerId })),
});

/** A region with these own snapshots, of which some are public; its volumes were created from `used`. */
function region(own: object, { listed = [], used = [] }: { listed?: string[]; used?: string[] } = {}): Responses {
  return {
    DescribeSnapshots: (request: Request): Answer => {
      if (request.Filters) return named(request.Filters[0]?.Values ?? [], '444455556666');
      return request.RestorableByUserIds ? named(listed) : own;
    },
    DescribeVolumes: () => ({ Volumes: used.map((SnapshotId) => ({ SnapshotId })) }),
    DescribeSnapshotAttribute: () => ({ CreateVolumePermissions: [{ UserId: '777788889999' }, { Group: 'all' }] }),
  };
}

test('an own snapshot yields the fields that AWS gives; one that AWS does not list as public is not', async () => {
  const { records, calls } = await collectAll(ec2Snapshot, {
    responses: region({ Snapshots: [{ ...snapshot, StorageTier: 'standard', Tags: [] }] }),
  });

  assert.deepEqual(records, [
    {
      type: 'cartography.aws.ec2.Snapshot',
      value: { ...snapshot, StartTime: Date.parse('2024-01-31T09:30:00.750Z') },
    },
    { type: 'cartography.aws.ec2.SnapshotPermission', value: { SnapshotId: 'snap-1', Public: false } },
  ]);
  assert.deepEqual(
    calls.map(({ operation, input }) => [operation, input['OwnerIds'], input['RestorableByUserIds']]),
    [
      ['DescribeSnapshots', ['self'], ['all']],
      ['DescribeSnapshots', ['self'], undefined],
      ['DescribeVolumes', undefined, undefined],
    ],
  );
});

test('what AWS leaves out is null', async () => {
  const { of } = await collectAll(ec2Snapshot, { responses: region({ Snapshots: [{ SnapshotId: 'snap-1' }] }) });

  const nothing = Object.fromEntries(Object.keys(snapshot).map((name) => [name, null]));
  assert.deepEqual(of('ec2.Snapshot'), [{ ...nothing, SnapshotId: 'snap-1' }]);
});

test('of those that AWS lists as public, the attribute decides', async () => {
  const { of, calls } = await collectAll(ec2Snapshot, {
    responses: {
      ...region(named(['snap-private', 'snap-public', 'snap-shared']), { listed: ['snap-shared', 'snap-public'] }),
      DescribeSnapshotAttribute: ({ SnapshotId }: { SnapshotId: string }) =>
        SnapshotId === 'snap-public'
          ? { CreateVolumePermissions: [{ UserId: '777788889999' }, { Group: 'all' }] }
          : { CreateVolumePermissions: [{ UserId: '777788889999' }] },
    },
  });

  assert.deepEqual(
    of('ec2.SnapshotPermission').map(({ SnapshotId, Public }) => [SnapshotId, Public]),
    [
      ['snap-private', false],
      ['snap-public', true],
      ['snap-shared', false],
    ],
  );
  assert.deepEqual(
    calls.filter(({ operation }) => operation === 'DescribeSnapshotAttribute').map(({ input }) => input),
    [
      { SnapshotId: 'snap-public', Attribute: 'createVolumePermission' },
      { SnapshotId: 'snap-shared', Attribute: 'createVolumePermission' },
    ],
  );
});

test("others' snapshots that volumes were created from are read by filter, 200 at a time, without permissions", async () => {
  const used = Array.from({ length: 201 }, (_, index) => `snap-${index}`);
  const { of, calls } = await collectAll(ec2Snapshot, {
    responses: region(named(['snap-own']), { used: ['snap-own', '', ...used, 'snap-0'] }),
  });

  assert.deepEqual(
    of('ec2.Snapshot').map(({ SnapshotId }) => SnapshotId),
    ['snap-own', ...used],
  );
  assert.deepEqual(
    of('ec2.SnapshotPermission').map(({ SnapshotId }) => SnapshotId),
    ['snap-own'],
  );
  const filters = calls.flatMap(({ input }) => (input as Request).Filters ?? []);
  assert.deepEqual(
    filters.map(({ Name, Values }) => [Name, Values.length]),
    [
      ['snapshot-id', 200],
      ['snapshot-id', 1],
    ],
  );
});

test('all pages are read, of snapshots and of volumes', async () => {
  const { of } = await collectAll(ec2Snapshot, {
    responses: {
      DescribeSnapshots: [
        { ...named([]), NextToken: 'public' },
        named(['snap-2']),
        { ...named(['snap-1']), NextToken: 'own' },
        named(['snap-2']),
        { ...named(['snap-3'], '444455556666'), NextToken: 'used' },
        named(['snap-4'], '444455556666'),
      ],
      DescribeVolumes: [
        { Volumes: [{ SnapshotId: 'snap-3' }], NextToken: 'more' },
        { Volumes: [{ SnapshotId: 'snap-4' }, {}] },
      ],
      DescribeSnapshotAttribute: [{ CreateVolumePermissions: [{ Group: 'all' }] }],
    },
  });

  assert.deepEqual(
    of('ec2.Snapshot').map(({ SnapshotId }) => SnapshotId),
    ['snap-1', 'snap-2', 'snap-3', 'snap-4'],
  );
  assert.deepEqual(
    of('ec2.SnapshotPermission').map(({ Public }) => Public),
    [false, true],
  );
});

test('when the attribute is denied, the snapshot is there and keeps the answer that was known', async () => {
  const { of, withheld } = await collectAll(ec2Snapshot, {
    responses: {
      ...region(named(['snap-1', 'snap-2']), { listed: ['snap-2'] }),
      DescribeSnapshotAttribute: [awsError('UnauthorizedOperation')],
    },
  });

  assert.equal(of('ec2.Snapshot').length, 2);
  assert.deepEqual(of('ec2.SnapshotPermission'), [{ SnapshotId: 'snap-1', Public: false }]);
  assert.deepEqual(
    withheld.map(({ type, nodeId }) => [type, nodeId]),
    [['cartography.aws.ec2.SnapshotPermission', 'snap-2']],
  );
});

test('a snapshot that was deleted after it was listed is left out and nothing is withheld', async () => {
  const { records, withheld } = await collectAll(ec2Snapshot, {
    responses: {
      ...region(named(['snap-1']), { listed: ['snap-1'] }),
      DescribeSnapshotAttribute: [awsError('InvalidSnapshot.NotFound')],
    },
  });

  assert.deepEqual(records, []);
  assert.deepEqual(withheld, []);
});

test('when the volumes may not be read, the own snapshots are there and no snapshot goes', async () => {
  const { of, withheld } = await collectAll(ec2Snapshot, {
    responses: { ...region(named(['snap-1'])), DescribeVolumes: [awsError('UnauthorizedOperation')] },
  });

  assert.equal(of('ec2.Snapshot').length, 1);
  assert.deepEqual(
    withheld.map(({ type, nodeId }) => [type, nodeId]),
    [['cartography.aws.ec2.Snapshot', undefined]],
  );
});

test('when snapshots may not be listed, the scope ends with that', async () => {
  const collected = collectAll(ec2Snapshot, { responses: { DescribeSnapshots: [awsError('UnauthorizedOperation')] } });

  await assert.rejects(collected, { name: 'UnauthorizedOperation' });
});

test('a snapshot without its id ends the scope with an error', async () => {
  const collected = collectAll(ec2Snapshot, { responses: region({ Snapshots: [{ VolumeSize: 8 }] }) });

  await assert.rejects(collected, { code: 'CS_RECORD', message: /DescribeSnapshots Snapshots\.SnapshotId/ });
});
