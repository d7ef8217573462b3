import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { Analysis } from '../../../consumers/analysis/analysis.ts';
import { assumeRole } from '../../../consumers/analysis/permissions/assume-role.ts';
import { permissionJob } from '../../../consumers/analysis/permissions/permission-job.ts';
import { permissionRelationships } from '../../../consumers/analysis/permissions/permission-relationship.ts';
import { type ScopeOutcome, writeSyncMetadata } from '../../../consumers/analysis/sync-metadata.ts';
import type { StoredMarker } from '../../../consumers/graph/graph.ts';
import type { Neo4jGraph } from '../../../consumers/graph/neo4j-graph.ts';
import { loadCatalogue } from '../../../schemas/catalogue.ts';
import { type DrawnNode, type DrawnEdge, drawGraph, drawnBy } from '../../support/draw-graph.ts';
import { emptyGraph } from '../../support/pipeline.ts';
import { sharedGraph } from '../../support/servers.ts';

let graph: Neo4jGraph;
let close: () => Promise<void>;
before(async () => {
  ({ graph, close } = await sharedGraph());
  await graph.prepareBookkeeping();
  await graph.prepare(loadCatalogue().all());
});
after(() => close());
beforeEach(() => emptyGraph(graph));

const make = drawnBy('1');
const account = make('AWSAccount', 'Account');
const role = (name: string, of = '1') =>
  make('AWSRole', 'iam.Role')(`arn:aws:iam::${of}:role/${name}`, { arn: `arn:aws:iam::${of}:role/${name}` }, of);
const bucket = (name: string, of = '1') => make('AWSS3Bucket', 's3.Bucket')(name, { arn: `arn:aws:s3:::${name}` }, of);
const instance = (id: string) =>
  make('AWSEC2Instance', 'ec2.Instance')(id, { arn: `arn:aws:ec2:eu-west-1:1:instance/${id}` });
const managed = make('AWSManagedPolicy', 'iam.ManagedPolicy');
const statement = (id: string, effect: string, action: string[], resource: string[], condition?: object) =>
  make('AWSPolicyStatement', 'iam.PolicyStatement')(id, {
    effect,
    action,
    resource,
    ...(condition === undefined ? {} : { condition: JSON.stringify([condition]) }),
  });

/** Draws them with the labels and relationships that they have beside, and says that permissions were asked for of these accounts. */
async function draw(nodes: DrawnNode[], edges: DrawnEdge[], asked: string[]): Promise<void> {
  const owned = nodes.filter(({ label }) => ['AWSRole', 'AWSS3Bucket', 'AWSEC2Instance'].includes(label));
  await drawGraph(graph, nodes, [...edges, ...owned.map(({ id, account }): DrawnEdge => [account, 'RESOURCE', id])]);
  await graph.query('MATCH (n:AWSRole) SET n:AWSPrincipal');
  await graph.query('MATCH (n:AWSManagedPolicy) SET n:AWSPolicy');
  await ask(asked);
}

async function ask(accounts: string[]): Promise<void> {
  const scopes = accounts.map((id) => `${id}/global/permission_relationships`);
  await graph.query('UNWIND $scopes AS scope MERGE (:_Scope {id: scope})', { scopes });
}

/** What the analysis of these accounts leaves: `<role> <type> <asset> <condition keys>`. */
async function permissions(accounts: string[]): Promise<string[]> {
  await new Analysis({ graph, jobs: permissionRelationships.map(permissionJob), batchNodes: 1 }).update(accounts);
  const rows = await graph.query<{ role: string; type: string; id: string; has: boolean; keys: string[] }>(
    `MATCH (p:AWSPrincipal)-[e]->(n) WHERE e.has_condition IS NOT NULL
     RETURN p.id AS role, type(e) AS type, n.id AS id, e.has_condition AS has, e.condition_keys AS keys`,
  );
  return rows
    .map(
      ({ role, type, id, has, keys }) =>
        `${role.split('/')[1]} ${type} ${id.split('/').at(-1)}${has ? ` if ${keys.join()}` : ''}`,
    )
    .sort();
}

const reader = [managed('read'), statement('read/1', 'Allow', ['s3:Get*'], ['arn:aws:s3:::logs/*'])];
const admin = [managed('admin'), statement('admin/1', 'Allow', ['*'], ['*'])];
const policies: DrawnEdge[] = [
  ['read', 'STATEMENT', 'read/1'],
  ['admin', 'STATEMENT', 'admin/1'],
];
const roles = ['reader', 'admin'].map((name) => role(name));
const attached: DrawnEdge[] = [
  [roles[0]!.id, 'POLICY', 'read'],
  [roles[1]!.id, 'POLICY', 'admin'],
];

test('principals are tied to the assets of their account that their policies let them use', async () => {
  const others = [account('2'), role('admin', '2'), bucket('theirs', '2')];
  const nodes = [account('1'), ...roles, ...reader, ...admin, bucket('logs'), bucket('data'), ...others];
  await draw(nodes, [...policies, ...attached, [others[1]!.id, 'POLICY', 'admin']], ['1', '2']);

  assert.deepEqual(await permissions(['1', '2']), [
    'admin CAN_PASS_ROLE admin',
    'admin CAN_PASS_ROLE admin',
    'admin CAN_PASS_ROLE reader',
    'admin CAN_READ data',
    'admin CAN_READ logs',
    'admin CAN_READ theirs',
    'admin CAN_WRITE data',
    'admin CAN_WRITE logs',
    'admin CAN_WRITE theirs',
    'reader CAN_READ logs',
  ]);
});

test('what a policy no longer grants goes, what it grants anew comes, with its conditions', async () => {
  await draw([account('1'), roles[0]!, ...reader, bucket('logs')], [policies[0]!, attached[0]!], ['1']);
  assert.deepEqual(await permissions(['1']), ['reader CAN_READ logs']);

  await graph.query(
    `MATCH (s:AWSPolicyStatement) SET s.condition = '[{"Bool": {"aws:SecureTransport": "true"}}]', s.action = ['s3:*']`,
  );
  assert.deepEqual(await permissions(['1']), [
    'reader CAN_READ logs if aws:SecureTransport',
    'reader CAN_WRITE logs if aws:SecureTransport',
  ]);

  await graph.query(`MATCH (s:AWSPolicyStatement) SET s.effect = 'Deny'`);
  assert.deepEqual(await permissions(['1']), []);
});

test('a role may be assumed by whom it trusts by name and whose policies allow it, in whatever account', async () => {
  const mayAssume = [
    managed('assume'),
    statement('assume/1', 'Allow', ['sts:AssumeRole'], ['arn:aws:iam::2:role/hub']),
  ];
  const user = make('AWSUser', 'iam.User')('arn:aws:iam::1:user/ops', { arn: 'arn:aws:iam::1:user/ops' });
  const [hub, other] = ['hub', 'other'].map((name) => role(name, '2'));
  const [trusted, powerless] = ['trusted', 'powerless'].map((name) => role(name));
  const nodes = [account('1'), account('2'), ...mayAssume, user, hub!, other!, trusted!, powerless!];
  const edges: DrawnEdge[] = [
    ['assume', 'STATEMENT', 'assume/1'],
    ...[user, trusted!].map(({ id }): DrawnEdge => [id, 'POLICY', 'assume']),
    ...[user, trusted!, powerless!].map(({ id }): DrawnEdge => [hub!.id, 'TRUSTS_AWS_PRINCIPAL', id]),
    [other!.id, 'TRUSTS_AWS_PRINCIPAL', user.id],
  ];
  await draw(nodes, edges, []);
  await graph.query('MATCH (n:AWSUser) SET n:AWSPrincipal');
  const assumable = async (accounts: string[]): Promise<string[]> => {
    await new Analysis({ graph, jobs: [assumeRole] }).update(accounts);
    const rows = await graph.query<{ from: string; to: string }>(
      'MATCH (p)-[:STS_ASSUMEROLE_ALLOW]->(r) RETURN p.id AS from, r.id AS to',
    );
    return rows.map(({ from, to }) => `${from.split('/')[1]} ${to.split('/')[1]}`).sort();
  };

  assert.deepEqual(await assumable(['2']), ['ops hub', 'trusted hub']);

  // The account of those who are trusted completes alone: what its policies say now counts for the other account's role.
  await graph.query(`MATCH (s:AWSPolicyStatement) SET s.resource = ['arn:aws:iam::2:role/other']`);
  assert.deepEqual(await assumable(['1']), ['ops other']);
});

test('nothing is worked out for an account of which no run has asked for it', async () => {
  await draw([account('1'), roles[0]!, ...reader, bucket('logs')], [policies[0]!, attached[0]!], ['2']);
  assert.deepEqual(await permissions(['1']), []);

  await ask(['1']);
  assert.deepEqual(await permissions(['1']), ['reader CAN_READ logs']);
});

test('a precondition must hold too', async () => {
  const managedInstance = make('AWSSSMInstanceInformation', 'ssm.InstanceInformation')('info');
  const nodes = [account('1'), roles[1]!, ...admin, instance('i-1'), instance('i-2'), managedInstance];
  await draw(nodes, [policies[1]!, attached[1]!, ['i-1', 'HAS_INFORMATION', 'info']], ['1']);

  assert.deepEqual(
    (await permissions(['1'])).filter((edge) => edge.includes('i-')),
    ['admin CAN_START_SESSION i-1'],
  );
});

/** Stores the marker of an account's run, its scopes' own as far as they still wait or are incomplete. */
async function ended(
  tag: number,
  scopes: ScopeOutcome[],
  unsettled: [scope: string, state: 'waiting' | 'incomplete'][] = [],
): Promise<void> {
  const marker = (
    kind: StoredMarker['kind'],
    subject: string,
    state: StoredMarker['state'],
    value: object,
  ): StoredMarker => {
    return { key: `${kind}|${subject}|${tag}`, kind, subject, tag: BigInt(tag), state, value: { ...value } };
  };
  const markers = [
    marker('account', '1', 'done', { scopes }),
    ...unsettled.map(([scope, state]) => marker('scope', scope, state, {})),
  ];
  await graph.transact((tx) => tx.storeMarkers(markers));
}

async function syncMetadata(): Promise<Record<string, unknown>> {
  await writeSyncMetadata(
    graph,
    [1n, 2n, 3n].map((tag) => ({ subject: '1', tag })),
  );
  const nodes = await graph.query<{ props: Record<string, unknown> }>(
    'MATCH (n:ModuleSyncMetadata:SyncMetadata) RETURN n{.*} AS props',
  );
  for (const { props } of nodes) {
    const { id, grouptype, groupid, syncedtype } = props;
    assert.deepEqual([id, grouptype, groupid], [`AWSAccount_1_${String(syncedtype)}`, 'AWSAccount', '1']);
    assert.equal(typeof props['firstseen'], 'number');
  }
  return Object.fromEntries(nodes.map(({ props }) => [String(props['syncedtype']), props['lastupdated']]));
}

const outcome = (scope: string, outcome: string): ScopeOutcome => ({ scope: `1/${scope}`, outcome });

test('sync metadata says which run read a type last to the end', async () => {
  await ended(1, [outcome('global/s3', 'complete'), outcome('global/iam', 'complete'), outcome('r1/sns', 'complete')]);
  const first = { AWSAccount: 1, AWSPrincipal: 1, AWSS3Bucket: 1, AWSSNSTopic: 1 };
  assert.deepEqual(await syncMetadata(), first);

  await ended(2, [outcome('global/s3', 'complete'), outcome('global/iam', 'denied'), outcome('r1/sns', 'unsupported')]);
  assert.deepEqual(await syncMetadata(), { ...first, AWSS3Bucket: 2 });

  await ended(3, [outcome('r1/sns', 'unsupported'), outcome('r2/sns', 'complete'), outcome('global/kms', 'failed')]);
  assert.deepEqual(await syncMetadata(), { ...first, AWSS3Bucket: 2, AWSSNSTopic: 3 });
});

test('sync metadata waits for the cleanup, and is none of a scope that is not whole', async () => {
  const scopes = [outcome('global/s3', 'complete'), outcome('global/iam', 'complete')];
  await ended(1, scopes, [['1/global/s3', 'incomplete']]);
  assert.deepEqual(await syncMetadata(), { AWSPrincipal: 1 });

  await ended(2, scopes, [['1/global/s3', 'waiting']]);
  assert.deepEqual(await syncMetadata(), { AWSPrincipal: 1 });

  await graph.query(`MATCH (m:_Marker {state: 'waiting'}) DELETE m`);
  assert.deepEqual(await syncMetadata(), { AWSAccount: 2, AWSPrincipal: 2, AWSS3Bucket: 2 });
});
