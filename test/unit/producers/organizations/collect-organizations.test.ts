import assert from 'node:assert/strict';
import { test } from 'node:test';

import { collectOrganizations } from '../../../../producers/organizations/collect-organizations.ts';
import { awsError, fakeAccount, fakeClients } from '../../../support/fake-aws.ts';
import type { FakeCall } from '../../../support/fake-aws.ts';
import { fakeRun, topics, updateTag } from '../../../support/fake-run.ts';

const management = '100000000000';
const member = '200000000000';
const outsider = '300000000000';

interface Estate {
  organizationId: string;
  managementAccountId: string;
  roots: { Id: string; Arn?: string; Name?: string }[];
  /** Pages by parent. */
  units?: Record<string, object[][]>;
  accounts?: Record<string, object[][]>;
}

function accountIn(Id: string, fields: object = { State: 'ACTIVE', Status: 'ACTIVE' }): object {
  return {
    Id,
    Arn: `arn:aws:organizations::${management}:account/o-1/${Id}`,
    Name: `name of ${Id}`,
    Email: `${Id}@example.com`,
    JoinedMethod: 'CREATED',
    JoinedTimestamp: new Date('2024-01-02T03:04:05.678Z'),
    ...fields,
  };
}

const small: Estate = {
  organizationId: 'o-1',
  managementAccountId: management,
  roots: [{ Id: 'r-1', Name: 'Root' }],
  units: {
    'r-1': [[{ Id: 'ou-a', Name: 'A' }], [{ Id: 'ou-b', Name: 'B' }]],
    'ou-b': [[{ Id: 'ou-c', Name: 'C' }]],
  },
  accounts: {
    'r-1': [[accountIn(management)]],
    'ou-b': [[accountIn(member)], [accountIn('210000000000')], [accountIn('220000000000', { Status: 'SUSPENDED' })]],
    'ou-c': [[accountIn('230000000000', { State: 'PENDING_CLOSURE', Status: 'ACTIVE' })]],
  },
};

/** Organizations of an estate: every account of `allowed` may list it; what `fail` returns is thrown. */
function organizationsOf(
  estates: Record<string, Estate | Error>,
  { allowed = Object.keys(estates), fail }: { allowed?: string[]; fail?: (call: FakeCall) => Error | undefined } = {},
) {
  const answer = (call: FakeCall): object => {
    const failure = fail?.(call);
    if (failure !== undefined) return failure;
    const estate = estates[call.accountId];
    if (estate === undefined) return awsError('AWSOrganizationsNotInUseException');
    if (estate instanceof Error) return estate;
    if (call.operation === 'DescribeOrganization') {
      return {
        Organization: {
          Id: estate.organizationId,
          Arn: `arn:aws:organizations::${estate.managementAccountId}:organization/${estate.organizationId}`,
          FeatureSet: 'ALL',
          MasterAccountId: estate.managementAccountId,
          MasterAccountArn: `arn:aws:organizations::${estate.managementAccountId}:account/${estate.organizationId}/${estate.managementAccountId}`,
          MasterAccountEmail: 'root@example.com',
        },
      };
    }
    if (!allowed.includes(call.accountId)) return awsError('AccessDeniedException');
    const { ParentId, NextToken } = call.input as { ParentId?: string; NextToken?: string };
    const page = Number(NextToken ?? 0);
    if (call.operation === 'ListRoots') return { Roots: estate.roots };
    const isUnits = call.operation === 'ListOrganizationalUnitsForParent';
    const pages = (isUnits ? estate.units : estate.accounts)?.[ParentId ?? ''] ?? [[]];
    const items = isUnits ? { OrganizationalUnits: pages[page] } : { Accounts: pages[page] };
    return { ...items, ...(page + 1 < pages.length ? { NextToken: String(page + 1) } : {}) };
  };
  return { ...fakeClients(answer), answer };
}

async function collectFrom(fake: Pick<ReturnType<typeof fakeClients>, 'clients'>, accountIds: string[]) {
  const { run, read, markersOf, progress } = await fakeRun({ clients: fake.clients });
  const results = await collectOrganizations(
    accountIds.map((id) => fakeAccount(id)),
    run,
  );
  return { results, records: await read(topics.hierarchy), markers: await markersOf('HierarchyMarker'), progress };
}

const outcomesOf = (results: { organizationId: string | null; accountId: string; outcome: string }[]) =>
  results.map(({ organizationId, accountId, outcome }) => [organizationId, accountId, outcome]);

test('an organization becomes its records: tree, accounts with their places, and root principals of active accounts', async () => {
  const { records } = await collectFrom(organizationsOf({ [management]: small }), [management]);
  const byType = Map.groupBy(records, ({ type }) => type.replace('cartography.aws.organizations.', ''));
  const idsOf = (type: string) => byType.get(type)?.map(({ value }) => value['Id'] ?? value['Arn']);

  assert.deepEqual(
    byType.get('Organization')?.map(({ value }) => value),
    [
      {
        organizationId: 'o-1',
        updateTag,
        Id: 'o-1',
        Arn: `arn:aws:organizations::${management}:organization/o-1`,
        FeatureSet: 'ALL',
        MasterAccountArn: `arn:aws:organizations::${management}:account/o-1/${management}`,
        MasterAccountId: management,
        MasterAccountEmail: 'root@example.com',
      },
    ],
  );
  assert.deepEqual(idsOf('Root'), ['o-1/r-1']);
  assert.deepEqual(
    byType
      .get('OrganizationalUnit')
      ?.map(({ value }) => [value['Id'], value['RootId'], value['ParentRootId'], value['ParentOrganizationalUnitId']]),
    [
      ['o-1/ou-a', 'o-1/r-1', 'o-1/r-1', null],
      ['o-1/ou-b', 'o-1/r-1', 'o-1/r-1', null],
      ['o-1/ou-c', 'o-1/r-1', null, 'o-1/ou-b'],
    ],
  );
  assert.deepEqual(
    byType
      .get('Account')
      ?.map(({ value }) => [
        value['Id'],
        value['State'],
        value['Status'],
        value['ParentRootId'],
        value['ParentOrganizationalUnitId'],
      ]),
    [
      [management, 'ACTIVE', 'ACTIVE', 'o-1/r-1', null],
      [member, 'ACTIVE', 'ACTIVE', null, 'o-1/ou-b'],
      ['210000000000', 'ACTIVE', 'ACTIVE', null, 'o-1/ou-b'],
      ['220000000000', 'SUSPENDED', 'SUSPENDED', null, null],
      ['230000000000', 'PENDING_CLOSURE', 'ACTIVE', null, null],
    ],
  );
  assert.equal(byType.get('Account')?.[0]?.value['JoinedTimestamp'], Date.parse('2024-01-02T03:04:05.678Z'));
  assert.deepEqual(
    idsOf('RootPrincipal'),
    [management, member, '210000000000'].map((id) => `arn:aws:iam::${id}:root`),
  );
  assert.equal(records[0]?.key, 'cartography.aws.organizations.Organization|organization/o-1|o-1');
});

test('the marker stands behind the records, with their counts and where they end', async () => {
  const { records, markers, results, progress } = await collectFrom(organizationsOf({ [management]: small }), [
    management,
  ]);
  assert.deepEqual(outcomesOf(results), [['o-1', management, 'complete']]);
  assert.equal(markers.length, 1);
  assert.deepEqual(
    (markers[0]?.['recordTypes'] as { name: string; records: number; complete: boolean }[]).map(
      ({ name, records: count, complete }) => [name.split('.').at(-1), count, complete],
    ),
    [
      ['Organization', 1, true],
      ['Root', 1, true],
      ['OrganizationalUnit', 3, true],
      ['Account', 5, true],
      ['RootPrincipal', 3, true],
    ],
  );
  assert.deepEqual(markers[0]?.['offsets'], [{ topic: topics.hierarchy, partition: 0, offset: records.length }]);
  assert.deepEqual(progress, [
    { kind: 'hierarchy-ended', organizationId: 'o-1', accountId: management, outcome: 'complete', records: 13 },
  ]);
});

test('an account without an organization is not_in_org, under its own name', async () => {
  const { results, records, markers } = await collectFrom(organizationsOf({}), [outsider]);
  assert.deepEqual(outcomesOf(results), [[null, outsider, 'not_in_org']]);
  assert.deepEqual(records, []);
  assert.deepEqual(
    [markers[0]?.['organizationId'], markers[0]?.['accountId'], markers[0]?.['outcome'], markers[0]?.['offsets']],
    [null, outsider, 'not_in_org', []],
  );
});

for (const [code, outcome] of [
  ['AccessDenied', 'access_denied'],
  ['AccessDeniedException', 'access_denied'],
  ['TooManyRequestsException', 'incomplete'],
  ['ServiceException', 'incomplete'],
] as const) {
  test(`${code} of DescribeOrganization is ${outcome}`, async () => {
    const { results, records } = await collectFrom(organizationsOf({ [member]: awsError(code) }), [member]);
    assert.deepEqual(outcomesOf(results), [[null, member, outcome]]);
    assert.deepEqual(records, []);
  });
}

test('a connection that fails is incomplete and does not end the run', async () => {
  const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  const { results } = await collectFrom(organizationsOf({ [member]: refused, [management]: small }), [
    member,
    management,
  ]);
  assert.deepEqual(outcomesOf(results), [
    [null, member, 'incomplete'],
    ['o-1', management, 'complete'],
  ]);
});

test('the management account is tried first, the others in their order, until one succeeds', async () => {
  const ids = [member, '210000000000', management];
  const fake = organizationsOf(Object.fromEntries(ids.map((id) => [id, small])), { allowed: ['210000000000'] });
  const { results } = await collectFrom(fake, ids);
  const tried = fake.calls.filter(({ operation }) => operation === 'ListRoots').map(({ accountId }) => accountId);
  assert.deepEqual(tried, [management, member, '210000000000']);
  assert.deepEqual(outcomesOf(results), [['o-1', '210000000000', 'complete']]);
});

test('when nobody may list, there is one marker of the organization, access_denied, and no record', async () => {
  const fake = organizationsOf({ [member]: small, '210000000000': small }, { allowed: [] });
  const { results, records, markers } = await collectFrom(fake, [member, '210000000000']);
  assert.deepEqual(outcomesOf(results), [['o-1', '210000000000', 'access_denied']]);
  assert.deepEqual(records, []);
  assert.equal(markers.length, 1);
});

test('an error on the third page of the second unit leaves the organization incomplete and nothing written', async () => {
  const fake = organizationsOf(
    { [management]: small },
    {
      fail: ({ operation, input }) =>
        operation === 'ListAccountsForParent' && input['ParentId'] === 'ou-b' && input['NextToken'] === '2'
          ? awsError('ServiceException')
          : undefined,
    },
  );
  const { results, records, markers } = await collectFrom(fake, [management]);
  assert.deepEqual(outcomesOf(results), [['o-1', management, 'incomplete']]);
  assert.deepEqual(records, []);
  assert.match(String(markers[0]?.['reason']), /ServiceException/);
});

test('a denial halfway is access_denied and nothing is written', async () => {
  const fail = ({ operation, input }: FakeCall) =>
    operation === 'ListOrganizationalUnitsForParent' && input['ParentId'] === 'ou-c'
      ? awsError('AccessDeniedException')
      : undefined;
  const { results, records } = await collectFrom(organizationsOf({ [management]: small }, { fail }), [management]);
  assert.deepEqual(outcomesOf(results), [['o-1', management, 'access_denied']]);
  assert.deepEqual(records, []);
});

test('an account with neither State nor Status leaves the organization incomplete and nothing written', async () => {
  const estate = { ...small, accounts: { 'r-1': [[accountIn(management), accountIn(member, {})]] } };
  const { results, records } = await collectFrom(organizationsOf({ [management]: estate }), [management]);
  assert.deepEqual(outcomesOf(results), [['o-1', management, 'incomplete']]);
  assert.deepEqual(records, []);
});

test('several organizations are each written once, whatever the order of their accounts', async () => {
  const other: Estate = {
    organizationId: 'o-2',
    managementAccountId: outsider,
    roots: [{ Id: 'r-2' }],
    accounts: { 'r-2': [[accountIn(outsider)]] },
  };
  const fake = organizationsOf({ [member]: small, [outsider]: other, [management]: small });
  const { results, records, markers } = await collectFrom(fake, [member, outsider, management, '400000000000']);
  assert.deepEqual(outcomesOf(results), [
    [null, '400000000000', 'not_in_org'],
    ['o-1', management, 'complete'],
    ['o-2', outsider, 'complete'],
  ]);
  assert.equal(markers.length, 3);
  assert.deepEqual(
    records.filter(({ type }) => type.endsWith('.Root')).map(({ value }) => [value['Id'], value['organizationId']]),
    [
      ['o-1/r-1', 'o-1'],
      ['o-2/r-2', 'o-2'],
    ],
  );
  const [first, second] = results.slice(1).map(({ offsets }) => offsets.toArray()[0]?.offset);
  assert.ok((first ?? 0) < (second ?? 0));
  assert.equal(second, records.length);
});

test('an account that changes its organization between the two questions does not write one twice', async () => {
  const other: Estate = { ...small, organizationId: 'o-2', managementAccountId: outsider };
  let asked = 0;
  const fake = organizationsOf({ [management]: small, [outsider]: other });
  const moving = fakeClients((call) => {
    const moved = call.accountId === outsider && call.operation === 'DescribeOrganization' && ++asked === 2;
    return fake.answer({ ...call, accountId: moved ? management : call.accountId });
  });
  const { results, records, markers } = await collectFrom(moving, [management, outsider]);
  assert.deepEqual(outcomesOf(results), [['o-1', management, 'complete']]);
  assert.equal(records.filter(({ type }) => type.endsWith('.Organization')).length, 1);
  assert.equal(markers.length, 1);
});

test('an account that is met at two places has the last one and is counted once', async () => {
  const estate = { ...small, accounts: { 'ou-a': [[accountIn(member)]], 'ou-b': [[accountIn(member)]] } };
  const { records } = await collectFrom(organizationsOf({ [management]: estate }), [management]);
  const places = records
    .filter(({ type }) => type.endsWith('.Account'))
    .map(({ value }) => value['ParentOrganizationalUnitId']);
  assert.deepEqual(places, ['o-1/ou-b']);
});
