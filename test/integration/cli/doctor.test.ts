import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { Diagnosis } from '../../../cli/doctor/diagnose.ts';
import { openEstate } from '../../support/organizations-server/collect-estate.ts';
import { type Estate, EstateError } from '../../support/organizations-server/estate.ts';
import { runCommand } from '../../support/run-command.ts';

/* The command itself, against the stand-in of AWS Organizations. */

const management = '100000000000';
const hub = '200000000000';
const member = '300000000000';
const outsider = '700000000000';

function estate(denied: Estate['denied'] = {}): Estate {
  const accounts = [management, hub, member].map((id) => ({ id, name: id, parentId: 'r-1' }));
  const organization = {
    id: 'o-1',
    managementAccountId: management,
    delegatedAdministrators: [],
    rootId: 'r-1',
    units: [],
  };
  return { denied, organizations: [{ ...organization, accounts }] };
}

async function doctor(...argv: string[]) {
  const { exitCode, stdout, stderr } = await runCommand(['doctor', '--aws-sync-all-profiles', ...argv]);
  return { exitCode, stdout, stderr, lines: stdout.trimEnd().split('\n') };
}

test('a configuration with which a run is complete: one line a profile, and exit code 0', async () => {
  await using _ = await openEstate(estate(), hub, [management, member, outsider]);
  const { exitCode, lines, stderr } = await doctor('--aws-requested-syncs', 'ec2:vpc,ec2:subnet');
  assert.equal(exitCode, 0, stderr);
  const session = 'assumed-role/cartography-read-only/session';
  assert.deepEqual(
    lines.map((line) => line.split(/ {2,}/)),
    [
      ['ok', `account-${management}`, management, `${session}; may enumerate o-1; 2 regions; all 2 actions allowed`],
      ['ok', `account-${member}`, member, `${session}; may not enumerate o-1; 2 regions; all 2 actions allowed`],
      ['ok', `account-${outsider}`, outsider, `${session}; in no organization; 2 regions; all 2 actions allowed`],
    ],
  );
});

test('denied actions are named, with what to do', async () => {
  await using _ = await openEstate(estate({ [member]: ['ec2:DescribeVpcs'] }), hub, [management, member]);
  const { exitCode, lines } = await doctor('--aws-requested-syncs', 'ec2:vpc,ec2:subnet');
  assert.equal(exitCode, 5);
  assert.match(lines[0]!, /^ok /);
  assert.match(lines[1]!, /^partial .*1 of 2 actions denied: ec2:DescribeVpcs -> attach SecurityAudit/);
});

test('without the right to simulate, actions are said to be unchecked', async () => {
  await using _ = await openEstate(estate({ [management]: ['iam:SimulatePrincipalPolicy'] }), hub, [management]);
  const { exitCode, stdout } = await doctor();
  assert.equal(exitCode, 0);
  assert.match(stdout, /actions not checked \(iam:SimulatePrincipalPolicy: AccessDenied/);
});

test('regions that may not be listed are a fault, unless they are named', async () => {
  await using _ = await openEstate(estate({ [management]: ['ec2:DescribeRegions'] }), hub, [management]);
  const listed = await doctor('--aws-requested-syncs', 'ec2:vpc');
  assert.equal(listed.exitCode, 5);
  assert.match(
    listed.stdout,
    /^partial .*regions: UnauthorizedOperation.*-> allow ec2:DescribeRegions, or name regions/,
  );
  const named = await doctor('--aws-requested-syncs', 'ec2:vpc', '--aws-regions', 'eu-west-1');
  assert.equal(named.exitCode, 0);
  assert.doesNotMatch(named.stdout, /regions/);
});

test('an organization that nobody may enumerate is told of, and a fault only where it is asked for', async () => {
  await using _ = await openEstate(estate(), hub, [member]);
  const { exitCode, stdout } = await doctor('--aws-requested-syncs', 'ec2:vpc');
  assert.equal(exitCode, 0);
  assert.match(stdout, /^ok .*may not enumerate o-1.*-> for the hierarchy, add a profile of the management account/);
  const asked = await doctor('--aws-requested-syncs', 'ec2:vpc', '--aws-organization-account-ids', member);
  assert.equal(asked.exitCode, 5);
  assert.match(asked.stdout, /^partial /);
});

test('a profile whose role cannot be assumed is a failed one beside the others', async () => {
  await using lab = await openEstate(estate(), hub, [management, member]);
  lab.server.fault = ({ action, input }) =>
    action === 'sts:AssumeRole' && String(input['RoleArn']).includes(member)
      ? new EstateError('AccessDenied', 403, 'not authorized to perform sts:AssumeRole')
      : undefined;
  const { exitCode, stdout } = await doctor('--json', '--aws-requested-syncs', 'ec2:vpc');
  assert.equal(exitCode, 5);
  const [first, second] = JSON.parse(stdout) as Diagnosis[];
  assert.equal(first?.status, 'ok');
  assert.deepEqual([second?.profile, second?.accountId, second?.status], [`account-${member}`, null, 'failed']);
  assert.match(second?.findings.join() ?? '', /AccessDenied: not authorized.*Check that the role may be assumed/);
});

test('no profile that works is exit code 3', async () => {
  await using lab = await openEstate(estate(), hub, [member]);
  lab.server.fault = () => new EstateError('InvalidClientTokenId', 403);
  const { exitCode, stderr } = await doctor();
  assert.equal(exitCode, 3);
  assert.match(stderr, /none of 1 profiles gives access/);
});

test('it changes nothing', async () => {
  await using lab = await openEstate(estate(), hub, [management]);
  await doctor();
  const actions = new Set(lab.server.calls.map(({ action }) => action));
  assert.deepEqual([...actions].sort(), [
    'ec2:DescribeRegions',
    'iam:SimulatePrincipalPolicy',
    'organizations:DescribeOrganization',
    'organizations:ListRoots',
    'sts:AssumeRole',
    'sts:GetCallerIdentity',
  ]);
});

test('the profiles of a whole organization are those of its active accounts', async () => {
  const own = estate();
  own.organizations[0]!.accounts[2]!.state = 'SUSPENDED';
  await using _ = await openEstate(own, management, []);
  const { exitCode, stdout, stderr } = await runCommand([
    'iam',
    'profiles',
    '--organization',
    '--source-profile',
    'hub',
  ]);
  assert.equal(exitCode, 0, stderr);
  assert.deepEqual(
    stdout.split('\n').filter((line) => line.startsWith('[')),
    [`[profile ${management}]`, `[profile ${hub}]`],
  );
  assert.match(stdout, /^source_profile = hub$/m);
});

test('a member cannot list the organization, and is told who can', async () => {
  await using _ = await openEstate(estate(), hub, []);
  const { exitCode, stderr } = await runCommand(['iam', 'profiles', '--organization']);
  assert.equal(exitCode, 3);
  assert.match(stderr, /cannot list the accounts of its organization.*management account.*--accounts/);
});
