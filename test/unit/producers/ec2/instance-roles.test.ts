import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ec2Instance } from '../../../../producers/syncs/ec2/instance.ts';
import { collectAll } from '../../../support/collect.ts';

const profile = (name: string) => `arn:aws:iam::111122223333:instance-profile/${name}`;
const instances = {
  DescribeInstances: [
    {
      Reservations: [
        {
          ReservationId: 'r-1',
          Instances: [
            { InstanceId: 'i-1', IamInstanceProfile: { Arn: profile('web') } },
            { InstanceId: 'i-2', IamInstanceProfile: { Arn: profile('web') } },
            { InstanceId: 'i-3', IamInstanceProfile: { Arn: profile('deleted') } },
            { InstanceId: 'i-4', IamInstanceProfile: { Arn: profile('empty') } },
            { InstanceId: 'i-5' },
          ],
        },
      ],
    },
  ],
};

test('instances get the roles of their profile from one read of all pages; deleted and empty profiles give none', async () => {
  const { of, calls } = await collectAll(ec2Instance, {
    responses: {
      ...instances,
      ListInstanceProfiles: [
        { InstanceProfiles: [{ Arn: profile('empty'), Roles: [] }], IsTruncated: true, Marker: 'more' },
        {
          InstanceProfiles: [{ Arn: profile('web'), Roles: [{ Arn: 'arn:aws:iam::111122223333:role/path/web' }] }],
          IsTruncated: false,
        },
      ],
    },
  });

  const roles = { AssumedRoleArns: ['arn:aws:iam::111122223333:role/path/web'], SubResourceLabel: 'AWSAccount' };
  assert.deepEqual(of('ec2.InstanceRole'), [
    { InstanceId: 'i-1', ...roles },
    { InstanceId: 'i-2', ...roles },
  ]);
  assert.deepEqual(
    calls
      .filter(({ operation }) => operation === 'ListInstanceProfiles')
      .map(({ input }) => [input['MaxItems'], input['Marker']]),
    [
      [1000, undefined],
      [1000, 'more'],
    ],
  );
});

test('when IAM is denied, the instances are there and those with a profile keep the roles that they had', async () => {
  const denied = Object.assign(new Error('not authorized to perform: iam:ListInstanceProfiles'), {
    name: 'AccessDenied',
  });
  const { of, withheld, calls } = await collectAll(ec2Instance, {
    responses: { ...instances, ListInstanceProfiles: [denied] },
  });

  assert.equal(of('ec2.Instance').length, 5);
  assert.deepEqual(of('ec2.InstanceRole'), []);
  const reason = 'iam:instance-profiles: not authorized to perform: iam:ListInstanceProfiles';
  assert.deepEqual(
    withheld,
    ['i-1', 'i-2', 'i-3', 'i-4'].map((nodeId) => ({ type: 'cartography.aws.ec2.InstanceRole', reason, nodeId })),
  );
  assert.equal(calls.filter(({ operation }) => operation === 'ListInstanceProfiles').length, 1);
});

test('when the run is cancelled during the IAM read, the scope ends with the cancellation', async () => {
  const cancel = new AbortController();
  const cancelled = new Error('cancelled by the user');
  const collected = collectAll(ec2Instance, {
    responses: {
      ...instances,
      ListInstanceProfiles: () => {
        cancel.abort(cancelled);
        return Object.assign(new Error('Request aborted'), { name: 'AbortError' });
      },
    },
    context: { signal: cancel.signal },
  });

  await assert.rejects(collected, (error) => error === cancelled);
});
