import assert from 'node:assert/strict';
import { before, test } from 'node:test';

import { loadSharedConfigFiles } from '@smithy/shared-ini-file-loader';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';

import type { Role } from '../../../producers/setup/roles.ts';
import { runCommand } from '../../support/run-command.ts';
import { installRequirements, runPython } from '../../support/run-python.ts';
import { tempFolder } from '../../support/temp-folder.ts';

/* What `cartography iam` prints, judged by cfn-lint, by parliament (an analyzer of policies), by a parser of HCL and by the SDK. */

const hub = '111122223333';
const regions = ['us-east-1', 'cn-north-1', 'us-gov-west-1'];
let python: string;
before(async () => {
  python = await installRequirements('iam-checks-1', path.join('cli', 'iam'));
});

interface Checked {
  templates: string[][];
  policies: string[][];
  modules: { resource: Record<string, Record<string, Record<string, unknown>>>[] }[];
}

async function iam(...argv: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await runCommand(['iam', ...argv]);
  assert.equal(exitCode, 0, stderr);
  return stdout;
}

async function check(input: object): Promise<Checked> {
  return (await runPython(python, path.join('cli', 'iam', 'check_outputs.py'), input)) as Checked;
}

interface Documents {
  EachAccount: { Roles: [Role] };
  HubAccount: { Roles: [Role] };
}

async function documentsOf(...argv: string[]): Promise<[Role, Role]> {
  const documents = JSON.parse(await iam('--format', 'json', '--hub-account', hub, ...argv)) as Documents;
  return [...documents.EachAccount.Roles, ...documents.HubAccount.Roles];
}

const variants: [string, string[]][] = [
  ['with the managed policies', []],
  ['with the least policy', ['--least-privilege', '--format', 'cloudformation']],
  ['with an external id', ['--external-id', 'acme:1']],
  ['for ECS', ['--credential-source', 'EcsContainer']],
  ['for keys of the hub', ['--credential-source', 'Environment', '--hub-account', hub]],
];
for (const [what, argv] of variants) {
  test(`cfn-lint finds nothing in the template ${what}, in any partition`, async () => {
    const { templates } = await check({ templates: [{ text: await iam(...argv), regions }] });
    assert.deepEqual(templates, [[]]);
  });
}

test('cfn-lint and parliament do find what is wrong', async () => {
  const template = await iam('--least-privilege', '--format', 'cloudformation');
  const text = template.replace('"Effect": "Allow"', '"Effect": "Perhaps"').replace('s3:ListBucket', 's3:LisBucket');
  const policy = (await iam('--least-privilege')).replace('"Resource"', '"Ressource"');
  const { templates, policies } = await check({
    templates: [{ text, regions }],
    policies: [JSON.parse(policy)],
  });
  assert.match(templates[0]?.join() ?? '', /Perhaps/);
  assert.match(templates[0]?.join() ?? '', /'lisbucket' is not one of/);
  assert.match(policies[0]?.join() ?? '', /Ressource/);
});

test('the least policy is well formed and fits into a role', async () => {
  const policy = await iam('--least-privilege');
  const { policies } = await check({ policies: [JSON.parse(policy)] });
  // All resources are meant; whether actions exist is asked of cfn-lint, whose list is newer.
  const meant = /^(RESOURCE_STAR|UNKNOWN_ACTION) /;
  assert.deepEqual(
    policies[0]?.filter((finding) => !meant.test(finding)),
    [],
  );
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: inline, without white space.
  assert.ok(JSON.stringify(JSON.parse(policy)).length < 10_240);
});

test("the hub's policy is allowed to assume the read-only roles and to list regions, and no more", async () => {
  const [, service] = await documentsOf();
  const [policy] = service.Policies;
  assert.deepEqual(
    policy?.PolicyDocument.Statement.map(({ Action, Resource }) => [Action, Resource]),
    [
      [['sts:AssumeRole'], 'arn:aws:iam::*:role/cartography-read-only'],
      [['ec2:DescribeRegions'], '*'],
    ],
  );
  assert.deepEqual((await check({ policies: [policy?.PolicyDocument] })).policies, [[]]);
});

for (const argv of [[], ['--external-id', 'acme:1'], ['--least-privilege']]) {
  test(`Terraform and CloudFormation say what the JSON says: ${argv.join(' ') || 'no options'}`, async () => {
    const documents = await documentsOf(...argv);
    const [module] = (await check({ modules: [await iam('--format', 'terraform', ...argv)] })).modules;
    assert.deepEqual(rolesOfModule(module!), documents);
    assert.deepEqual(rolesOfTemplate(await iam('--format', 'cloudformation', ...argv)), documents);
  });
}

test('partitions have their own ARNs and principals', async () => {
  const [chinese, chineseService] = await documentsOf('--partition', 'aws-cn');
  assert.equal(chinese.ManagedPolicyArns[0], 'arn:aws-cn:iam::aws:policy/SecurityAudit');
  assert.deepEqual(chinese.AssumeRolePolicyDocument.Statement[0]?.Principal, { AWS: `arn:aws-cn:iam::${hub}:root` });
  assert.deepEqual(chineseService.AssumeRolePolicyDocument.Statement[0]?.Principal, {
    Service: 'ec2.amazonaws.com.cn',
  });
  const [, governmentService] = await documentsOf('--partition', 'aws-us-gov');
  assert.equal(
    governmentService.Policies[0]?.PolicyDocument.Statement[0]?.Resource,
    'arn:aws-us-gov:iam::*:role/cartography-read-only',
  );
});

test('the profiles are what the SDK reads of them', async () => {
  await using folder = await tempFolder();
  const configFilepath = path.join(folder.path, 'config');
  const accounts = 'Payments (EU)=111122223333,222233334444,default=333344445555,Payments  EU=444455556666';
  const text = await iam('profiles', '--accounts', accounts, '--external-id', 'acme:1', '--partition', 'aws-us-gov');
  await writeFile(configFilepath, text);
  const { configFile } = await loadSharedConfigFiles({ configFilepath, filepath: '/dev/null', ignoreCache: true });
  const profileOf = (id: string) => ({
    role_arn: `arn:aws-us-gov:iam::${id}:role/cartography-read-only`,
    credential_source: 'Ec2InstanceMetadata',
    external_id: 'acme:1',
    region: 'us-gov-west-1',
  });
  assert.deepEqual(configFile, {
    'Payments-EU': profileOf('111122223333'),
    '222233334444': profileOf('222233334444'),
    'default-333344445555': profileOf('333344445555'),
    'Payments-EU-444455556666': profileOf('444455556666'),
  });
});

function rolesOfTemplate(text: string): unknown[] {
  const { Resources } = JSON.parse(text) as { Resources: Record<string, { Type: string; Properties: unknown }> };
  return Object.values(Resources)
    .filter(({ Type }) => Type === 'AWS::IAM::Role')
    .map(({ Properties }) => fillIn(Properties));
}

function rolesOfModule({ resource }: Checked['modules'][number]): unknown[] {
  const ofType = (type: string) =>
    resource.flatMap((one) => Object.entries(one[type] ?? {}).map(([name, properties]) => ({ name, properties })));
  const roles = ofType('aws_iam_role').map(({ name, properties }) => {
    const belongs = (one: { properties: Record<string, unknown> }): boolean =>
      String(one.properties['role']).startsWith(`\${aws_iam_role.${name}`);
    return {
      RoleName: properties['name'],
      Description: properties['description'],
      AssumeRolePolicyDocument: properties['assume_role_policy'],
      ManagedPolicyArns: ofType('aws_iam_role_policy_attachment')
        .filter(belongs)
        .map((one) => one.properties['policy_arn']),
      Policies: ofType('aws_iam_role_policy')
        .filter(belongs)
        .map((one) => ({ PolicyName: one.properties['name'], PolicyDocument: one.properties['policy'] })),
    };
  });
  return roles.map(fillIn);
}

const references: Readonly<Record<string, string>> = {
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
  HubAccountId: hub,
  'data.aws_partition.current.partition': 'aws',
  'data.aws_partition.current.dns_suffix': 'amazonaws.com',
  'var.hub_account_id': hub,
};

/** A template's references replaced by what they are in the hub, which both kinds of template find out themselves. */
function fillIn(value: unknown): unknown {
  if (typeof value === 'string')
    return value.replaceAll(/\$\{([^}]+)\}/g, (all, name: string) => references[name] ?? all);
  if (Array.isArray(value)) return value.map(fillIn);
  if (typeof value !== 'object' || value === null) return value;
  const substituted = (value as { 'Fn::Sub'?: unknown })['Fn::Sub'];
  if (substituted !== undefined) return fillIn(substituted);
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, fillIn(item)]));
}
