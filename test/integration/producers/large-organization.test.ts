import assert from 'node:assert/strict';
import { test } from 'node:test';

import { defaultRateLimits } from '../../../producers/aws/rate-limits.ts';
import { openEstate } from '../../support/organizations-server/collect-estate.ts';
import type { EstateOrganization } from '../../support/organizations-server/estate.ts';

const hub = '100000000000';

/** 200 accounts, five in each of 40 units: eight below the root, four below each of these. */
function largeOrganization(): EstateOrganization {
  const units = Array.from({ length: 40 }, (_, index) => ({
    id: `ou-${index}`,
    name: `unit ${index}`,
    parentId: index < 8 ? 'r-1' : `ou-${(index - 8) % 8}`,
  }));
  const accounts = Array.from({ length: 200 }, (_, index) => {
    const id = String(100_000_000_000 + index);
    return { id, name: `account ${index}`, parentId: `ou-${index % 40}` };
  });
  return { id: 'o-large', managementAccountId: hub, delegatedAdministrators: [], rootId: 'r-1', units, accounts };
}

test('200 accounts in 40 units are collected with their hierarchy through assumed roles, within the published rates', async () => {
  const organization = largeOrganization();
  const ids = organization.accounts.map(({ id }) => id);
  await using lab = await openEstate({ denied: {}, organizations: [organization], pageSize: 20 }, hub, ids);
  const startedAtMs = performance.now();
  const summary = await lab.run({
    organizationAccountIds: [hub],
    rateLimits: defaultRateLimits,
    overlapHierarchy: true,
  });
  const seconds = (performance.now() - startedAtMs) / 1_000;

  assert.deepEqual(summary.problems, []);
  assert.deepEqual(summary.accounts.map(({ id }) => id).sort(), ids);
  assert.deepEqual(
    summary.hierarchies.map(({ organizationId, outcome, records }) => [organizationId, outcome, records]),
    [['o-large', 'complete', 1 + 1 + 40 + 200 + 200]],
  );
  // The law's model compares all with all; the records say as much here.
  const placed = (await lab.read(lab.topics.hierarchy))
    .filter(({ type }) => type === 'cartography.aws.organizations.Account')
    .map(({ value }) => [value['Id'], value['ParentOrganizationalUnitId']]);
  assert.deepEqual(
    placed.sort(),
    organization.accounts.map(({ id, parentId }) => [id, `o-large/${parentId}`]),
  );
  assert.equal(summary.recordsByType['cartography.aws.ec2.Vpc'], 200);
  const assumed = lab.server.calls.filter(({ action }) => action === 'sts:AssumeRole');
  assert.equal(assumed.length, 200, 'each role is assumed once');

  const { ratePerSecond, burst } = defaultRateLimits['Organizations']!;
  for (const operation of ['ListAccountsForParent', 'ListOrganizationalUnitsForParent']) {
    const times = lab.server.calls
      .filter(({ action }) => action === `organizations:${operation}`)
      .map(({ atMs }) => atMs);
    assert.equal(times.length, 1 + 40);
    const spanSeconds = (times.at(-1)! - times[0]!) / 1_000;
    assert.ok(spanSeconds >= (times.length - burst) / ratePerSecond - 0.5, `${operation}: ${spanSeconds} s`);
  }
  assert.ok(seconds < 60, `${seconds} s`);
});
