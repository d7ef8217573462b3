import fc from 'fast-check';
import { topicsOf } from '../../platform/topics.ts';
import type { AvroRecord } from '../../schemas/avro-schema.ts';
import { loadCatalogue } from '../../schemas/catalogue.ts';
import { createEncoder } from '../../schemas/codec.ts';
import { parseRecordSchema, type RecordSchema } from '../../schemas/record-schema.ts';
import { assetScope, recordKey } from '../../schemas/scope.ts';
import type { SchemaRegistry } from '../../schemas/registry.ts';
import type { MemoryLog } from '../support/memory-log.ts';
import type { ModelMarker, ModelRecord } from './law.ts';

/** A history of one log: what was produced, in the order of production. */
export interface History {
  records: ModelRecord[];
  /** Complete markers, in the order of production. */
  markers: ModelMarker[];
  events: HistoryEvent[];
  /** Rows per transaction. */
  chunkRows: number;
}

type HistoryEvent =
  | { kind: 'record'; record: ModelRecord }
  | { kind: 'scope'; marker: ModelMarker; outcome: string; counts: Record<string, number> }
  | { kind: 'account'; accountId: string; tag: number }
  | { kind: 'run'; tag: number };

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
const envelope = [
  { name: 'accountId', type: 'string' },
  { name: 'region', type: 'string', graph: { properties: ['region'] } },
  { name: 'updateTag', type: 'long' },
];

function schema(name: string, graph: object, fields: object[]): RecordSchema {
  return parseRecordSchema({
    type: 'record',
    name,
    namespace: 'cartography.law',
    graph,
    fields: [...envelope, ...fields],
  } as unknown as AvroRecord);
}

/**
 * Few names, so that histories collide: two types that make one label and contest a property, one id in several scopes,
 * references by id, by a shared property, both ways, across accounts, and to a node that no history may ever make.
 */
export const universe: readonly RecordSchema[] = [
  schema('Account', { sync: 'account', label: 'LawAccount', id: 'Id', owner: null }, [{ name: 'Id', type: 'string' }]),
  schema(
    'Host',
    {
      sync: 'host',
      label: 'LawHost',
      labels: ['LawMachine', 'LawThing'],
      id: 'Id',
      owner: owner(),
      contested: contested(),
      relationships: [
        { type: 'USES', direction: 'out', label: 'LawDisk', match: { id: 'Disks' } },
        { type: 'PEERS', direction: 'out', label: 'LawHost', match: { id: 'Peers' }, crossAccount: true },
        { type: 'NAMED', direction: 'in', label: 'LawThing', match: { kind: 'Kind' }, unique: false },
      ],
    },
    [
      { name: 'Id', type: 'string' },
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
      labels: ['LawMachine', 'LawStub'],
      id: 'Id',
      owner: owner(),
      contested: contested(),
    },
    [{ name: 'Id', type: 'string' }, text('Name', { properties: ['name'] }), text('Note', { properties: ['note'] })],
  ),
  schema(
    'Disk',
    {
      sync: 'disk',
      label: 'LawDisk',
      labels: ['LawThing'],
      id: 'Id',
      owner: owner(),
      relationships: [
        { type: 'USES', direction: 'in', label: 'LawHost', match: { id: 'Hosts' } },
        { type: 'BACKED_BY', direction: 'out', label: 'LawDisk', match: { id: 'Backing' } },
      ],
    },
    [
      { name: 'Id', type: 'string' },
      { name: 'DiskKind', type: 'string', graph: { properties: ['kind'], index: true } },
      list('Hosts'),
      text('Backing', { properties: [] }),
    ],
  ),
];

function owner(): object {
  return { type: 'RESOURCE', direction: 'in', label: 'LawAccount', match: { id: 'accountId' } };
}

function contested(): object {
  const winners = ['cartography.law.Host', 'cartography.law.HostStub'];
  return { name: winners, region: winners };
}

const typesOfSync = Map.groupBy(universe, ({ sync }) => sync);
const ids = ['x', 'y', 'z'];
const accounts = ['111111111111', '222222222222'];
const scopes = accounts.flatMap((accountId) =>
  ['r1', 'r2'].flatMap((region) => [...typesOfSync.keys()].map((sync) => ({ accountId, region, sync }))),
);

interface Snapshot {
  scope: (typeof scopes)[number];
  tag: number;
  outcome: 'complete' | 'denied' | 'failed' | 'crashed';
  assets: {
    type: number;
    id: string;
    name: string | null;
    other: string | null;
    kind: string;
    many: string[];
    few: string[];
  }[];
  /** Types whose cleanup is withheld, wholly or for one id. */
  withheld: { type: number; id: string | null } | null;
}

const arbitrarySnapshot: fc.Arbitrary<Snapshot> = fc.record({
  scope: fc.constantFrom(...scopes),
  tag: fc.integer({ min: 1, max: 4 }),
  outcome: fc.constantFrom('complete', 'complete', 'complete', 'denied', 'failed', 'crashed'),
  assets: fc.uniqueArray(
    fc.record({
      type: fc.nat(1),
      id: fc.constantFrom(...ids),
      name: fc.option(fc.constantFrom('n1', 'n2')),
      other: fc.option(fc.constantFrom('o1', 'o2', ...ids)),
      kind: fc.constantFrom('k1', 'k2'),
      many: fc.uniqueArray(fc.constantFrom(...ids, 'nowhere'), { maxLength: 3 }),
      few: fc.uniqueArray(fc.constantFrom(...ids), { maxLength: 2 }),
    }),
    { maxLength: 4, selector: ({ type, id }) => `${type}${id}` },
  ),
  withheld: fc.option(fc.record({ type: fc.nat(1), id: fc.option(fc.constantFrom(...ids)) }), { freq: 5 }),
});

/** Snapshots of scopes in any order of tags, each with its marker or none, and one run that has ended after all of them. */
export function arbitraryHistory(): fc.Arbitrary<History> {
  return fc
    .record({
      snapshots: fc.array(arbitrarySnapshot, { minLength: 1, maxLength: 14, size: 'max' }),
      chunkRows: fc.integer({ min: 1, max: 12 }),
    })
    .map(({ snapshots, chunkRows }) => {
      const events = snapshots.flatMap(eventsOf);
      for (const accountId of accounts) events.push({ kind: 'account', accountId, tag: 9 });
      events.push({ kind: 'run', tag: 9 });
      return {
        [fc.toStringMethod]: () => [`chunks of ${chunkRows}`, ...events.map(describe)].join('\n'),
        events,
        chunkRows,
        records: events.flatMap((event) => (event.kind === 'record' ? event.record : [])),
        markers: events.flatMap((event) =>
          event.kind === 'scope' && event.outcome === 'complete' ? event.marker : [],
        ),
      };
    });
}

function eventsOf({ scope, tag, outcome, assets, withheld }: Snapshot): HistoryEvent[] {
  const types = typesOfSync.get(scope.sync)!;
  const events: HistoryEvent[] = [];
  const counts: Record<string, number> = {};
  const sent = new Set<string>();
  for (const asset of assets) {
    const schema = types[asset.type % types.length]!;
    const id = schema.label === 'LawAccount' ? scope.accountId : asset.id;
    if (sent.has(`${schema.name}${id}`)) continue;
    sent.add(`${schema.name}${id}`);
    counts[schema.name] = (counts[schema.name] ?? 0) + 1;
    const everything: Record<string, unknown> = {
      accountId: scope.accountId,
      region: scope.region,
      updateTag: tag,
      Id: id,
      Name: asset.name,
      Size: asset.other,
      Note: asset.other,
      Kind: asset.kind,
      DiskKind: `k${1 + (ids.indexOf(asset.id) % 2)}`,
      Disks: asset.many,
      Peers: asset.few,
      Hosts: asset.few,
      Backing: asset.other,
    };
    const value = Object.fromEntries(schema.avro.fields.map(({ name }) => [name, everything[name]]));
    events.push({ kind: 'record', record: { schema, value } });
  }
  if (outcome === 'crashed') return events;
  const recordTypes = types.map((schema, index) => {
    const ours = withheld !== null && withheld.type % types.length === index;
    return {
      name: schema.name,
      complete: !(ours && withheld.id === null),
      withheld: ours && withheld.id !== null ? [withheld.id] : [],
    };
  });
  events.push({
    kind: 'scope',
    outcome,
    counts,
    marker: { scope: assetScope(scope.accountId, scope.region, scope.sync), tag, recordTypes },
  });
  return events;
}

/** Produces the history into the log, as collectors would. */
export async function play(history: History, log: MemoryLog, registry: SchemaRegistry): Promise<void> {
  const topics = topicsOf();
  const catalogue = loadCatalogue();
  const own = new Map(universe.map((schema) => [schema.name, schema.avro]));
  const encoder = createEncoder(registry, { avro: (name: string) => own.get(name) ?? catalogue.avro(name) });
  for (const { name } of universe) await registry.register(`${topics.assets}-${name}`, own.get(name)!);
  let clock = 0;
  const ends = () =>
    log
      .partitionsOf(topics.assets)
      .map((messages, partition) => ({ topic: topics.assets, partition, offset: messages.length }));
  for (const event of history.events) {
    if (event.kind === 'record') {
      const { schema, value } = event.record;
      const scope = assetScope(value['accountId'] as string, value['region'] as string, schema.sync);
      log.append({
        topic: topics.assets,
        key: recordKey(schema.name, scope, value['Id'] as string),
        value: await encoder.encode(topics.assets, schema.name, value),
        headers: { scope, tag: String(value['updateTag']) },
      });
    } else if (event.kind === 'scope') {
      const { scope, tag, recordTypes } = event.marker;
      const [accountId, region, sync] = scope.split('/') as [string, string, string];
      const value = {
        scope,
        accountId,
        region,
        sync,
        updateTag: tag,
        outcome: event.outcome,
        reason: null,
        recordTypes: recordTypes.map((one) => ({ ...one, records: event.counts[one.name] ?? 0 })),
        offsets: ends(),
        startedAt: 0,
        endedAt: ++clock,
      };
      log.append({
        topic: topics.markers,
        key: `scope|${scope}|${tag}|${clock}`,
        value: await encoder.encode(topics.markers, 'cartography.aws.markers.ScopeMarker', value),
      });
    } else if (event.kind === 'account') {
      const value = {
        accountId: event.accountId,
        updateTag: event.tag,
        requestedSyncs: [],
        scopes: [],
        offsets: ends(),
        endedAt: 0,
      };
      log.append({
        topic: topics.markers,
        key: `account|${event.accountId}|${event.tag}`,
        value: await encoder.encode(topics.markers, 'cartography.aws.markers.AccountMarker', value),
      });
    } else {
      const value = {
        updateTag: event.tag,
        state: 'ended',
        accounts,
        requestedSyncs: [],
        outcomes: {},
        offsets: ends(),
        at: 0,
      };
      log.append({
        topic: topics.markers,
        key: `run|${event.tag}`,
        value: await encoder.encode(topics.markers, 'cartography.aws.markers.RunMarker', value),
      });
    }
  }
}

function describe(event: HistoryEvent): string {
  switch (event.kind) {
    case 'record': {
      const { accountId, region, updateTag, ...fields } = event.record.value;
      return `  ${event.record.schema.name.slice(17)} ${String(accountId)[0]}/${String(region)} @${String(updateTag)} ${JSON.stringify(fields)}`;
    }
    case 'scope':
      return `${event.marker.scope} @${event.marker.tag} ${event.outcome} ${event.marker.recordTypes.map(({ complete, withheld }) => (complete ? withheld.join() : 'withheld')).join()}`;
    case 'account':
      return `account ${event.accountId} @${event.tag}`;
    case 'run':
      return `run @${event.tag}`;
  }
}
