import assert from 'node:assert/strict';
import { test } from 'node:test';

import { openEstate } from '../../support/organizations-server/collect-estate.ts';
import { EstateError } from '../../support/organizations-server/estate.ts';
import { connectionReset } from '../../support/organizations-server/server.ts';

const hub = '100000000000';
const open = () => openEstate({ denied: {}, organizations: [] }, hub, []);

const single = { syncAllProfiles: false };

type Lab = Awaited<ReturnType<typeof open>>;
const regionsAsked = ({ server }: Lab) => [
  ...new Set(server.calls.filter(({ action }) => action === 'ec2:DescribeVpcs').map(({ region }) => region)),
];
const outcomesOf = async ({ markersOf }: Lab) =>
  (await markersOf('ScopeMarker'))
    .filter(({ sync }) => sync === 'ec2:vpc')
    .map(({ region, outcome }) => `${String(region)} ${String(outcome)}`)
    .sort();

test('without --aws-regions those are read that are enabled for the account, and no other', async () => {
  await using lab = await open();
  await lab.run({ ...single, regions: 'enabled' });
  assert.deepEqual(regionsAsked(lab).sort(), ['eu-west-1', 'us-east-1']);
  const [call, ...more] = lab.server.calls.filter(({ action }) => action === 'ec2:DescribeRegions');
  assert.deepEqual(more, []);
  assert.equal(call?.input['AllRegions'], undefined);
});

test('with --aws-regions DescribeRegions is not called, and only those are read', async () => {
  await using lab = await open();
  await lab.run({ ...single, regions: ['ap-east-1', 'ap-east-1'] });
  assert.deepEqual(regionsAsked(lab), ['ap-east-1']);
  assert.ok(!lab.server.calls.some(({ action }) => action === 'ec2:DescribeRegions'));
});

for (const [what, fault, outcome] of [
  ['denied', new EstateError('UnauthorizedOperation', 403), 'denied'],
  ['not enabled', new EstateError('OptInRequired', 401), 'unsupported'],
  ['unreachable', connectionReset, 'failed'],
] as const) {
  test(`a region that is ${what} ends that scope as ${outcome}, and no other`, async () => {
    await using lab = await open();
    lab.server.fault = ({ action, region }) =>
      action === 'ec2:DescribeVpcs' && region === 'us-east-1' ? fault : undefined;
    await lab.run({ ...single, regions: ['eu-west-1', 'us-east-1'] });
    assert.deepEqual(await outcomesOf(lab), ['eu-west-1 complete', `us-east-1 ${outcome}`]);
  });
}

test('narrowing --aws-regions deletes nothing in the regions that are left out', async () => {
  await using lab = await open();
  await lab.run({ ...single, regions: ['eu-west-1', 'us-east-1'] });
  const before = (await lab.graph()).nodes.get(`AWSVpc|vpc-${hub}-us-east-1`);
  await lab.run({ ...single, regions: ['eu-west-1'] });
  const { nodes } = await lab.graph();
  assert.notEqual(before, undefined);
  assert.deepEqual(nodes.get(`AWSVpc|vpc-${hub}-us-east-1`), before);
  assert.notEqual(nodes.get(`AWSVpc|vpc-${hub}-eu-west-1`)?.props['lastupdated'], before?.props['lastupdated']);
});

test('an account whose regions may not be listed is read for its global services, and its run says so', async () => {
  await using lab = await open();
  lab.server.estate.denied = { [hub]: ['ec2:DescribeRegions'] };
  const summary = await lab.run({ ...single, regions: 'enabled' });
  assert.match(summary.accounts[0]?.problem ?? '', /regions cannot be listed.*UnauthorizedOperation.*--aws-regions/);
  assert.equal(summary.scopesByOutcome.complete, 1);
});
