import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ec2Instance } from '../../../../producers/syncs/ec2/instance.ts';
import { iamInstanceProfiles } from '../../../../producers/syncs/iam/instance-profiles.ts';
import { awsError } from '../../../support/fake-aws.ts';
import { collectAll } from '../../../support/collect.ts';

const web = {
  Path: '/büro/',
  InstanceProfileName: 'web',
  InstanceProfileId: 'AIPAEXAMPLE',
  Arn: 'arn:aws-us-gov:iam::111122223333:instance-profile/büro/web',
  CreateDate: new Date('2024-01-31T09:30:00Z'),
  Roles: [{ Arn: 'arn:aws-us-gov:iam::111122223333:role/web', AssumeRolePolicyDocument: '%7B%7D' }],
  Tags: [],
};

test('an instance profile yields its names and its roles, from all pages', async () => {
  const { records, calls } = await collectAll(iamInstanceProfiles, {
    responses: {
      ListInstanceProfiles: [
        { InstanceProfiles: [web], IsTruncated: true, Marker: 'more' },
        { InstanceProfiles: [{ Arn: 'arn:aws-us-gov:iam::111122223333:instance-profile/bare' }], IsTruncated: false },
      ],
    },
  });

  const type = 'cartography.aws.iam.InstanceProfile';
  assert.deepEqual(records, [
    {
      type,
      value: {
        Arn: web.Arn,
        InstanceProfileId: 'AIPAEXAMPLE',
        InstanceProfileName: 'web',
        Path: '/büro/',
        CreateDate: Date.parse('2024-01-31T09:30:00Z'),
        RoleArns: ['arn:aws-us-gov:iam::111122223333:role/web'],
      },
    },
    {
      type,
      value: {
        Arn: 'arn:aws-us-gov:iam::111122223333:instance-profile/bare',
        InstanceProfileId: null,
        InstanceProfileName: null,
        Path: null,
        CreateDate: null,
        RoleArns: [],
      },
    },
  ]);
  assert.deepEqual(
    calls.map(({ input }) => input['Marker']),
    [undefined, 'more'],
  );
});

test('when the profiles are denied, the scope ends with that', async () => {
  const collected = collectAll(iamInstanceProfiles, {
    responses: { ListInstanceProfiles: [awsError('AccessDenied')] },
  });

  await assert.rejects(collected, { name: 'AccessDenied' });
});

test('instances and profiles share one read, so that the policy needs its action once', () => {
  assert.deepEqual(iamInstanceProfiles.reads, ec2Instance.reads);
});
