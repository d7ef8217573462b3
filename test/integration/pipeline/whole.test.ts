import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { DescribeInstancesCommand, EC2Client, type Instance } from '@aws-sdk/client-ec2';
import { readGraphTotals } from '../../../consumers/graph-totals.ts';
import type { RunSummary } from '../../../producers/summarize.ts';
import { loadCatalogue } from '../../../schemas/catalogue.ts';
import type { ModelGraph } from '../../model/law.ts';
import { memberClient } from '../../support/member-client.ts';
import { type Lab, type Pipeline, scopesPerAccount, startLab } from '../../support/pipeline.ts';
import { derivedEdges, derivedValues } from '../../support/read-derived.ts';
import { differences } from '../../support/read-graph.ts';

let lab: Lab;
let pipeline: Pipeline;
let summary: RunSummary;
let graph: ModelGraph;

/** Which of two ends of the run saw a relationship last is left out. */
async function readDerived(): Promise<unknown> {
  const values = [...(await derivedValues(pipeline.graph))].sort(([one], [other]) => (one < other ? -1 : 1));
  return { values, edges: (await derivedEdges(pipeline.graph)).map((edge) => edge.replace(/ \d+$/, '')) };
}

before(async () => {
  lab = await startLab({ accounts: 2, instances: 3, regions: ['us-east-1', 'eu-west-1'], seed: 5, scale: 0.5 });
  pipeline = await lab.open();
  await pipeline.load();
  summary = await pipeline.runOnce({ tag: 1_000 });
  graph = await pipeline.graphOf();
});
after(async () => {
  await pipeline[Symbol.asyncDispose]();
  await lab.close();
});

test('every scope of every account is complete and nothing is left over', async () => {
  const { managementAccountId, accountIds } = lab.aws.summary;
  assert.deepEqual(summary.accounts.map(({ id }) => id).sort(), [managementAccountId, ...accountIds].sort());
  const { complete, ...others } = summary.scopesByOutcome;
  assert.equal(complete, 3 * scopesPerAccount(lab.aws.summary.regions.length));
  assert.deepEqual(others, { denied: 0, unsupported: 0, failed: 0, skipped: 0 });
  assert.deepEqual(
    summary.hierarchies.map(({ outcome }) => outcome),
    ['complete'],
  );
  assert.deepEqual(await pipeline.deadLetters(), []);
  const lag = await pipeline.untilCaughtUp();
  assert.deepEqual(lag.incompleteScopes, []);
  assert.deepEqual(lag.stages, { nodes: 0n, links: 0n, 'cross-links': 0n, cleanup: 0n, analysis: 0n });
});

test('the graph is what the law makes of the log', async () => {
  assert.ok(graph.nodes.size > 300 && graph.edges.size > 800, `${graph.nodes.size} nodes, ${graph.edges.size} edges`);
  assert.deepEqual(differences(await pipeline.law(), graph), []);
});

test('there are as many nodes as the stand-in holds assets', async () => {
  const { nodesByLabel, relationshipsByType } = await readGraphTotals(pipeline.graph);
  const { counts, accountIds, regions } = lab.aws.summary;
  const places = (accountIds.length + 1) * regions.length;
  assert.equal(nodesByLabel['AWSAccount'], accountIds.length + 1);
  assert.equal(nodesByLabel['AWSEC2Instance'], counts['instance']);
  assert.equal(nodesByLabel['EC2Instance'], counts['instance']);
  assert.equal(nodesByLabel['AWSVpc'], counts['vpc']! + places);
  assert.equal(nodesByLabel['AWSUser'], counts['iam_user']);
  assert.equal(nodesByLabel['AWSGroup'], counts['iam_group']);
  assert.equal(nodesByLabel['AWSManagedPolicy'], counts['iam_policy']);
  assert.equal(nodesByLabel['AWSS3Bucket'], counts['bucket'] ?? counts['s3_bucket']);
  assert.equal(nodesByLabel['AWSOrganizationalUnit'], 3);
  assert.equal(relationshipsByType['MEMBER_AWS_GROUP'], counts['iam_user']);
  assert.equal(relationshipsByType['STATEMENT'], nodesByLabel['AWSPolicyStatement']);
});

test('an instance hangs on its subnet, groups, volumes, interfaces, key pair, instance profile and role', async () => {
  const [region] = lab.aws.summary.regions as [string];
  const [accountId] = lab.aws.summary.accountIds as [string];
  const ec2 = memberClient(lab.aws, EC2Client, region, 'acct-0');
  const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({}));
  const instances = Reservations.flatMap((reservation) => reservation.Instances ?? []);
  assert.ok(instances.some(({ KeyName, IamInstanceProfile }) => KeyName !== undefined && IamInstanceProfile));
  for (const instance of instances) {
    const node = `AWSEC2Instance|${instance.InstanceId}`;
    const edges = [...graph.edges.keys()].filter((edge) => edge.includes(node));
    const unexpected = new Set(edges);
    for (const edge of edgesOf(instance, node, accountId, region)) {
      assert.ok(graph.edges.has(edge), `${edge} is missing; there are ${edges.join(', ')}`);
      unexpected.delete(edge);
    }
    const others = [...unexpected]
      .map((edge) => / -(\w+)-> /.exec(edge)![1]!)
      .filter((type) => !ofOtherSyncs.has(type))
      .sort();
    const hasRole = instance.IamInstanceProfile !== undefined;
    assert.deepEqual(others, [...(hasRole ? ['ASSUMES', 'INSTANCE_PROFILE'] : []), 'MEMBER_OF_EC2_RESERVATION'].sort());
  }
});

/** What balancers, addresses and auto scaling groups say of an instance. */
const ofOtherSyncs = new Set(
  loadCatalogue()
    .all()
    .filter(({ sync }) => !['ec2:instance', 'iam', 'iaminstanceprofiles'].includes(sync))
    .flatMap(({ label, relationships }) =>
      relationships
        .filter((one) => [label, one.label].includes('AWSEC2Instance') && one.type !== 'RESOURCE')
        .map(({ type }) => type),
    ),
);

function edgesOf(instance: Instance, node: string, accountId: string, region: string): string[] {
  const keyPair = `AWSEC2KeyPair|arn:aws:ec2:${region}:${accountId}:key-pair/${instance.KeyName}`;
  return [
    `AWSAccount|${accountId} -RESOURCE-> ${node}`,
    `${node} -PART_OF_SUBNET-> AWSEC2Subnet|${instance.SubnetId}`,
    ...(instance.SecurityGroups ?? []).map(
      ({ GroupId }) => `${node} -MEMBER_OF_EC2_SECURITY_GROUP-> AWSEC2SecurityGroup|${GroupId}`,
    ),
    ...(instance.BlockDeviceMappings ?? []).map(({ Ebs }) => `AWSEBSVolume|${Ebs?.VolumeId} -ATTACHED_TO-> ${node}`),
    ...(instance.NetworkInterfaces ?? []).map(
      ({ NetworkInterfaceId }) => `${node} -NETWORK_INTERFACE-> AWSNetworkInterface|${NetworkInterfaceId}`,
    ),
    ...(instance.KeyName === undefined ? [] : [`${keyPair} -SSH_LOGIN_TO-> ${node}`]),
  ];
}

test('accounts, policies and statements, and the organization hang together', async () => {
  const [counts] = await pipeline.graph.query<Record<string, number>>(`
    RETURN COUNT { (:AWSPrincipal)-[:POLICY]->(:AWSPolicy)-[:STATEMENT]->(:AWSPolicyStatement) } AS statements,
      COUNT { (:AWSRole)-[:TRUSTS_AWS_PRINCIPAL]->(:AWSRootPrincipal)<-[:RESOURCE]-(:AWSAccount) } AS trusts,
      COUNT { (:AWSAccount)-[:PARENT]->()-[:PARENT*0..5]->(:AWSOrganization) } AS placed,
      COUNT { (unit:AWSOrganizationalUnit)-[:PARENT]->() } AS units,
      COUNT { (n:AWSEC2Instance|AWSVpc|AWSRole|AWSS3Bucket) WHERE COUNT { (n)<-[:RESOURCE]-(:AWSAccount) } <> 1 } AS ownerless`);
  const { statements, trusts, ...whole } = counts!;
  assert.ok(statements! > 50 && trusts! > 1, JSON.stringify(counts));
  assert.deepEqual(whole, { placed: 3, units: 3, ownerless: 0 });
});

test('derived values are there once the run is loaded: what they follow from has them', async () => {
  const [counts] = await pipeline.graph.query<Record<string, number>>(`
    RETURN COUNT { (i:AWSEC2Instance)-[:INSTANCE_PROFILE]->()-[:ASSOCIATED_WITH]->(r) WHERE NOT (i)-[:STS_ASSUMEROLE_ALLOW]->(r) } AS missing,
      COUNT { (:AWSEC2Instance)-[:STS_ASSUMEROLE_ALLOW]->(:AWSRole) } AS roles,
      COUNT { (a:AWSEC2NetworkAcl)-[:PART_OF_SUBNET]->()<-[:SUBNET]-(b:AWSLoadBalancerV2) WHERE NOT (a)-[:PROTECTS]->(b) } AS unprotected,
      COUNT { (n:AWSAccount) WHERE n.foreign } AS foreigners`);
  const { roles, ...none } = counts!;
  assert.deepEqual(none, { missing: 0, unprotected: 0, foreigners: 0 });
  // TODO: demand protected and exposed balancers too, once the stand-in's estate has them for certain: it had none whose subnet is an ACL's.
  assert.ok(roles! > 0);
});

test('a second run with a larger tag gives the same graph, all of it with that tag, and no derived value is gone in between', async () => {
  const derivedBefore = await readDerived();
  let ended = false;
  const running = pipeline.runOnce({ tag: 2_000 }).finally(() => (ended = true));
  while (!ended) assert.deepEqual(await readDerived(), derivedBefore);
  await running;
  assert.deepEqual(await readDerived(), derivedBefore);
  for (const edge of await derivedEdges(pipeline.graph)) assert.match(edge, / 2000$/);
  const second = await pipeline.graphOf();
  const expected: ModelGraph = {
    nodes: new Map(
      [...graph.nodes].map(([key, node]) => [key, { ...node, props: { ...node.props, lastupdated: 2_000 } }]),
    ),
    edges: new Map([...graph.edges.keys()].map((edge) => [edge, 2_000])),
  };
  assert.deepEqual(differences(expected, second), []);
  assert.deepEqual(await pipeline.deadLetters(), []);
});
