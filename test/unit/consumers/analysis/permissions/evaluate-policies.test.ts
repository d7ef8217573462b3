import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  compilePolicy,
  evaluatePolicies,
  type Grant,
  type PolicyStatement,
} from '../../../../../consumers/analysis/permissions/evaluate-policies.ts';

const seed = Number(process.env['TEST_SEED'] ?? Date.now() % 1_000_000);
const unconditional: Grant = { has_condition: false, condition_keys: [], conditions: null };

/** A statement as the graph has it, of one as AWS writes it. */
function statement(document: {
  Effect: string;
  Action?: string | string[];
  NotAction?: string | string[];
  Resource?: string | string[];
  NotResource?: string | string[];
  Condition?: object;
}): PolicyStatement {
  const list = (value: string | string[] | undefined) => (value === undefined ? null : [value].flat());
  return {
    effect: document.Effect,
    action: list(document.Action),
    notaction: list(document.NotAction),
    resource: list(document.Resource),
    notresource: list(document.NotResource),
    condition: document.Condition === undefined ? null : JSON.stringify([document.Condition]),
  };
}

function evaluate(policies: PolicyStatement[][], permissions: string[], arn: string): Grant | undefined {
  return evaluatePolicies(
    policies.map((one) => compilePolicy(one, permissions)),
    arn,
  );
}

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-policies-s3.html
const oneBucket = [
  statement({ Effect: 'Allow', Action: 's3:ListAllMyBuckets', Resource: '*' }),
  statement({
    Effect: 'Allow',
    Action: ['s3:ListBucket', 's3:GetBucketLocation'],
    Resource: 'arn:aws:s3:::amzn-s3-demo-bucket1',
  }),
  statement({
    Effect: 'Allow',
    Action: ['s3:PutObject', 's3:PutObjectAcl', 's3:GetObject', 's3:GetObjectAcl', 's3:DeleteObject'],
    Resource: 'arn:aws:s3:::amzn-s3-demo-bucket1/*',
  }),
];
const bucket = (name: string) => `arn:aws:s3:::${name}`;

test('who may read the objects of a bucket may read the bucket, and no other', () => {
  assert.deepEqual(evaluate([oneBucket], ['S3:GetObject'], bucket('amzn-s3-demo-bucket1')), unconditional);
  assert.equal(evaluate([oneBucket], ['S3:GetObject'], bucket('amzn-s3-demo-bucket10')), undefined);
  assert.equal(evaluate([oneBucket], ['s3:RestoreObject'], bucket('amzn-s3-demo-bucket1')), undefined);
});

test('below anything but a bucket a path is another resource', () => {
  const policy = [statement({ Effect: 'Allow', Action: 'iam:PassRole', Resource: 'arn:aws:iam::1:role/Mine/*' })];
  assert.equal(evaluate([policy], ['iam:PassRole'], 'arn:aws:iam::1:role/Mine'), undefined);
  assert.deepEqual(evaluate([policy], ['iam:PassRole'], 'arn:aws:iam::1:role/Mine/x'), unconditional);
});

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_s3_deny-except-bucket.html
test('all but one bucket are denied, where the statement says resource and not', () => {
  const allowAll = [statement({ Effect: 'Allow', Action: 's3:*', Resource: '*' })];
  const denyOne = [statement({ Effect: 'Deny', Action: 's3:*', Resource: '*', NotResource: bucket('kept') })];
  assert.deepEqual(evaluate([allowAll, denyOne], ['s3:GetObject'], bucket('kept')), unconditional);
  assert.equal(evaluate([allowAll, denyOne], ['s3:GetObject'], bucket('other')), undefined);
});

test('a statement without a resource speaks of none, one without an action of all', () => {
  assert.equal(evaluate([[statement({ Effect: 'Allow', Action: '*' })]], ['s3:GetObject'], bucket('a')), undefined);
  assert.equal(
    evaluate([[statement({ Effect: 'Allow', Action: '*', NotResource: bucket('b') })]], ['s3:GetObject'], bucket('a')),
    undefined,
  );
  assert.deepEqual(
    evaluate([[statement({ Effect: 'Allow', Resource: '*' })]], ['s3:GetObject'], bucket('a')),
    unconditional,
  );
});

// PowerUserAccess: https://docs.aws.amazon.com/aws-managed-policy/latest/reference/PowerUserAccess.html
test('NotAction allows all but what it lists', () => {
  const powerUser = [
    statement({ Effect: 'Allow', NotAction: ['iam:*', 'organizations:*', 'account:*'], Resource: '*' }),
    statement({ Effect: 'Allow', Action: ['iam:CreateServiceLinkedRole', 'iam:ListRoles'], Resource: '*' }),
  ];
  assert.deepEqual(evaluate([powerUser], ['ssm:StartSession'], 'arn:aws:ec2:eu-west-1:1:instance/i-1'), unconditional);
  assert.equal(evaluate([powerUser], ['iam:PassRole'], 'arn:aws:iam::1:role/r'), undefined);
});

test('a Deny of any policy counts more than an Allow of another, whichever comes first', () => {
  const allow = [statement({ Effect: 'Allow', Action: 's3:*', Resource: '*' })];
  const deny = [statement({ Effect: 'Deny', Action: 's3:GetObject', Resource: bucket('secret') })];
  for (const policies of [[allow, deny], [deny, allow], [[...allow, ...deny]]]) {
    assert.equal(evaluate(policies, ['s3:GetObject'], bucket('secret')), undefined);
    assert.deepEqual(evaluate(policies, ['s3:GetObject'], bucket('public')), unconditional);
  }
});

test('one of several permissions is enough, and within a policy the first that is spoken of decides', () => {
  const mixed = [
    statement({ Effect: 'Allow', Action: 'dynamodb:GetItem', Resource: '*' }),
    statement({ Effect: 'Deny', Action: 'dynamodb:Scan', Resource: '*' }),
  ];
  assert.deepEqual(
    evaluate([mixed], ['dynamodb:GetItem', 'dynamodb:Scan'], 'arn:aws:dynamodb:r:1:table/t'),
    unconditional,
  );
  assert.equal(evaluate([mixed], ['dynamodb:Scan', 'dynamodb:GetItem'], 'arn:aws:dynamodb:r:1:table/t'), undefined);
  const readers = [statement({ Effect: 'Allow', Action: 'dynamodb:Query', Resource: '*' })];
  assert.deepEqual(
    evaluate([readers], ['dynamodb:GetItem', 'dynamodb:Query'], 'arn:aws:dynamodb:r:1:table/t'),
    unconditional,
  );
});

test('a permission with a wildcard is asked for by its letters', () => {
  const all = [statement({ Effect: 'Allow', Action: 'redshift:*', Resource: '*' })];
  const some = [statement({ Effect: 'Allow', Action: 'redshift:Describe*', Resource: '*' })];
  assert.deepEqual(evaluate([all], ['redshift:*'], 'arn:aws:redshift:r:1:cluster:c'), unconditional);
  assert.equal(evaluate([some], ['redshift:*'], 'arn:aws:redshift:r:1:cluster:c'), undefined);
});

const fromOffice = { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' }, Bool: { 'aws:SecureTransport': 'true' } };
const withMfa = { Bool: { 'aws:MultiFactorAuthPresent': 'true' } };

test('if every statement that grants has a condition, all conditions are told', () => {
  const granting = [fromOffice, withMfa].map((Condition) => [
    statement({ Effect: 'Allow', Action: 's3:Get*', Resource: '*', Condition }),
  ]);
  assert.deepEqual(evaluate(granting, ['s3:GetObject'], bucket('a')), {
    has_condition: true,
    condition_keys: ['aws:MultiFactorAuthPresent', 'aws:SecureTransport', 'aws:SourceIp'],
    conditions: `[${JSON.stringify(fromOffice)}, ${JSON.stringify(withMfa)}]`,
  });
});

test('one grant without a condition makes the relationship unconditional', () => {
  const policies = [
    [statement({ Effect: 'Allow', Action: 's3:*', Resource: '*', Condition: withMfa })],
    [statement({ Effect: 'Allow', Action: 's3:GetObject', Resource: bucket('a') })],
  ];
  assert.deepEqual(evaluate(policies, ['s3:GetObject'], bucket('a')), unconditional);
  assert.equal(evaluate(policies, ['s3:GetObject'], bucket('b'))?.has_condition, true);
});

test('a Deny denies whatever its condition', () => {
  const policy = [
    statement({ Effect: 'Allow', Action: '*', Resource: '*' }),
    statement({ Effect: 'Deny', Action: '*', Resource: '*', Condition: withMfa }),
  ];
  assert.equal(evaluate([policy], ['s3:GetObject'], bucket('a')), undefined);
});

test('a condition that is no JSON stays a condition', () => {
  const odd = { ...statement({ Effect: 'Allow', Action: '*', Resource: '*' }), condition: 'Sundays' };
  assert.deepEqual(evaluate([[odd]], ['s3:GetObject'], bucket('a')), {
    has_condition: true,
    condition_keys: [],
    conditions: '["Sundays"]',
  });
});

test(`a decision is that of the rules read word for word (seed ${seed})`, () => {
  const patterns = (values: string[]) => fc.option(fc.array(fc.constantFrom(...values), { maxLength: 2 }));
  const actions = ['s3:*', 's3:GetObject', 's3:PutObject', '*', 'iam:*', 'S3:get?bject'];
  const resources = [
    '*',
    'arn:aws:s3:::a',
    'arn:aws:s3:::a/*',
    'arn:aws:s3:::b',
    'arn:aws:s3:::?/x',
    'arn:aws:iam::1:role/a',
  ];
  const statements = fc.record<PolicyStatement>({
    effect: fc.constantFrom('Allow', 'Allow', 'Deny'),
    action: patterns(actions),
    notaction: fc.option(fc.constantFrom(['iam:*'], ['s3:GetObject']), { freq: 1 }),
    resource: patterns(resources),
    notresource: fc.option(fc.constantFrom(['arn:aws:s3:::b'], ['arn:aws:s3:::a/*']), { freq: 1 }),
    condition: fc.option(fc.constantFrom('[{"Bool": {"k1": "true"}}]', '[{"Bool": {"k2": "true"}}]')),
  });
  const policies = fc.array(fc.array(statements, { maxLength: 3 }), { maxLength: 3 });
  const permissions = fc.subarray(['s3:GetObject', 's3:PutObject', 'iam:PassRole'], { minLength: 1 });
  const arns = fc.constantFrom('arn:aws:s3:::a', 'arn:aws:s3:::b', 'arn:aws:iam::1:role/a');
  fc.assert(
    fc.property(policies, permissions, arns, (all, wanted, arn) => {
      const grant = evaluate(all, wanted, arn);
      assert.equal(grant !== undefined, model(all, wanted, arn));
      if (grant === undefined) return;
      const granting = all.flat().filter((one) => one.effect === 'Allow' && wanted.some((p) => applies(one, p, arn)));
      assert.equal(
        grant.has_condition,
        granting.every(({ condition }) => condition !== null),
      );
    }),
    { seed, numRuns: 3_000 },
  );
});

/** The rules of docs/permission-relationships.md, one after the other. */
function model(policies: PolicyStatement[][], permissions: string[], arn: string): boolean {
  const decisions = policies.map((policy) => {
    for (const permission of permissions) {
      const applying = policy.filter((one) => applies(one, permission, arn));
      if (applying.some(({ effect }) => effect === 'Deny')) return 'Deny';
      if (applying.some(({ effect }) => effect === 'Allow')) return 'Allow';
    }
    return 'nothing';
  });
  return decisions.includes('Allow') && !decisions.includes('Deny');
}

function applies(one: PolicyStatement, permission: string, arn: string): boolean {
  const any = (patterns: readonly string[] | null, text: string): boolean =>
    (patterns ?? []).some((pattern) =>
      new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.?')}$`, 'i').test(text),
    );
  const buckets = arn.startsWith('arn:aws:s3:::') ? (one.resource ?? []).map((pattern) => pattern.split('/')[0]!) : [];
  return (
    (one.action === null || any(one.action, permission)) &&
    !any(one.notaction, permission) &&
    (any(one.resource, arn) || any(buckets, arn)) &&
    !any(one.notresource, arn)
  );
}
