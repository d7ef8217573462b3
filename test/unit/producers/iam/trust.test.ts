import assert from 'node:assert/strict';
import { test } from 'node:test';
import { iam } from '../../../../producers/syncs/iam/iam.ts';
import { collectAll } from '../../../support/collect.ts';
import { encoded, iamResponses, policyOf } from '../../../support/iam-account.ts';

const arn = (name: string) => `arn:aws:iam::111122223333:role/${name}`;
const role = (name: string, AssumeRolePolicyDocument: string) => ({
  RoleName: name,
  Arn: arn(name),
  AssumeRolePolicyDocument,
});
const allow = (Principal: unknown) => ({ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' });

async function collectRoles(...roles: ReturnType<typeof role>[]) {
  return collectAll(iam, { responses: iamResponses({ roles: roles.map((one) => [one]) }) });
}

test('a role trusts all that its policy names, and what no read lists gets a node', async () => {
  const { of } = await collectRoles(
    role(
      'r',
      policyOf(
        allow({
          AWS: ['arn:aws:iam::111122223333:root', 'arn:aws:iam::444455556666:root', 'arn:aws:iam::777788889999:user/u'],
          Service: 'ec2.amazonaws.com',
        }),
        allow({ Federated: ['accounts.google.com', 'arn:aws:iam::111122223333:saml-provider/idp'] }),
        { ...allow({ Service: ['ec2.amazonaws.com', 'lambda.amazonaws.com'] }), Effect: 'Deny' },
      ),
    ),
  );

  assert.deepEqual(of('iam.Role')[0]?.['TrustedPrincipals'], [
    'arn:aws:iam::111122223333:root',
    'arn:aws:iam::444455556666:root',
    'arn:aws:iam::777788889999:user/u',
    'ec2.amazonaws.com',
    'accounts.google.com',
    'arn:aws:iam::111122223333:saml-provider/idp',
    'lambda.amazonaws.com',
  ]);
  assert.deepEqual(of('iam.ServicePrincipal'), [
    { Arn: 'ec2.amazonaws.com', Type: 'Service' },
    { Arn: 'lambda.amazonaws.com', Type: 'Service' },
  ]);
  assert.deepEqual(of('iam.FederatedPrincipal'), [
    { Arn: 'accounts.google.com', Type: 'Federated' },
    { Arn: 'arn:aws:iam::111122223333:saml-provider/idp', Type: 'Federated' },
  ]);
  assert.deepEqual(of('iam.TrustedAccount'), [{ TrustedAccountId: '444455556666' }]);
  assert.deepEqual(of('iam.TrustedRootPrincipal'), [
    { Arn: 'arn:aws:iam::444455556666:root', TrustedAccountId: '444455556666' },
  ]);
});

test('whom many roles trust gets one node, on whatever pages they are', async () => {
  const trust = policyOf(allow({ Service: 'ec2.amazonaws.com', AWS: 'arn:aws:iam::444455556666:root' }));
  const { of } = await collectRoles(role('a', trust), role('b', trust), role('c', trust));

  assert.equal(of('iam.Role').length, 3);
  assert.equal(of('iam.ServicePrincipal').length, 1);
  assert.equal(of('iam.TrustedAccount').length, 1);
  assert.equal(of('iam.TrustedRootPrincipal').length, 1);
});

test('anyone, a bare wildcard, is trusted but is no node', async () => {
  const { records, of } = await collectRoles(
    role('a', policyOf(allow('*'))),
    role('b', encoded({ Statement: allow({ AWS: '*' }) })),
  );

  assert.deepEqual(
    of('iam.Role').map(({ TrustedPrincipals }) => TrustedPrincipals),
    [['*'], ['*']],
  );
  assert.equal(records.length, 3, 'two roles and the summary of the account');
});

test('NotPrincipal, other kinds of principal and deleted principals add no nodes', async () => {
  const { records, of } = await collectRoles(
    role('a', policyOf({ Effect: 'Deny', NotPrincipal: { AWS: 'arn:aws:iam::444455556666:root' } })),
    role('b', policyOf(allow({ CanonicalUser: '79a5' }), allow({ AWS: 'AROADELETED' }))),
  );

  assert.deepEqual(
    of('iam.Role').map(({ TrustedPrincipals }) => TrustedPrincipals),
    [[], ['AROADELETED']],
  );
  assert.equal(records.length, 3, 'two roles and the summary of the account');
});

test('a trust policy that cannot be read keeps the role and those it trusts as they were', async () => {
  const broken = {
    ...role('broken', 'no policy'),
    AttachedManagedPolicies: [{ PolicyArn: 'arn:aws:iam::aws:policy/P' }],
  };
  const { of, withheld } = await collectAll(iam, {
    responses: iamResponses({
      roles: [[broken, role('r', policyOf())]],
      policies: [
        [{ Arn: 'arn:aws:iam::aws:policy/P', PolicyVersionList: [{ IsDefaultVersion: true, Document: policyOf() }] }],
      ],
    }),
  });
  const reason = `the trust policy of ${arn('broken')} is no policy`;

  assert.deepEqual(
    of('iam.Role').map(({ RoleName }) => RoleName),
    ['r'],
  );
  assert.deepEqual(withheld, [
    { type: 'cartography.aws.iam.Role', reason, nodeId: arn('broken') },
    { type: 'cartography.aws.iam.ServicePrincipal', reason },
    { type: 'cartography.aws.iam.FederatedPrincipal', reason },
    { type: 'cartography.aws.iam.TrustedAccount', reason },
    { type: 'cartography.aws.iam.TrustedRootPrincipal', reason },
  ]);
  assert.equal(of('iam.ManagedPolicy').length, 1, 'the role still has its policies');
});
