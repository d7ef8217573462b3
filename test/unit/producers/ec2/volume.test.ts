import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ec2Volume } from '../../../../producers/syncs/ec2/volume.ts';
import { collectAll } from '../../../support/collect.ts';

const volume = {
  VolumeId: 'vol-1',
  AvailabilityZone: 'eu-west-1a',
  CreateTime: new Date('2024-01-31T09:30:00.750Z'),
  Encrypted: true,
  Size: 16_384,
  State: 'in-use',
  OutpostArn: 'arn:aws:outposts:eu-west-1:111122223333:outpost/op-1',
  SnapshotId: 'snap-1',
  Iops: 3000,
  FastRestored: false,
  MultiAttachEnabled: true,
  VolumeType: 'io2',
  KmsKeyId: 'arn:aws:kms:eu-west-1:111122223333:key/k1',
};
const Arn = 'arn:aws:ec2:eu-west-1:111122223333:volume/vol-1';

test('a volume yields the fields that AWS gives and the instances that have it attached', async () => {
  const Attachments = [
    { InstanceId: 'i-1', State: 'attached', DeleteOnTermination: true },
    { InstanceId: 'i-2', State: 'attached' },
    { InstanceId: 'i-2', State: 'attached', Device: '/dev/sdf' },
    { InstanceId: 'i-3', State: 'detaching' },
    { AssociatedResource: 'arn:aws:ecs:eu-west-1:111122223333:task/x', State: 'attached' },
  ];
  const { records } = await collectAll(ec2Volume, {
    responses: { DescribeVolumes: [{ Volumes: [{ ...volume, Attachments, Throughput: 500, Tags: [] }] }] },
  });

  assert.deepEqual(records, [
    {
      type: 'cartography.aws.ec2.Volume',
      value: {
        ...volume,
        Arn,
        CreateTime: Date.parse('2024-01-31T09:30:00.750Z'),
        SourceSnapshotId: 'snap-1',
        InstanceIds: ['i-1', 'i-2'],
      },
    },
  ]);
});

test('what AWS leaves out is null, and a volume without attachments has no instances', async () => {
  const { of } = await collectAll(ec2Volume, {
    responses: { DescribeVolumes: [{ Volumes: [{ VolumeId: 'vol-1' }] }] },
  });

  const nothing = Object.fromEntries(Object.keys(volume).map((name) => [name, null]));
  assert.deepEqual(of('ec2.Volume'), [{ ...nothing, VolumeId: 'vol-1', Arn, SourceSnapshotId: null, InstanceIds: [] }]);
});

test('all pages of volumes are read, and an empty snapshot id, which blank volumes have, is no snapshot', async () => {
  const { of, calls } = await collectAll(ec2Volume, {
    responses: {
      DescribeVolumes: [
        { Volumes: [{ VolumeId: 'vol-1', SnapshotId: '' }], NextToken: 'more' },
        { Volumes: [{ VolumeId: 'vol-2' }] },
      ],
    },
  });

  assert.deepEqual(
    of('ec2.Volume').map(({ VolumeId, SnapshotId, SourceSnapshotId }) => [VolumeId, SnapshotId, SourceSnapshotId]),
    [
      ['vol-1', '', null],
      ['vol-2', null, null],
    ],
  );
  assert.deepEqual(
    calls.map(({ input }) => [input['MaxResults'], input['NextToken']]),
    [
      [500, undefined],
      [500, 'more'],
    ],
  );
});

test('a volume without its id ends the scope with an error', async () => {
  const collected = collectAll(ec2Volume, { responses: { DescribeVolumes: [{ Volumes: [{ Size: 8 }] }] } });

  await assert.rejects(collected, { code: 'CS_RECORD', message: /DescribeVolumes Volumes\.VolumeId/ });
});
