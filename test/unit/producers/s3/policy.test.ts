import assert from 'node:assert/strict';
import { test } from 'node:test';
import { s3 } from '../../../../producers/syncs/s3/s3.ts';
import { collectAll } from '../../../support/collect.ts';
import { s3Responses } from '../../../support/s3-buckets.ts';

async function collectPolicy(document: unknown) {
  const Policy = typeof document === 'string' ? document : JSON.stringify(document);
  return collectAll(s3, { responses: s3Responses({ b: { GetBucketPolicy: { Policy } } }) });
}

test('a statement keeps the form that its policy gave it', async () => {
  const { of } = await collectPolicy({
    Version: '2012-10-17',
    Id: 'Policy1',
    Statement: [
      {
        Sid: 'Öffentlich',
        Effect: 'Allow',
        Principal: '*',
        Action: 's3:GetObject',
        Resource: ['arn:aws:s3:::b', 'arn:aws:s3:::b/*'],
      },
      {
        Effect: 'Deny',
        NotPrincipal: { AWS: 'arn:aws:iam::111122223333:root' },
        NotAction: 's3:GetObject',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
    ],
  });
  const shared = { Bucket: 'b', PolicyId: 'Policy1', PolicyVersion: '2012-10-17' };

  assert.deepEqual(of('s3.PolicyStatement'), [
    {
      Id: 'b/policy_statement/1/Öffentlich',
      ...shared,
      Sid: 'Öffentlich',
      Effect: 'Allow',
      Action: 's3:GetObject',
      Resource: ['arn:aws:s3:::b', 'arn:aws:s3:::b/*'],
      Principal: '"*"',
      Condition: null,
    },
    {
      Id: 'b/policy_statement/2',
      ...shared,
      Sid: null,
      Effect: 'Deny',
      Action: null,
      Resource: null,
      Principal: null,
      Condition: '{"Bool": {"aws:SecureTransport": "false"}}',
    },
  ]);
});

test('a policy that is one statement without a list, without id and version, is read', async () => {
  const { of } = await collectPolicy({
    Statement: { Effect: 'Allow', Principal: { AWS: '111122223333' }, Action: ['s3:*'], Resource: '*' },
  });

  assert.deepEqual(
    of('s3.PolicyStatement').map(({ Id, PolicyId, PolicyVersion }) => [Id, PolicyId, PolicyVersion]),
    [['b/policy_statement/1', null, null]],
  );
});

test('anonymous actions are those of the open statements, each once', async () => {
  const open = { Effect: 'Allow', Principal: '*' };
  const { of } = await collectPolicy({
    Statement: [
      { ...open, Action: ['s3:PutObject', 's3:GetObject'] },
      { ...open, Action: 's3:GetObject' },
      { ...open, Effect: 'Deny', Action: 's3:DeleteObject' },
      { ...open, Principal: { AWS: 'arn:aws:iam::444455556666:root' }, Action: 's3:ListBucket' },
    ],
  });

  assert.deepEqual(of('s3.BucketPolicy'), [
    { Name: 'b', AnonymousAccess: true, AnonymousActions: ['s3:GetObject', 's3:PutObject'] },
  ]);
});

test('a policy that cannot be read withholds what it would have told', async () => {
  const { of, withheld } = await collectPolicy('{"Statement":');

  assert.equal(of('s3.Bucket').length, 1);
  assert.equal(of('s3.BucketPolicy').length, 0);
  assert.deepEqual(withheld, [
    { type: 'cartography.aws.s3.BucketPolicy', reason: 'the policy of bucket b is no policy', nodeId: 'b' },
    { type: 'cartography.aws.s3.PolicyStatement', reason: 'the policy of bucket b is no policy' },
  ]);
});
