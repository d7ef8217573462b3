import type { AvroRecord } from '../../schemas/avro-schema.ts';
import { parseRecordSchema, type RecordSchema } from '../../schemas/record-schema.ts';

const text = (name: string, graph?: object) => ({
  name,
  type: ['null', 'string'] as const,
  default: null,
  ...(graph === undefined ? {} : { graph }),
});
const list = (name: string) => ({
  name,
  type: { type: 'array', items: 'string' },
  default: [],
  graph: { properties: [] },
});
const id = { name: 'Id', type: 'string' };
const updateTag = { name: 'updateTag', type: 'long' };
const assetEnvelope = [
  { name: 'accountId', type: 'string' },
  { name: 'region', type: 'string', graph: { properties: ['region'] } },
  updateTag,
];
const hierarchyEnvelope = [{ name: 'organizationId', type: 'string', graph: { properties: ['org'] } }, updateTag];

function schema(name: string, graph: object, envelope: object[], fields: object[]): RecordSchema {
  return parseRecordSchema({
    type: 'record',
    name,
    namespace: 'cartography.law',
    graph,
    fields: [...envelope, ...fields],
  } as unknown as AvroRecord);
}

const owner = { type: 'RESOURCE', direction: 'in', label: 'LawAccount', match: { id: 'accountId' } };
const hostWinners = ['cartography.law.Host', 'cartography.law.HostStub'];
const contestedHost = {
  name: hostWinners,
  region: hostWinners,
  _ont_name: hostWinners,
  _label_LawNamed: hostWinners,
};
/** A label that hangs on a contested value. */
const named = { label: 'LawNamed', when: { Name: 'n1' } };
const contestedAccount = { name: ['cartography.law.Placement', 'cartography.law.Account'] };

/**
 * Few names, so that histories collide: two types that make one label and contest a property, an ontology property and a
 * conditional label, one id in several scopes,
 * references by id, by a shared property, both ways, across accounts, and to a node that no history may ever make.
 */
export const universe: readonly RecordSchema[] = [
  schema(
    'Account',
    { sync: 'account', label: 'LawAccount', id: 'Id', owner: null, contested: contestedAccount },
    [assetEnvelope[0]!, { name: 'region', type: 'string', graph: { properties: [] } }, updateTag],
    [id, text('Name', { properties: ['name'] })],
  ),
  schema(
    'Host',
    {
      sync: 'host',
      label: 'LawHost',
      labels: ['LawMachine', 'LawThing', named, { label: 'LawBig', when: { Size: 'o1' } }],
      id: 'Id',
      owner,
      contested: contestedHost,
      ontology: {
        source: { value: 'law' },
        name: 'Name',
        size: { field: 'Size', map: { o1: 'large' } },
        kinds: { in: ['k1'], field: 'Kind' },
      },
      relationships: [
        { type: 'USES', direction: 'out', label: 'LawDisk', match: { id: 'Disks' } },
        { type: 'PEERS', direction: 'out', label: 'LawHost', match: { id: 'Peers' }, crossAccount: true },
        { type: 'NAMED', direction: 'in', label: 'LawThing', match: { kind: 'Kind' }, unique: false },
      ],
    },
    assetEnvelope,
    [
      id,
      text('Name', { properties: ['name'] }),
      text('Size', { properties: ['size'] }),
      text('Kind', { properties: [] }),
      list('Disks'),
      list('Peers'),
    ],
  ),
  schema(
    'HostStub',
    {
      sync: 'disk',
      label: 'LawHost',
      labels: ['LawMachine', 'LawStub', named],
      id: 'Id',
      owner,
      contested: contestedHost,
      ontology: { source: { value: 'law' }, name: 'Name', noted: { toBoolean: 'Note' } },
    },
    assetEnvelope,
    [id, text('Name', { properties: ['name'] }), text('Note', { properties: ['note'] })],
  ),
  schema(
    'Disk',
    {
      sync: 'disk',
      label: 'LawDisk',
      labels: ['LawThing'],
      id: 'Id',
      owner,
      relationships: [
        { type: 'USES', direction: 'in', label: 'LawHost', match: { id: 'Hosts' } },
        { type: 'BACKED_BY', direction: 'out', label: 'LawDisk', match: { id: 'Backing' } },
      ],
    },
    assetEnvelope,
    [
      id,
      { name: 'DiskKind', type: 'string', graph: { properties: ['kind'], index: true } },
      list('Hosts'),
      text('Backing', { properties: [] }),
    ],
  ),
  schema(
    'Unit',
    {
      sync: 'organizations',
      label: 'LawUnit',
      id: 'Id',
      relationships: [{ type: 'PARENT', direction: 'out', label: 'LawUnit', match: { id: 'Parent' } }],
    },
    hierarchyEnvelope,
    [id, text('Parent', { properties: [] })],
  ),
  schema(
    'Placement',
    {
      sync: 'organizations',
      label: 'LawAccount',
      id: 'Id',
      relationships: [{ type: 'PARENT', direction: 'out', label: 'LawUnit', match: { id: 'Parent' } }],
      contested: contestedAccount,
    },
    hierarchyEnvelope,
    [id, text('Name', { properties: ['name'] }), text('Parent', { properties: [] })],
  ),
];
