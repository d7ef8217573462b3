import type { Graph, ScopeNote, StoredMarker } from '../graph/graph.ts';
import { hierarchyScope } from '../../schemas/scope.ts';
import type { Decoded } from '../../schemas/codec.ts';
import type { Item, Stage } from './stage.ts';

/**
 * Reads the markers and stores them in the graph, where the gates of all stages look for them. The cleaner
 * (cleanup/cleaner.ts) acts on the stored ones when their gate opens.
 */
export function cleanupStage(graph: Graph, onStored: () => void): Stage {
  return {
    name: 'cleanup',
    deadLettersUndecodable: true,
    wants: ({ name }) => name in readers,
    prepare: () => graph.prepareBookkeeping(),
    open: (_topic, _partition, items) => Promise.resolve(items.length),
    async apply(tx, items: readonly Item[]) {
      const read = items.map(({ decoded }) => readMarker(decoded));
      const newest = new Map(read.map((one) => [one.marker.key, one]));
      await tx.storeMarkers(
        [...newest.values()]
          .map(({ marker }) => marker)
          .filter(({ kind, state }) => kind !== 'scope' || state === 'waiting'),
      );
      await tx.noteScopes([...newest.values()].flatMap(({ note }) => note ?? []).sort((a, b) => Number(a.tag - b.tag)));
      onStored();
      return undefined;
    },
  };
}

export interface ReadMarker {
  marker: StoredMarker;
  note?: ScopeNote;
}

type MarkerValue = Record<string, unknown>;

/** A marker of one of the record types below, as the graph keeps it. */
export function readMarker({ name, value }: Pick<Decoded, 'name' | 'value'>): ReadMarker {
  return readers[name]!(value);
}

const readers: Record<string, (value: MarkerValue) => ReadMarker> = {
  'cartography.aws.markers.ScopeMarker': (value) => {
    const { tag, outcome } = common(value);
    const scope = value['scope'] as string;
    return {
      marker: {
        key: `scope|${scope}|${tag}|${String(value['endedAt'])}`,
        kind: 'scope',
        subject: scope,
        tag,
        state: outcome === 'complete' ? 'waiting' : 'done',
        value,
      },
      note: {
        scope,
        tag,
        outcome: outcome!,
        reason: value['reason'] as string | null,
        endedAt: value['endedAt'] as number,
      },
    };
  },
  'cartography.aws.markers.AccountMarker': (value) => {
    const { tag } = common(value);
    const account = value['accountId'] as string;
    return {
      marker: { key: `account|${account}|${tag}`, kind: 'account', subject: account, tag, state: 'done', value },
    };
  },
  'cartography.aws.markers.HierarchyMarker': (value) => {
    const { tag, outcome } = common(value);
    const organization = value['organizationId'] as string | null;
    const subject =
      organization === null ? `organization/none/${String(value['accountId'])}` : hierarchyScope(organization);
    return {
      marker: {
        key: `hierarchy|${subject}|${tag}|${String(value['endedAt'])}`,
        kind: 'hierarchy',
        subject,
        tag,
        state: outcome === 'complete' ? 'waiting' : 'done',
        value,
      },
      note: {
        scope: subject,
        tag,
        outcome: outcome!,
        reason: value['reason'] as string | null,
        endedAt: value['endedAt'] as number,
      },
    };
  },
  'cartography.aws.markers.RunMarker': (value) => {
    const { tag } = common(value);
    return {
      marker: {
        key: `run|${tag}`,
        kind: value['state'] === 'ended' ? 'run' : 'run-started',
        subject: 'run',
        tag,
        state: 'done',
        value,
      },
    };
  },
};

function common(value: MarkerValue): { tag: bigint; outcome: string | undefined } {
  return { tag: BigInt(value['updateTag'] as number), outcome: value['outcome'] as string | undefined };
}
