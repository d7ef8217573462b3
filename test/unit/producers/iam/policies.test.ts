import assert from 'node:assert/strict';
import { test } from 'node:test';
import { iam } from '../../../../producers/syncs/iam/iam.ts';
import { collectAll } from '../../../support/collect.ts';
import { encoded, iamResponses, policyOf } from '../../../support/iam-account.ts';

const own = 'arn:aws:iam::111122223333:policy/team/own';
const aws = 'arn:aws:iam::aws:policy/service-role/AWSLambdaRole';
const statement = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' };

/** A group that has these managed policies. */
function groupWith(...arns: string[]) {
  const AttachedManagedPolicies = arns.map((PolicyArn) => ({ PolicyArn }));
  return [[{ GroupName: 'g', Arn: 'arn:aws:iam::111122223333:group/g', AttachedManagedPolicies }]];
}

function policy(Arn: string, ...documents: string[]) {
  const PolicyVersionList = documents.map((Document, index) => ({
    VersionId: `v${documents.length - index}`,
    IsDefaultVersion: index === documents.length - 1,
    Document,
  }));
  return { Arn, PolicyVersionList };
}

/** The statements of one attached policy. */
async function statementsOf(document: unknown) {
  const responses = iamResponses({ groups: groupWith(own), policies: [[policy(own, encoded(document))]] });
  const { of } = await collectAll(iam, { responses });
  return of('iam.PolicyStatement');
}

test('only policies that somebody has attached are collected, from all pages', async () => {
  const { of, calls } = await collectAll(iam, {
    responses: iamResponses({
      groups: groupWith(own, aws),
      policies: [
        [policy('arn:aws:iam::aws:policy/Unused', policyOf(statement)), policy(own, policyOf(statement))],
        [policy(aws, policyOf(statement))],
      ],
    }),
  });

  assert.deepEqual(of('iam.ManagedPolicy'), [
    { Arn: own, Name: 'own', Type: 'managed' },
    { Arn: aws, Name: 'AWSLambdaRole', Type: 'managed' },
  ]);
  assert.deepEqual(
    of('iam.PolicyStatement').map(({ Id }) => Id),
    [`${own}/statement/1`, `${aws}/statement/1`],
  );
  assert.deepEqual(
    calls.filter(({ operation }) => operation === 'GetAccountAuthorizationDetails').at(-1)?.input['Filter'],
    ['LocalManagedPolicy', 'AWSManagedPolicy'],
  );
});

test('of a policy with several versions the default one counts', async () => {
  const { of } = await collectAll(iam, {
    responses: iamResponses({
      groups: groupWith(own),
      policies: [[policy(own, policyOf({ ...statement, Sid: 'Draft' }), policyOf({ ...statement, Sid: 'Live' }))]],
    }),
  });

  assert.deepEqual(
    of('iam.PolicyStatement').map(({ Sid }) => Sid),
    ['Live'],
  );
});

test('a statement keeps what it says; single values become lists', async () => {
  const [first, second] = await statementsOf({
    Statement: [
      {
        Sid: 'Read',
        Effect: 'Allow',
        Action: 's3:GetObject',
        Resource: ['arn:aws:s3:::größe/*', '*'],
        Condition: { StringEquals: { 'aws:PrincipalTag/team': 'größe' } },
      },
      { Sid: 'Not', Effect: 'Deny', NotAction: ['iam:*'], NotResource: 'arn:aws:s3:::b' },
    ],
  });

  assert.deepEqual(first, {
    Id: `${own}/statement/Read`,
    PolicyId: own,
    Sid: 'Read',
    Effect: 'Allow',
    Action: ['s3:GetObject'],
    NotAction: null,
    Resource: ['arn:aws:s3:::größe/*', '*'],
    NotResource: null,
    Condition: '[{"StringEquals": {"aws:PrincipalTag/team": "gr\\u00f6\\u00dfe"}}]',
  });
  assert.deepEqual(second, {
    Id: `${own}/statement/Not`,
    PolicyId: own,
    Sid: 'Not',
    Effect: 'Deny',
    Action: null,
    NotAction: ['iam:*'],
    Resource: null,
    NotResource: ['arn:aws:s3:::b'],
    Condition: null,
  });
});

test('statements without a Sid are counted among themselves', async () => {
  const sids = ['A', undefined, '', 'B', undefined];
  const statements = await statementsOf({ Statement: sids.map((Sid) => ({ ...statement, Sid })) });

  assert.deepEqual(
    statements.map(({ Id }) => (Id as string).slice(own.length)),
    ['/statement/A', '/statement/1', '/statement/2', '/statement/B', '/statement/3'],
  );
});

test('a Sid that looks like a position makes no second record of one id', async () => {
  const statements = await statementsOf({
    Statement: [
      { ...statement, Sid: '1' },
      { ...statement, Effect: 'Deny' },
    ],
  });

  assert.deepEqual(
    statements.map(({ Id, Effect }) => [Id, Effect]),
    [[`${own}/statement/1`, 'Deny']],
  );
});

test('a single statement may stand without a list', async () => {
  assert.deepEqual(
    (await statementsOf({ Statement: statement })).map(({ Id }) => Id),
    [`${own}/statement/1`],
  );
});

test('a policy of 64 KiB goes through whole', async () => {
  const Resource = Array.from({ length: 1600 }, (_, index) => `arn:aws:s3:::bucket-${index}-é/path/of/objects/*`);
  const [only] = await statementsOf({ Statement: [{ ...statement, Resource }] });

  assert.deepEqual(only?.['Resource'], Resource);
});

test('a document that cannot be read withholds the statements, not the policy', async () => {
  const { of, withheld } = await collectAll(iam, {
    responses: iamResponses({
      groups: groupWith(own, aws),
      policies: [[policy(own, '%7Bbroken'), { Arn: aws }]],
    }),
  });

  assert.deepEqual(
    of('iam.ManagedPolicy').map(({ Arn }) => Arn),
    [own, aws],
  );
  assert.deepEqual(withheld, [
    { type: 'cartography.aws.iam.PolicyStatement', reason: `the document of policy ${own} is no policy` },
    { type: 'cartography.aws.iam.PolicyStatement', reason: `the document of policy ${aws} is no policy` },
  ]);
});
