import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Analysis } from '../../../consumers/analysis/analysis.ts';
import { jobs } from '../../../consumers/analysis/jobs.ts';
import { Label } from '../../../consumers/graph/names.ts';
import type { Neo4jGraph } from '../../../consumers/graph/neo4j-graph.ts';
import { type DrawnEdge, type DrawnNode, drawGraph } from '../../support/draw-graph.ts';
import { loadCatalogue } from '../../../schemas/catalogue.ts';
import { emptyGraph } from '../../support/pipeline.ts';
import { randomInteger, shuffle, testSeed } from '../../support/random.ts';
import { derivedEdges, derivedValues } from '../../support/read-derived.ts';
import { sharedGraph } from '../../support/servers.ts';

const graphs = 4;
const steps = 5;
const accounts = ['a', 'b', 'c'];

let graph: Neo4jGraph;
let close: () => Promise<void>;

before(async () => {
  ({ graph, close } = await sharedGraph());
  await graph.prepare(loadCatalogue().all());
});

after(() => close());

/** What an account's record says: its node, and its edges to nodes that may be there. */
interface Asset extends DrawnNode {
  edges: DrawnEdge[];
}

interface Kind {
  label: string;
  record: string;
  props?: (account: string) => Record<string, unknown>;
  edges?: Link[];
}

interface Link {
  type: string;
  direction: 'in' | 'out';
  /** Record of the other node. */
  to: string;
  /** Not across accounts. */
  own?: true;
}

const MEMBER: Link = { type: 'MEMBER_OF_EC2_SECURITY_GROUP', direction: 'out', to: 'ec2.SecurityGroup' };

/** Small ones of everything that a job looks at; ids are `<record>-<account>-<number>`, so that ends can be guessed. */
const kinds: Kind[] = [
  {
    label: 'AWSEC2Instance',
    record: 'ec2.Instance',
    props: () => ({ publicipaddress: pick(['1.2.3.4', null]) }),
    edges: [
      MEMBER,
      { type: 'MEMBER_AUTO_SCALE_GROUP', direction: 'out', to: 'ec2.AutoScalingGroup' },
      { type: 'INSTANCE_PROFILE', direction: 'out', to: 'iam.InstanceProfile', own: true },
    ],
  },
  {
    label: 'AWSNetworkInterface',
    record: 'ec2.NetworkInterface',
    edges: [MEMBER, { type: 'NETWORK_INTERFACE', direction: 'in', to: 'ec2.Instance' }],
  },
  { label: 'AWSEC2SecurityGroup', record: 'ec2.SecurityGroup' },
  {
    label: 'AWSIpPermissionInbound',
    record: 'ec2.IpPermissionInbound',
    props: (account) => ({
      groupid: idOf('ec2.SecurityGroup', account),
      protocol: pick(['-1', 'tcp']),
      fromport: pick([null, 80]),
      toport: pick([null, 443]),
    }),
    edges: [{ type: 'MEMBER_OF_IP_RULE', direction: 'in', to: 'ec2.IpRange' }],
  },
  {
    label: 'AWSLoadBalancerV2',
    record: 'ec2.LoadBalancerV2',
    props: () => ({ scheme: pick(['internet-facing', 'internal']), type: pick(['network', 'application']) }),
    edges: [
      MEMBER,
      { type: 'SUBNET', direction: 'out', to: 'ec2.Subnet' },
      { type: 'EXPOSE', direction: 'out', to: 'ec2.Instance' },
    ],
  },
  {
    label: 'AWSELBV2Listener',
    record: 'ec2.LoadBalancerV2Listener',
    props: () => ({ port: pick([80, 8080]) }),
    edges: [{ type: 'ELBV2_LISTENER', direction: 'in', to: 'ec2.LoadBalancerV2', own: true }],
  },
  {
    label: 'AWSLoadBalancer',
    record: 'ec2.LoadBalancer',
    props: () => ({ scheme: pick(['internet-facing', 'internal']) }),
    edges: [
      { type: 'SOURCE_SECURITY_GROUP', direction: 'out', to: 'ec2.SecurityGroup' },
      { type: 'EXPOSE', direction: 'out', to: 'ec2.Instance' },
    ],
  },
  {
    label: 'AWSELBListener',
    record: 'ec2.LoadBalancerListener',
    props: () => ({ port: pick([80, 8080]) }),
    edges: [{ type: 'ELB_LISTENER', direction: 'in', to: 'ec2.LoadBalancer', own: true }],
  },
  { label: 'AWSAutoScalingGroup', record: 'ec2.AutoScalingGroup' },
  {
    label: 'AWSEC2KeyPair',
    record: 'ec2.KeyPair',
    props: () => ({ keyfingerprint: pick([null, 'made', 'x'.repeat(47)]) }),
  },
  { label: 'AWSEC2Subnet', record: 'ec2.Subnet' },
  {
    label: 'AWSEC2NetworkAcl',
    record: 'ec2.NetworkAcl',
    edges: [{ type: 'PART_OF_SUBNET', direction: 'out', to: 'ec2.Subnet' }],
  },
  {
    label: 'AWSInstanceProfile',
    record: 'iam.InstanceProfile',
    edges: [{ type: 'ASSOCIATED_WITH', direction: 'out', to: 'iam.Role', own: true }],
  },
  { label: 'AWSRole', record: 'iam.Role' },
  {
    label: 'AWSS3Bucket',
    record: 's3.Bucket',
    props: () => ({
      _value_aws_s3_BucketPolicy_anonymous_access: pick([true, false, null]),
      _value_aws_s3_BucketPolicy_anonymous_actions: pick([['s3:PutObject', 's3:GetObject'], []]),
    }),
  },
  {
    label: 'AWSS3Acl',
    record: 's3.Acl',
    props: () => ({
      uri: pick(['http://acs.amazonaws.com/groups/global/AllUsers', null]),
      permission: pick(['READ', 'WRITE', 'FULL_CONTROL']),
    }),
    edges: [{ type: 'APPLIES_TO', direction: 'out', to: 's3.Bucket', own: true }],
  },
  { label: 'AWSAccount', record: 'iam.TrustedAccount', props: () => ({ inscope: pick([true, null]) }) },
];

const ranges: Asset[] = ['0.0.0.0/0', '10.0.0.0/8'].map((id) => ({
  label: 'AWSIpRange',
  record: 'ec2.IpRange',
  id,
  account: 'a',
  edges: [],
}));

function pick<T>(from: readonly T[]): T {
  return from[randomInteger(0, from.length - 1)]!;
}

const perKind = 2;

function idOf(record: string, account: string): string {
  return record === 'ec2.IpRange' ? pick(ranges).id : `${record}-${account}-${randomInteger(1, perKind)}`;
}

/** What an account has now: each possible asset is there or not, and says what it likes. */
function drawAccount(account: string, tag: number): Asset[] {
  return kinds.flatMap(({ label, record, props, edges = [] }) =>
    Array.from({ length: perKind }, (_, i) => `${record}-${account}-${i + 1}`)
      .filter(() => randomInteger(0, 4) > 0)
      .map((id) => ({
        label,
        record,
        id,
        account,
        tag,
        props: props?.(account) ?? {},
        edges: edges
          .filter(() => randomInteger(0, 3) > 0)
          .map(({ type, direction, to, own }): DrawnEdge => {
            const other = idOf(to, own === true ? account : pick(accounts));
            return direction === 'out' ? [id, type, other] : [other, type, id];
          }),
      })),
  );
}

/** Makes the graph hold these assets, as the stages would: derived values stay as they are. */
async function load(assets: readonly Asset[]): Promise<void> {
  await graph.query('MATCH (n:_Drawn) WHERE NOT n.id IN $ids DETACH DELETE n', { ids: assets.map(({ id }) => id) });
  await graph.query("MATCH ()-[e]->() WHERE e._by = ['x>|y'] DELETE e");
  await drawGraph(
    graph,
    assets,
    assets.flatMap(({ edges }) => edges),
  );
}

async function derived(): Promise<unknown> {
  const values = [...(await derivedValues(graph))].sort(([one], [other]) => (one < other ? -1 : 1));
  return { values, edges: await derivedEdges(graph) };
}

async function forgetDerived(): Promise<void> {
  await graph.query("MATCH ()-[e]->() WHERE any(by IN e._by WHERE by ENDS WITH '|analysis') DELETE e");
  await graph.query(`MATCH (a:${Label.analysis}) DELETE a`);
  for (const job of jobs)
    if (job.kind === 'properties')
      await graph.query(
        `MATCH (n:\`${job.label}\`) REMOVE ${job.properties.map(({ name }) => `n.${name}`).join(', ')}`,
      );
}

test(`random graphs: what accounts make one after the other is what all of them make at once (seed ${testSeed})`, async () => {
  const analysis = new Analysis({ graph, jobs, batchNodes: 3 });
  let edges = 0;
  for (let round = 0; round < graphs; round++) {
    await emptyGraph(graph);
    const estate = new Map<string, Asset[]>();
    for (let step = 1; step <= steps; step++) {
      const account = step <= accounts.length ? accounts[step - 1]! : pick(accounts);
      estate.set(account, drawAccount(account, step));
      await load([...ranges, ...[...estate.values()].flat()]);
      await analysis.update([account]);
    }
    const made = await derived();
    const place = `graph ${round}`;
    assert.equal(await analysis.update(accounts), 0, `${place}: all at once changes something`);
    assert.deepEqual(await derived(), made, place);

    await forgetDerived();
    for (const account of shuffle(accounts)) await analysis.update([account]);
    assert.deepEqual(await derived(), made, `${place}: from scratch, in another order`);
    edges += (await derivedEdges(graph)).length;
  }
  assert.ok(edges > 0, 'no graph had any');
});

test('two processes at once agree', async () => {
  await emptyGraph(graph);
  const estate = accounts.flatMap((account) => drawAccount(account, 1));
  await load([...ranges, ...estate]);
  const processes = [1, 2].map((batchNodes) => new Analysis({ graph, jobs, batchNodes }));
  await Promise.all(processes.map((process) => process.update(accounts)));
  assert.equal(await processes[0]!.update(accounts), 0);
});
