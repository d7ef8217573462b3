import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import {
  CreateSubnetCommand,
  CreateVpcCommand,
  DeleteSubnetCommand,
  DescribeInstancesCommand,
  EC2Client,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import {
  DeleteOrganizationalUnitCommand,
  ListOrganizationalUnitsForParentCommand,
  ListParentsCommand,
  ListRootsCommand,
  MoveAccountCommand,
  OrganizationsClient,
  RemoveAccountFromOrganizationCommand,
} from '@aws-sdk/client-organizations';
import { CreateBucketCommand, DeleteBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { graphLines } from '../../support/graph-lines.ts';
import { memberClient } from '../../support/member-client.ts';
import { type Lab, type Pipeline, startLab } from '../../support/pipeline.ts';
import { recordsOf } from '../../support/records-of.ts';
import { differences } from '../../support/read-graph.ts';

let lab: Lab;
let accounts: string[];
let organizations: OrganizationsClient;
const region = 'us-east-1';

before(async () => {
  lab = await startLab({ accounts: 3, instances: 2, regions: [region, 'eu-west-1'], seed: 7, scale: 0.3 });
  accounts = lab.aws.summary.accountIds;
  organizations = memberClient(lab.aws, OrganizationsClient, region, 'mgmt');
});
afterEach(() => lab.aws.setFaults([]));
after(() => lab.close());

async function ids(pipeline: Pipeline, label: string): Promise<Set<string>> {
  const rows = await pipeline.graph.query<{ id: string }>(`MATCH (n:${label}) RETURN n.id AS id`);
  return new Set(rows.map(({ id }) => id));
}

async function assertLawful(pipeline: Pipeline): Promise<void> {
  assert.deepEqual(differences(await pipeline.law(), await pipeline.graphOf()), []);
}

async function makeSubnet(profile: string, cidr: string): Promise<{ id: string; remove: () => Promise<void> }> {
  const ec2 = memberClient(lab.aws, EC2Client, region, profile);
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: cidr }));
  const { Subnet } = await ec2.send(new CreateSubnetCommand({ VpcId: Vpc!.VpcId!, CidrBlock: cidr }));
  const id = Subnet!.SubnetId!;
  const remove = async () => void (await ec2.send(new DeleteSubnetCommand({ SubnetId: id })));
  return { id, remove };
}

test('what is deleted in AWS is gone after the next complete run, and a terminated instance has lost what it held', async () => {
  await using pipeline = await lab.open({ partitions: 2 });
  const s3 = memberClient(lab.aws, S3Client, region, 'acct-0');
  const bucket = `short-lived-${accounts[0]}`;
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  const subnet = await makeSubnet('acct-0', '10.77.0.0/24');
  const ec2 = memberClient(lab.aws, EC2Client, region, 'acct-0');
  const { Reservations } = await ec2.send(new DescribeInstancesCommand({}));
  const instance = Reservations![0]!.Instances![0]!;
  const volumes = instance.BlockDeviceMappings!.map(({ Ebs }) => Ebs!.VolumeId!);

  await pipeline.load();
  const requestedSyncs = ['ec2:instance', 'ec2:subnet', 's3'];
  await pipeline.runOnce({ tag: 1_000, requestedSyncs });
  assert.ok((await ids(pipeline, 'AWSS3Bucket')).has(bucket));
  assert.ok((await ids(pipeline, 'AWSEC2Subnet')).has(subnet.id));
  const before = await ids(pipeline, 'AWSEC2Instance');
  const held = await ids(pipeline, 'AWSEBSVolume');
  assert.ok(volumes.length > 0 && volumes.every((id) => held.has(id)));

  await s3.send(new DeleteBucketCommand({ Bucket: bucket }));
  await subnet.remove();
  await ec2.send(new TerminateInstancesCommand({ InstanceIds: [instance.InstanceId!] }));
  const answer = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [instance.InstanceId!] }));
  const described = answer.Reservations![0]!.Instances![0]!;
  await pipeline.runOnce({ tag: 2_000, requestedSyncs });
  assert.ok(!(await ids(pipeline, 'AWSS3Bucket')).has(bucket));
  assert.ok(!(await ids(pipeline, 'AWSEC2Subnet')).has(subnet.id));
  // EC2 describes a terminated instance for a while; its volumes it does not.
  assert.equal(described.State!.Name, 'terminated');
  const [state] = await pipeline.graph.query('MATCH (n:AWSEC2Instance {id: $id}) RETURN n.state AS state', {
    id: instance.InstanceId,
  });
  assert.deepEqual(state, { state: 'terminated' });
  assert.equal(described.BlockDeviceMappings!.length, 0);
  const left = await ids(pipeline, 'AWSEBSVolume');
  assert.ok(!volumes.some((id) => left.has(id)));
  assert.deepEqual(await ids(pipeline, 'AWSEC2Instance'), before);
  await assertLawful(pipeline);
});

test('an instance that EC2 no longer describes is gone, with its volumes and interfaces', async () => {
  await using pipeline = await lab.open({ partitions: 2 });
  await pipeline.load();
  const { ec2Instance } = await import('../../../producers/syncs/ec2/instance.ts');
  let forgotten: string | undefined = undefined;
  /* The stand-in describes terminated instances for ever. */
  const forgetful = {
    ...ec2Instance,
    async *collect(context: Parameters<typeof ec2Instance.collect>[0]) {
      for await (const record of recordsOf(ec2Instance.collect(context)))
        if (forgotten === undefined || !JSON.stringify(record.value).includes(forgotten)) yield record;
    },
  };
  const { account } = await import('../../../producers/syncs/account.ts');
  await pipeline.runOnce({ tag: 1_000, syncs: [account, forgetful] });
  const [held] = await pipeline.graph.query<{ instance: string; around: string[] }>(
    `MATCH (v:AWSEBSVolume)-[:ATTACHED_TO]->(n:AWSEC2Instance)-[:NETWORK_INTERFACE]->(i)
     WITH n, v, i ORDER BY n.id LIMIT 1 RETURN n.id AS instance, [v.id, i.id] AS around`,
  );
  forgotten = held!.instance;
  await pipeline.runOnce({ tag: 2_000, syncs: [account, forgetful] });
  const rows = await pipeline.graph.query('MATCH (n) WHERE n.id = $id RETURN labels(n)', { id: forgotten });
  assert.deepEqual(rows, []);
  const [interfaceId] = held!.around.filter((id) => id.startsWith('eni-'));
  assert.ok(!(await ids(pipeline, 'AWSNetworkInterface')).has(interfaceId!));
  await assertLawful(pipeline);
});

test('a scope that was denied or failed keeps its nodes as they were, until a run completes it', async () => {
  await using pipeline = await lab.open({ partitions: 2 });
  const denied = await makeSubnet('acct-0', '10.78.0.0/24');
  const failed = await makeSubnet('acct-1', '10.78.0.0/24');
  const cleaned = await makeSubnet('acct-2', '10.78.0.0/24');
  await pipeline.load();
  const requestedSyncs = ['ec2:subnet'];
  await pipeline.runOnce({ tag: 1_000, requestedSyncs });
  for (const { remove } of [denied, failed, cleaned]) await remove();

  const call = { region, service: 'ec2', action: 'DescribeSubnets' };
  await lab.aws.setFaults([
    { ...call, account: accounts[0]!, effect: 'deny' },
    { ...call, account: accounts[1]!, effect: 'error' },
  ]);
  const summary = await pipeline.runOnce({ tag: 2_000, requestedSyncs });
  assert.deepEqual(
    summary.accounts.flatMap(({ notable }) => notable.map(({ scope, outcome }) => `${scope} ${outcome}`)).sort(),
    [`${accounts[0]}/${region}/ec2:subnet denied`, `${accounts[1]}/${region}/ec2:subnet failed`].sort(),
  );
  const rows = await pipeline.graph.query<{ id: string; tag: number }>(
    'MATCH (n:AWSEC2Subnet) WHERE n.id IN $ids RETURN n.id AS id, n.lastupdated AS tag ORDER BY id',
    { ids: [denied.id, failed.id, cleaned.id] },
  );
  assert.deepEqual(
    rows,
    [denied.id, failed.id].sort().map((id) => ({ id, tag: 1_000 })),
  );
  await assertLawful(pipeline);

  await lab.aws.setFaults([]);
  await pipeline.runOnce({ tag: 3_000, requestedSyncs });
  const left = await ids(pipeline, 'AWSEC2Subnet');
  assert.ok(!left.has(denied.id) && !left.has(failed.id));
  await assertLawful(pipeline);
});

async function unitIds(): Promise<{ root: string; units: string[] }> {
  const root = (await organizations.send(new ListRootsCommand({}))).Roots![0]!.Id!;
  const units: string[] = [];
  const visit = async (parent: string): Promise<void> => {
    const answer = await organizations.send(new ListOrganizationalUnitsForParentCommand({ ParentId: parent }));
    for (const { Id } of answer.OrganizationalUnits ?? []) {
      units.push(Id!);
      await visit(Id!);
    }
  };
  await visit(root);
  return { root, units };
}

const nodeId = (unit: string): string => `${lab.aws.summary.organizationId}/${unit}`;

async function move(accountId: string, to: string): Promise<void> {
  const { Parents } = await organizations.send(new ListParentsCommand({ ChildId: accountId }));
  const from = Parents![0]!.Id!;
  await organizations.send(
    new MoveAccountCommand({ AccountId: accountId, SourceParentId: from, DestinationParentId: to }),
  );
}

async function parentOf(pipeline: Pipeline, accountId: string): Promise<string[]> {
  const rows = await pipeline.graph.query<{ id: string }>(
    'MATCH (:AWSAccount {id: $accountId})-[:PARENT]->(n) RETURN n.id AS id',
    { accountId },
  );
  return rows.map(({ id }) => id);
}

const faults = [
  ['deny', 'ListRoots', 'access_denied'],
  ['deny', 'ListAccountsForParent', 'incomplete'],
  ['error', 'ListAccountsForParent', 'incomplete'],
] as const;
for (const [effect, action, outcome] of faults) {
  test(`a hierarchy that is ${outcome} for want of ${action} (${effect}) writes nothing and deletes nothing`, async () => {
    await using pipeline = await lab.open({ partitions: 2 });
    await pipeline.load();
    await pipeline.runOnce({ tag: 1_000, requestedSyncs: ['account'] });
    const before = await graphLines(pipeline.graph);
    assert.ok(before.some((line) => line.includes('-PARENT->')));
    const offsets = await pipeline.admin.offsets(pipeline.topics.hierarchy);

    const { root, units } = await unitIds();
    const [accountId] = accounts as [string];
    await move(accountId, units.at(-1)!);
    await lab.aws.setFaults([{ service: 'organizations', action, effect }]);
    // No syncs, so that whatever changes is the hierarchy's doing.
    const summary = await pipeline.runOnce({ tag: 2_000, syncs: [] });
    assert.deepEqual(
      summary.hierarchies.map((one) => one.outcome),
      [outcome],
    );
    assert.deepEqual(await pipeline.admin.offsets(pipeline.topics.hierarchy), offsets);
    assert.deepEqual(await graphLines(pipeline.graph), before);

    await lab.aws.setFaults([]);
    await pipeline.runOnce({ tag: 3_000, syncs: [] });
    assert.deepEqual(await parentOf(pipeline, accountId), [nodeId(units.at(-1)!)]);
    await move(accountId, root);
  });
}

test('an account that moved, one that left, and a unit that was deleted: the tree is the new one', async () => {
  await using pipeline = await lab.open({ partitions: 2 });
  const { root, units } = await unitIds();
  const [stays, moves, leaves] = accounts as [string, string, string];
  await move(leaves, root);
  await pipeline.load();
  await pipeline.runOnce({ tag: 1_000, requestedSyncs: ['account'] });
  assert.deepEqual(await ids(pipeline, 'AWSOrganizationalUnit'), new Set(units.map(nodeId)));
  const staysIn = await parentOf(pipeline, stays);

  const deleted = units.at(-1)!;
  await move(moves, units[1]!);
  await organizations.send(new RemoveAccountFromOrganizationCommand({ AccountId: leaves }));
  await organizations.send(new DeleteOrganizationalUnitCommand({ OrganizationalUnitId: deleted }));
  await pipeline.runOnce({ tag: 2_000, requestedSyncs: ['account'] });

  assert.deepEqual(await parentOf(pipeline, stays), staysIn);
  assert.deepEqual(await parentOf(pipeline, moves), [nodeId(units[1]!)]);
  assert.deepEqual(await parentOf(pipeline, leaves), []);
  assert.ok(!(await ids(pipeline, 'AWSOrganizationalUnit')).has(nodeId(deleted)));
  // It is still collected, but is no member: what the organization said of it is gone.
  const [left] = await pipeline.graph.query<{ props: Record<string, unknown> }>(
    'MATCH (n:AWSAccount {id: $leaves}) RETURN properties(n) AS props',
    { leaves },
  );
  assert.equal(left!.props['lastupdated'], 2_000);
  assert.equal(left!.props['email'], undefined);
  await assertLawful(pipeline);
});
