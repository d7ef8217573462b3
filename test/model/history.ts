import fc from 'fast-check';
import type { RecordSchema } from '../../schemas/record-schema.ts';
import { assetScope, hierarchyScope } from '../../schemas/scope.ts';
import { keyOf, type ModelMarker, type ModelRecord } from './law.ts';
import { universe } from './universe.ts';

/** A history of one log: what was produced, in the order of production. */
export interface History {
  /** Those that can be applied. */
  records: ModelRecord[];
  /** Complete markers. */
  markers: ModelMarker[];
  events: HistoryEvent[];
}

export type HistoryEvent = {
  /** What a marker's offset vector covers is of the same run. */
  run: number;
} & (
  | { kind: 'record'; record: ModelRecord; fate: Fate; copies: number }
  | { kind: 'scope'; marker: ModelMarker; outcome: string }
  | { kind: 'account'; accountId: string; tag: number }
  | { kind: 'run'; state: 'started' | 'ended'; tag: number }
);

/** Whether a record can be applied: bytes that are no record; a value that the graph refuses. */
type Fate = 'good' | 'undecodable' | 'refused';

const ids = ['x', 'y', 'z'];
export const accounts = ['111111111111', '222222222222'];
const organizations = ['o-1', 'o-2'];
/** A tag above all others: that of the run that ends every history. */
const lastTag = 9;

interface Scope {
  /** The account or organization. */
  owner: string;
  region: string | null;
  types: readonly RecordSchema[];
}

const scopes: Scope[] = [...Map.groupBy(universe, ({ sync }) => sync)].flatMap(([, types]): Scope[] =>
  types[0]!.kind === 'hierarchy'
    ? organizations.map((owner) => ({ owner, region: null, types }))
    : accounts.flatMap((owner) => ['r1', 'r2'].map((region) => ({ owner, region, types }))),
);

interface Snapshot {
  /** Of the history's scopes. */
  scope: number;
  outcome: string;
  assets: Asset[];
  /** A type whose cleanup is withheld, wholly or for one id. */
  withheld: { type: number; id: string | null } | null;
}

interface Asset {
  type: number;
  id: string;
  name: string | null;
  other: string | null;
  kind: string;
  many: string[];
  few: string[];
  fate: Fate;
  copies: number;
}

interface Run {
  /** null: larger than those before. */
  tag: number | null;
  snapshots: Snapshot[];
  /** How many of its events still happen; null: all. */
  crashAfter: number | null;
  /** Whether it runs at the same time as the run before, and who goes first: true is the earlier one. */
  beside: boolean[] | null;
}

const asset = (poison: boolean): fc.Arbitrary<Asset> =>
  fc.record({
    type: fc.nat(1),
    id: fc.constantFrom(...ids),
    name: fc.option(fc.constantFrom('n1', 'n2')),
    other: fc.option(fc.constantFrom('o1', 'o2', ...ids)),
    kind: fc.constantFrom('k1', 'k2'),
    many: fc.uniqueArray(fc.constantFrom(...ids, 'nowhere'), { maxLength: 3 }),
    few: fc.uniqueArray(fc.constantFrom(...ids), { maxLength: 2 }),
    fate: poison
      ? fc.oneof(
          { weight: 14, arbitrary: fc.constant<Fate>('good') },
          { weight: 1, arbitrary: fc.constantFrom<Fate>('undecodable', 'refused') },
        )
      : fc.constant<Fate>('good'),
    copies: fc.oneof({ weight: 9, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.constant(2) }),
  });

const snapshot = (poison: boolean): fc.Arbitrary<Snapshot> =>
  fc.record({
    scope: fc.nat(4),
    outcome: fc.constantFrom('complete', 'complete', 'complete', 'complete', 'denied', 'failed'),
    assets: fc.uniqueArray(asset(poison), { maxLength: 4, selector: ({ type, id }) => `${type}${id}` }),
    withheld: fc.option(fc.record({ type: fc.nat(1), id: fc.option(fc.constantFrom(...ids)) }), { freq: 4 }),
  });

const run = (poison: boolean): fc.Arbitrary<Run> =>
  fc.record({
    tag: fc.oneof(
      { weight: 3, arbitrary: fc.constant(null) },
      { weight: 1, arbitrary: fc.integer({ min: 1, max: 4 }) },
    ),
    snapshots: fc.uniqueArray(snapshot(poison), {
      maxLength: 5,
      selector: ({ scope }) => scope,
      size: 'max',
    }),
    crashAfter: fc.option(fc.nat(20), { freq: 3 }),
    beside: fc.option(fc.array(fc.boolean(), { maxLength: 20 }), { freq: 3 }),
  });

/**
 * Runs in any order of tags, one after the other or side by side; some crash. Each sends a marker for every scope, then for
 * every account, then its own. The last one ends with a tag above all others, so that no gate stays closed for ever.
 * `poison`: with records that cannot be applied. `syncs`: of these alone. Default: all.
 */
export function arbitraryHistory({
  poison,
  syncs,
}: {
  poison: boolean;
  syncs?: readonly string[] | undefined;
}): fc.Arbitrary<History> {
  const chosen = syncs === undefined ? scopes : scopes.filter(({ types }) => syncs.includes(types[0]!.sync));
  return fc
    .record({
      scopes: fc.shuffledSubarray(chosen, { minLength: 2, maxLength: 5 }),
      runs: fc.array(run(poison), { minLength: 1, maxLength: 5, size: 'max' }),
    })
    .map(({ scopes, runs }) => historyOf(scopes, runs));
}

function historyOf(scopes: readonly Scope[], runs: readonly Run[]): History {
  let events: HistoryEvent[] = [];
  let before = 0;
  for (const [index, run] of runs.entries()) {
    const own = eventsOf(scopes, run, index);
    const happened = run.crashAfter === null ? own : own.slice(0, run.crashAfter);
    if (run.beside === null) {
      before = events.length;
      events.push(...happened);
    } else events = [...events.slice(0, before), ...merge(events.slice(before), happened, run.beside)];
  }
  // The graph tells records of one key by their tags, so a refused one must be the only one with its own.
  const sameKey = Map.groupBy(
    events.filter((event) => event.kind === 'record'),
    ({ record }) => `${keyOf(record)}@${String(record.value['updateTag'])}`,
  );
  for (const same of sameKey.values())
    if (same.length > 1) for (const event of same) if (event.fate === 'refused') event.fate = 'undecodable';
  const last = { run: runs.length, tag: lastTag };
  for (const accountId of accounts) events.push({ kind: 'account', accountId, ...last });
  events.push({ kind: 'run', state: 'ended', ...last });
  return {
    [fc.toStringMethod]: () => events.map(describe).join('\n'),
    events,
    records: events.flatMap((event) => (event.kind === 'record' && event.fate === 'good' ? event.record : [])),
    markers: events.flatMap((event) => (event.kind === 'scope' && event.outcome === 'complete' ? event.marker : [])),
  } as History;
}

function eventsOf(scopes: readonly Scope[], { tag: given, snapshots }: Run, run: number): HistoryEvent[] {
  const tag = given ?? run + 1;
  const ofScopes = new Map(snapshots.map((snapshot) => [scopes[snapshot.scope % scopes.length]!, snapshot]));
  const owners = new Set([...ofScopes.keys()].flatMap(({ region, owner }) => (region === null ? [] : owner)));
  return [
    { kind: 'run', state: 'started', tag, run },
    ...[...ofScopes].flatMap(([scope, snapshot]) => snapshotEvents(scope, snapshot, tag, run)),
    ...[...owners].map((accountId): HistoryEvent => ({ kind: 'account', accountId, tag, run })),
    { kind: 'run', state: 'ended', tag, run },
  ];
}

function snapshotEvents(
  scope: Scope,
  { outcome, assets, withheld }: Snapshot,
  tag: number,
  run: number,
): HistoryEvent[] {
  const { owner, region, types } = scope;
  const records = new Map<string, HistoryEvent & { kind: 'record' }>();
  for (const asset of assets) {
    const schema = types[asset.type % types.length]!;
    const id =
      schema.label !== 'LawAccount' ? asset.id : region === null ? accounts[ids.indexOf(asset.id) % 2]! : owner;
    const fate = asset.fate === 'refused' && schema.label === 'LawUnit' ? 'good' : asset.fate;
    const name = fate === 'refused' ? 'refused' : asset.name;
    const everything: Record<string, unknown> = {
      accountId: owner,
      organizationId: owner,
      region,
      updateTag: tag,
      Id: id,
      Name: name,
      Size: asset.other,
      Note: asset.other,
      Kind: asset.kind,
      DiskKind: fate === 'refused' ? 'refused' : `k${1 + (ids.indexOf(asset.id) % 2)}`,
      Disks: asset.many,
      Peers: asset.few,
      Hosts: asset.few,
      Backing: asset.other,
      Parent: asset.other,
    };
    const value = Object.fromEntries(schema.avro.fields.map(({ name }) => [name, everything[name]]));
    records.set(`${schema.name}${id}`, { kind: 'record', record: { schema, value }, fate, copies: asset.copies, run });
  }
  const marker: ModelMarker = {
    scope: region === null ? hierarchyScope(owner) : assetScope(owner, region, types[0]!.sync),
    tag,
    recordTypes: types.map(({ name }, index) => {
      const ours = withheld !== null && withheld.type % types.length === index;
      return {
        name,
        records: [...records.values()].filter(({ record }) => record.schema.name === name).length,
        complete: !(ours && withheld.id === null),
        withheld: ours && withheld.id !== null ? [withheld.id] : [],
      };
    }),
  };
  return [...records.values(), { kind: 'scope', outcome, marker, run }];
}

/** Both in their own order, side by side. */
function merge<T>(a: readonly T[], b: readonly T[], picks: readonly boolean[]): T[] {
  const [left, right, merged] = [[...a], [...b], [] as T[]];
  for (let i = 0; left.length > 0 && right.length > 0; i++)
    merged.push(((picks[i % picks.length] ?? true) ? left : right).shift()!);
  return [...merged, ...left, ...right];
}

function describe(event: HistoryEvent): string {
  switch (event.kind) {
    case 'record': {
      const { accountId, organizationId, region, updateTag, ...fields } = event.record.value;
      const scope = [accountId ?? organizationId, region]
        .filter((part) => part !== undefined)
        .map(String)
        .join('/');
      const what = `${event.fate === 'good' ? '' : `${event.fate} `}${event.copies > 1 ? 'twice ' : ''}`;
      return `${event.run}   ${what}${event.record.schema.name.slice('cartography.law.'.length)} ${scope} @${String(updateTag)} ${JSON.stringify(fields)}`;
    }
    case 'scope': {
      const { scope, tag, recordTypes } = event.marker;
      return `${event.run} ${scope} @${tag} ${event.outcome} ${recordTypes.map(({ records, complete, withheld }) => `${records}${complete ? '' : ' withheld'}${withheld.map((id) => ` -${id}`).join('')}`).join(', ')}`;
    }
    case 'account':
      return `${event.run} account ${event.accountId} @${event.tag}`;
    case 'run':
      return `${event.run} run ${event.state} @${event.tag}`;
  }
}
