import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Sync } from '../../../producers/sync.ts';
import { account } from '../../../producers/syncs/account.ts';
import { ec2Vpc } from '../../../producers/syncs/ec2/vpc.ts';
import type { AvroRecord } from '../../../schemas/avro-schema.ts';
import { createEncoder } from '../../../schemas/codec.ts';
import { parseRecordSchema } from '../../../schemas/record-schema.ts';
import { catalogue, type Lab, type Pipeline, startLab } from '../../support/pipeline.ts';

let lab: Lab;
before(async () => {
  lab = await startLab({ accounts: 1, instances: 1, regions: ['us-east-1'], seed: 10, scale: 0.3, only: ['network'] });
});
after(() => lab.close());

const name = 'cartography.aws.lighthouse.Beacon';
const avro = {
  type: 'record',
  name: 'Beacon',
  namespace: 'cartography.aws.lighthouse',
  doc: 'A kind of asset that no schema of this checkout describes.',
  graph: {
    sync: 'lighthouse',
    label: 'AWSLighthouseBeacon',
    labels: ['Beacon'],
    id: 'Arn',
    relationships: [
      { type: 'SHINES_ON', direction: 'out', label: 'AWSVpc', match: { id: 'VpcIds' } },
      { type: 'RELAYS', direction: 'in', label: 'AWSLighthouseBeacon', match: { name: 'Source' } },
    ],
  },
  fields: [
    { name: 'accountId', type: 'string' },
    { name: 'region', type: 'string', graph: { properties: ['region'] } },
    { name: 'updateTag', type: 'long' },
    { name: 'Arn', type: 'string', graph: { properties: ['arn'], index: true } },
    { name: 'Name', type: 'string', graph: { properties: ['name'] } },
    { name: 'Lumens', type: ['null', 'long'], default: null, graph: { properties: ['lumens'] } },
    { name: 'Source', type: ['null', 'string'], default: null, graph: { properties: [] } },
    { name: 'VpcIds', type: { type: 'array', items: 'string' }, default: [], graph: { properties: [] } },
  ],
} as unknown as AvroRecord;
const schema = parseRecordSchema(avro);

function lighthouse(vpcIds: readonly string[], names: readonly string[]): Sync {
  return {
    id: 'lighthouse',
    scope: 'regional',
    records: [name],
    actions: [],
    async *collect() {
      for (const [index, one] of names.entries()) {
        const value = { Arn: `arn:beacon/${one}`, Name: one, Lumens: 100 * index, Source: names[index - 1] ?? null };
        yield { type: name, value: { ...value, VpcIds: [...vpcIds] } };
      }
    },
  };
}

test('a record type that was registered after the loaders started becomes nodes, edges, indexes, and is cleaned up', async () => {
  await using pipeline = await lab.open({ partitions: 2 });
  await pipeline.load();
  await pipeline.runOnce({ tag: 1_000, syncs: [account, ec2Vpc] });
  const vpcs = await pipeline.graph.query<{ id: string }>(
    'MATCH (n:AWSVpc)<-[:RESOURCE]-(:AWSAccount {id: $id}) RETURN n.id AS id ORDER BY id',
    { id: lab.aws.summary.accountIds[0] },
  );
  const vpcIds = vpcs.map(({ id }) => id);
  assert.ok(vpcIds.length > 0);
  assert.equal(catalogue.get(name), undefined);

  const withBeacons = {
    get: (one: string) => (one === name ? schema : catalogue.get(one)),
    avro: (one: string) => (one === name ? avro : catalogue.avro(one)),
  };
  const encoder = createEncoder(pipeline.registry, withBeacons);
  const run = (tag: number, names: string[]) =>
    pipeline.runOnce({
      tag,
      syncs: [account, ec2Vpc, lighthouse(vpcIds, names)],
      catalogue: withBeacons,
      encoder,
      profile: 'acct-0',
      syncAllProfiles: false,
    });
  await run(2_000, ['north', 'east', 'south']);
  assert.deepEqual(await beacons(pipeline), [
    { name: 'east', lumens: 100, relayedBy: ['north'], vpcs: vpcIds, owners: lab.aws.summary.accountIds },
    { name: 'north', lumens: 0, relayedBy: [], vpcs: vpcIds, owners: lab.aws.summary.accountIds },
    { name: 'south', lumens: 200, relayedBy: ['east'], vpcs: vpcIds, owners: lab.aws.summary.accountIds },
  ]);
  const indexed = await pipeline.graph.query<{ property: string; constraint: string | null }>(
    `SHOW INDEXES YIELD labelsOrTypes, properties, owningConstraint
     WHERE labelsOrTypes = ['AWSLighthouseBeacon'] AND NOT properties[0] STARTS WITH '_'
     RETURN properties[0] AS property, owningConstraint IS NOT NULL AS constraint ORDER BY property`,
  );
  assert.deepEqual(indexed, [
    { property: 'arn', constraint: false },
    { property: 'id', constraint: true },
    { property: 'name', constraint: false },
  ]);

  await run(3_000, ['north', 'south']);
  assert.deepEqual(
    (await beacons(pipeline)).map((one) => [one['name'], one['relayedBy']]),
    [
      ['north', []],
      ['south', ['north']],
    ],
  );
});

function beacons(pipeline: Pipeline): Promise<Record<string, unknown>[]> {
  return pipeline.graph.query(`
    MATCH (n:AWSLighthouseBeacon:Beacon)
    RETURN n.name AS name, n.lumens AS lumens,
      COLLECT { MATCH (n)<-[:RELAYS]-(other) RETURN other.name } AS relayedBy,
      COLLECT { MATCH (n)-[:SHINES_ON]->(vpc:AWSVpc) RETURN vpc.id ORDER BY vpc.id } AS vpcs,
      COLLECT { MATCH (n)<-[:RESOURCE]-(account:AWSAccount) RETURN account.id } AS owners
    ORDER BY name`);
}
