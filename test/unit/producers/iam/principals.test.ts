import assert from 'node:assert/strict';
import { test } from 'node:test';
import { iam } from '../../../../producers/syncs/iam/iam.ts';
import { collectAll } from '../../../support/collect.ts';
import { iamError, iamResponses, policyOf } from '../../../support/iam-account.ts';

const arn = (resource: string) => `arn:aws:iam::111122223333:${resource}`;
const CreateDate = new Date('2024-01-31T09:30:00Z');
const inline = { PolicyName: 'own', PolicyDocument: policyOf({ Effect: 'Allow', Action: 's3:*', Resource: '*' }) };

test('a user carries its groups, its policies and its last sign-in', async () => {
  const responses = iamResponses({
    groups: [[{ GroupName: 'admins', Arn: arn('group/ops/admins') }], [{ GroupName: 'all', Arn: arn('group/all') }]],
    users: [
      [
        {
          Path: '/ops/',
          UserName: 'zoë',
          UserId: 'AIDA1',
          Arn: arn('user/ops/zoë'),
          CreateDate,
          GroupList: ['all', 'admins'],
          UserPolicyList: [inline],
          AttachedManagedPolicies: [
            { PolicyName: 'ReadOnlyAccess', PolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' },
          ],
        },
      ],
    ],
    responses: {
      ListUsers: [
        { Users: [{ Arn: arn('user/other') }], IsTruncated: true, Marker: 'm' },
        { Users: [{ Arn: arn('user/ops/zoë'), PasswordLastUsed: new Date('2024-02-01T00:00:00Z') }] },
      ],
    },
  });
  const { of } = await collectAll(iam, { responses });

  assert.deepEqual(of('iam.User'), [
    {
      Arn: arn('user/ops/zoë'),
      UserId: 'AIDA1',
      UserName: 'zoë',
      Path: '/ops/',
      CreateDate: CreateDate.getTime(),
      CreateDateText: '2024-01-31 09:30:00+00:00',
      PasswordLastUsed: Date.parse('2024-02-01T00:00:00Z'),
      PasswordLastUsedText: '2024-02-01 00:00:00+00:00',
      GroupArns: [arn('group/all'), arn('group/ops/admins')],
      PolicyIds: [`${arn('user/ops/zoë')}/inline_policy/own`, 'arn:aws:iam::aws:policy/ReadOnlyAccess'],
    },
  ]);
  assert.deepEqual(of('iam.InlinePolicy'), [
    { Id: `${arn('user/ops/zoë')}/inline_policy/own`, Name: 'own', Type: 'inline', Arn: null },
  ]);
  assert.equal(of('iam.PolicyStatement')[0]?.['PolicyId'], `${arn('user/ops/zoë')}/inline_policy/own`);
});

test('a user without anything is a user', async () => {
  const { of } = await collectAll(iam, {
    responses: iamResponses({ users: [[{ UserName: 'u', Arn: arn('user/u') }]] }),
  });

  assert.deepEqual(of('iam.User'), [
    {
      Arn: arn('user/u'),
      UserId: null,
      UserName: 'u',
      Path: null,
      CreateDate: null,
      CreateDateText: null,
      PasswordLastUsed: null,
      PasswordLastUsedText: '',
      GroupArns: [],
      PolicyIds: [],
    },
  ]);
});

test('a group and a role carry their policies', async () => {
  const AttachedManagedPolicies = [{ PolicyName: 'p', PolicyArn: arn('policy/p') }];
  const { of } = await collectAll(iam, {
    responses: iamResponses({
      groups: [
        [{ GroupName: 'g', GroupId: 'AGPA1', Path: '/', Arn: arn('group/g'), CreateDate, GroupPolicyList: [inline] }],
      ],
      roles: [
        [
          {
            RoleName: 'r',
            RoleId: 'AROA1',
            Path: '/',
            Arn: arn('role/r'),
            CreateDate,
            AssumeRolePolicyDocument: policyOf(),
            RolePolicyList: [inline],
            AttachedManagedPolicies,
          },
        ],
      ],
    }),
  });
  const created = { CreateDate: CreateDate.getTime(), CreateDateText: '2024-01-31 09:30:00+00:00' };

  assert.deepEqual(of('iam.Group'), [
    {
      Arn: arn('group/g'),
      GroupId: 'AGPA1',
      GroupName: 'g',
      Path: '/',
      ...created,
      PolicyIds: [`${arn('group/g')}/inline_policy/own`],
    },
  ]);
  assert.deepEqual(of('iam.Role'), [
    {
      Arn: arn('role/r'),
      RoleId: 'AROA1',
      RoleName: 'r',
      Path: '/',
      ...created,
      TrustedPrincipals: [],
      PolicyIds: [`${arn('role/r')}/inline_policy/own`, arn('policy/p')],
    },
  ]);
  assert.deepEqual(
    of('iam.InlinePolicy').map(({ Id }) => Id),
    [`${arn('group/g')}/inline_policy/own`, `${arn('role/r')}/inline_policy/own`],
  );
});

test('all pages of groups, users and roles are read', async () => {
  const { of, calls } = await collectAll(iam, {
    responses: iamResponses({
      groups: [[{ GroupName: 'g1', Arn: arn('group/g1') }], [], [{ GroupName: 'g2', Arn: arn('group/g2') }]],
      users: [[{ UserName: 'u1', Arn: arn('user/u1') }], [{ UserName: 'u2', Arn: arn('user/u2') }]],
      roles: [
        [{ RoleName: 'r1', Arn: arn('role/r1'), AssumeRolePolicyDocument: policyOf() }],
        [{ RoleName: 'r2', Arn: arn('role/r2'), AssumeRolePolicyDocument: policyOf() }],
      ],
    }),
  });

  assert.equal(of('iam.Group').length, 2);
  assert.equal(of('iam.User').length, 2);
  assert.equal(of('iam.Role').length, 2);
  const details = calls.filter(({ operation }) => operation === 'GetAccountAuthorizationDetails');
  // Nobody has a managed policy, so these were not asked for.
  assert.deepEqual(
    details.map(({ input }) => (input['Filter'] as string[]).join()),
    ['Group', 'Group', 'Group', 'User', 'User', 'Role', 'Role'],
  );
});

test('without the right to read the principals nothing is collected', async () => {
  const denied = iamError('AccessDenied', 'User is not authorized to perform iam:GetAccountAuthorizationDetails');
  const responses = iamResponses({ responses: { GetAccountAuthorizationDetails: () => denied } });

  await assert.rejects(collectAll(iam, { responses }), denied);
});
