import assert from 'node:assert/strict';
import { test } from 'node:test';

import { type Estate, EstateError } from '../../../support/organizations-server/estate.ts';
import { linesOf, openEstate } from '../../../support/organizations-server/collect-estate.ts';

/* Real runs of the SDK against an Organizations that refuses who may not ask; graphs are what the law makes of the log. */

const management = '100000000000';
const hub = '200000000000';
const member = '300000000000';
const closed = '400000000000';
const otherManagement = '600000000000';
const outsider = '700000000000';

function estate(): Estate {
  const accountsOf = (parentId: string, ids: string[]) => ids.map((id) => ({ id, name: `name-${id}`, parentId }));
  return {
    denied: {},
    organizations: [
      {
        id: 'o-first',
        managementAccountId: management,
        delegatedAdministrators: [],
        rootId: 'r-1',
        units: [
          { id: 'ou-a', name: 'A', parentId: 'r-1' },
          { id: 'ou-b', name: 'B', parentId: 'r-1' },
          { id: 'ou-c', name: 'C', parentId: 'ou-a' },
        ],
        accounts: [
          ...accountsOf('r-1', [management]),
          ...accountsOf('ou-a', [hub]),
          ...accountsOf('ou-b', [member, '310000000000', '320000000000', '330000000000', '340000000000']),
          { id: closed, name: 'closed', parentId: 'ou-c', state: 'SUSPENDED' },
        ],
      },
      {
        id: 'o-second',
        managementAccountId: otherManagement,
        delegatedAdministrators: [],
        rootId: 'r-2',
        units: [],
        accounts: accountsOf('r-2', [otherManagement]),
      },
    ],
  };
}

const everyone = [member, management, hub];
const open = (profiles: string[] = everyone, own: Estate = estate()) => openEstate(own, hub, profiles);
type Lab = Awaited<ReturnType<typeof open>>;
type Summary = Awaited<ReturnType<Lab['run']>>;

const hierarchiesOf = (summary: Summary) =>
  summary.hierarchies.map(({ organizationId, accountId, outcome }) => [organizationId, accountId, outcome]);
const syncedBy = (summary: Summary) => summary.accounts.map(({ id }) => id).sort();
const probed = ({ server }: Lab, action = 'organizations:DescribeOrganization') => [
  ...new Set(server.calls.filter((call) => call.action === action).map(({ accountId }) => accountId)),
];
const hierarchyLines = async ({ read, topics }: Lab) =>
  (await read(topics.hierarchy)).map(({ key, value }) => [key, value]);
const edgesOf = async (lab: Lab, label: string) =>
  [...(await lab.graph()).edges.keys()].filter((edge) => edge.startsWith(label)).sort();

test('single account: the management account enumerates its organization with the current credentials', async () => {
  await using lab = await openEstate(estate(), management, everyone);
  const summary = await lab.run({ syncAllProfiles: false });
  assert.deepEqual(hierarchiesOf(summary), [['o-first', management, 'complete']]);
  assert.deepEqual(syncedBy(summary), [management]);
});

test('single account: one that may not enumerate writes and cleans nothing, and is synced', async () => {
  await using lab = await open();
  const summary = await lab.run({ syncAllProfiles: false });
  assert.deepEqual(hierarchiesOf(summary), [['o-first', hub, 'access_denied']]);
  assert.deepEqual(await hierarchyLines(lab), []);
  assert.deepEqual(syncedBy(summary), [hub]);
  assert.equal(summary.recordsByType['cartography.aws.ec2.Vpc'], 1);
});

test('all profiles with ids: only those are asked, and the others synced all the same', async () => {
  await using lab = await open();
  const summary = await lab.run({ organizationAccountIds: [management] });
  assert.deepEqual(probed(lab), [management]);
  assert.deepEqual(hierarchiesOf(summary), [['o-first', management, 'complete']]);
  assert.deepEqual(syncedBy(summary), everyone.toSorted());
});

test('an id without a profile is a warning', async () => {
  await using lab = await open();
  const summary = await lab.run({ organizationAccountIds: [outsider, management] });
  assert.ok(lab.warnings.some((line) => line.includes(outsider) && line.includes('no profile')));
  assert.deepEqual(hierarchiesOf(summary), [['o-first', management, 'complete']]);
});

test('all profiles without ids: each is asked, the management account enumerates', async () => {
  await using lab = await open();
  const summary = await lab.run();
  assert.deepEqual(probed(lab).sort(), everyone.toSorted());
  assert.deepEqual(probed(lab, 'organizations:ListRoots'), [management]);
  assert.deepEqual(hierarchiesOf(summary), [['o-first', management, 'complete']]);
  assert.deepEqual(syncedBy(summary), everyone.toSorted());
});

test('when nobody can enumerate, what was there stays, byte for byte, and all are synced', async () => {
  await using lab = await open();
  await lab.run();
  const before = await hierarchyLines(lab);
  const organizationOf = async () => linesOf(await lab.graph()).filter((line) => /^AWSOrg|AWSOrganization/.test(line));
  const graph = await organizationOf();
  lab.server.estate.denied = { [management]: ['organizations:ListRoots'] };
  const summary = await lab.run();
  assert.deepEqual(hierarchiesOf(summary), [['o-first', hub, 'access_denied']]);
  assert.deepEqual(probed(lab, 'organizations:ListRoots').sort(), everyone.toSorted());
  assert.deepEqual(await hierarchyLines(lab), before);
  assert.ok(graph.length > 5);
  assert.deepEqual(await organizationOf(), graph);
  assert.deepEqual(syncedBy(summary), everyone.toSorted());
});

test('a delegated administrator enumerates where the management account has no profile', async () => {
  const own = estate();
  own.organizations[0]!.delegatedAdministrators.push(hub);
  await using lab = await open([member, hub], own);
  const summary = await lab.run();
  assert.deepEqual(hierarchiesOf(summary), [['o-first', hub, 'complete']]);
});

test('several organizations, and an account without one, in one run', async () => {
  await using lab = await open([...everyone, otherManagement, outsider]);
  const summary = await lab.run();
  assert.deepEqual(hierarchiesOf(summary), [
    [null, outsider, 'not_in_org'],
    ['o-first', management, 'complete'],
    ['o-second', otherManagement, 'complete'],
  ]);
  assert.equal(summary.accounts.length, 5);
  assert.deepEqual(await edgesOf(lab, `AWSAccount|${otherManagement} -PARENT`), [
    `AWSAccount|${otherManagement} -PARENT-> AWSOrganizationRoot|o-second/r-2`,
  ]);
});

test('an account that left loses its place and what the organization said of it, and keeps what it owns', async () => {
  await using lab = await open();
  await lab.run();
  const [organization] = lab.server.estate.organizations;
  organization!.accounts = organization!.accounts.filter(({ id }) => id !== member);
  const summary = await lab.run();
  assert.deepEqual(hierarchiesOf(summary), [
    [null, member, 'not_in_org'],
    ['o-first', management, 'complete'],
  ]);
  const { nodes } = await lab.graph();
  assert.equal(nodes.get(`AWSAccount|${member}`)?.props['org_id'] ?? null, null);
  assert.ok(nodes.has(`AWSVpc|vpc-${member}-eu-west-1`));
  assert.deepEqual(await edgesOf(lab, `AWSAccount|${member} -PARENT`), []);
});

test('a unit that moved hangs on its new parent only', async () => {
  await using lab = await open();
  await lab.run();
  lab.server.estate.organizations[0]!.units[2]!.parentId = 'ou-b';
  await lab.run();
  assert.deepEqual(await edgesOf(lab, 'AWSOrganizationalUnit|o-first/ou-c -PARENT'), [
    'AWSOrganizationalUnit|o-first/ou-c -PARENT-> AWSOrganizationalUnit|o-first/ou-b',
  ]);
});

test('a suspended account is there with its state and without a place; so is one that is being closed', async () => {
  await using lab = await open();
  lab.server.estate.organizations[0]!.accounts.find(({ id }) => id === '310000000000')!.state = 'PENDING_CLOSURE';
  await lab.run();
  const { nodes } = await lab.graph();
  assert.equal(nodes.get(`AWSAccount|${closed}`)?.props['state'], 'SUSPENDED');
  assert.equal(nodes.get('AWSAccount|310000000000')?.props['state'], 'PENDING_CLOSURE');
  assert.deepEqual(await edgesOf(lab, `AWSAccount|${closed} -PARENT`), []);
  assert.deepEqual(await edgesOf(lab, 'AWSAccount|310000000000 -PARENT'), []);
  assert.equal((await edgesOf(lab, `AWSAccount|${member} -PARENT`)).length, 1);
});

test('an account without State and Status leaves the hierarchy incomplete and as it was', async () => {
  await using lab = await open();
  await lab.run();
  const before = await hierarchyLines(lab);
  lab.server.estate.organizations[0]!.accounts.at(-1)!.state = null;
  const summary = await lab.run();
  assert.equal(summary.hierarchies[0]?.outcome, 'incomplete');
  assert.deepEqual(await hierarchyLines(lab), before);
  assert.deepEqual(syncedBy(summary), everyone.toSorted());
});

test('a failure on the third page of the second unit leaves the hierarchy incomplete and as it was', async () => {
  await using lab = await open();
  await lab.run();
  const before = await hierarchyLines(lab);
  lab.server.fault = ({ action, input }) =>
    action === 'organizations:ListAccountsForParent' && input['ParentId'] === 'ou-b' && input['NextToken'] === '4'
      ? new EstateError('InvalidInputException')
      : undefined;
  const summary = await lab.run();
  assert.equal(summary.hierarchies[0]?.outcome, 'incomplete');
  assert.match(summary.hierarchies[0]?.reason ?? '', /InvalidInputException/);
  assert.deepEqual(await hierarchyLines(lab), before);
  const markers = await lab.markersOf('HierarchyMarker');
  assert.deepEqual(
    markers.map(({ outcome }) => outcome),
    ['complete', 'incomplete'],
  );
});

test('throttling for a while delays the enumeration and changes nothing', async () => {
  await using lab = await open();
  let refusals = 2;
  lab.server.fault = ({ action }) =>
    action === 'organizations:ListAccountsForParent' && refusals-- > 0
      ? new EstateError('TooManyRequestsException')
      : undefined;
  const summary = await lab.run();
  assert.deepEqual(hierarchiesOf(summary), [['o-first', management, 'complete']]);
  assert.ok(refusals < 0);
});

test('the hierarchy is in the log before the first record of an account', async () => {
  await using lab = await open();
  const order: string[] = [];
  await lab.run({ onProgress: ({ kind }) => order.push(kind) });
  assert.ok(order.indexOf('hierarchy-ended') < order.indexOf('account-started'));
});

test('the two may overlap: accounts end while the organization is still enumerated, and the graph is the same', async () => {
  const graphOf = async (overlapHierarchy: boolean) => {
    await using lab = await open();
    const order: string[] = [];
    const slow = { Organizations: { ratePerSecond: 4, burst: 1, perOperation: false } };
    await lab.run({
      overlapHierarchy,
      ...(overlapHierarchy ? { rateLimits: slow } : {}),
      onProgress: ({ kind }) => order.push(kind),
    });
    return { order, lines: linesOf(await lab.graph()) };
  };
  const [before, beside] = [await graphOf(false), await graphOf(true)];
  assert.ok(beside.order.indexOf('account-ended') < beside.order.indexOf('hierarchy-ended'));
  assert.deepEqual(beside.lines, before.lines);
});
