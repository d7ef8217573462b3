import assert from 'node:assert/strict';
import { test } from 'node:test';

import { UsageError } from '../../../platform/errors.ts';
import { leastPrivilegePolicy } from '../../../producers/policy.ts';
import { selectSyncs } from '../../../producers/select-syncs.ts';
import { syncs } from '../../../producers/syncs.ts';
import { loadCatalogue } from '../../../schemas/catalogue.ts';

const ids = (requested?: string[]) => selectSyncs(syncs, requested).map(({ id }) => id);

test('nothing requested means everything', () => {
  assert.deepEqual(
    ids(),
    syncs.map(({ id }) => id),
  );
});

test('any order of the request gives the same syncs, duplicates do no harm, and the account always comes along', () => {
  assert.deepEqual(ids(['s3', 'iam', 's3']), ['account', 'iam', 's3']);
  assert.deepEqual(ids(['iam', 's3']), ['account', 'iam', 's3']);
});

test('load balancers bring their addresses along', () => {
  assert.deepEqual(ids(['ec2:load_balancer_v2']), ['account', 'ec2:load_balancer_v2', 'ec2:load_balancer_v2:expose']);
});

test('an unknown identifier is refused by name, with those that exist', () => {
  assert.throws(
    () => ids(['iam', 'ec2:nothing']),
    (error) => error instanceof UsageError && /ec2:nothing.*ec2:instance/.test(error.message),
  );
});

test('an empty request is refused', () => {
  assert.throws(() => ids([]), UsageError);
});

test('identifiers are unique, and every sync announces exactly the record types that its schemas name', () => {
  const catalogue = loadCatalogue();
  assert.equal(new Set(syncs.map(({ id }) => id)).size, syncs.length);
  for (const sync of syncs) {
    const announced = [...sync.records].sort();
    assert.deepEqual(
      announced,
      catalogue
        .ofSync(sync.id)
        .map(({ name }) => name)
        .sort(),
      sync.id,
    );
  }
});

test('the policy is the sorted union of what the syncs, their shared reads and the engine ask', () => {
  const read = { id: 'r', scope: 'global' as const, actions: ['iam:ListX'], read: async () => 0 };
  const policy = leastPrivilegePolicy([
    { actions: ['s3:GetB', 'ec2:DescribeA'], reads: [read] },
    { actions: ['ec2:DescribeA'] },
  ]);
  assert.deepEqual(policy.Statement[0]?.Action, [
    'ec2:DescribeA',
    'ec2:DescribeRegions',
    'iam:ListX',
    'organizations:DescribeOrganization',
    'organizations:ListAccountsForParent',
    'organizations:ListOrganizationalUnitsForParent',
    'organizations:ListRoots',
    's3:GetB',
    'sts:GetCallerIdentity',
  ]);
});
