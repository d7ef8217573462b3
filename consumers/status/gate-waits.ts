import type { LogAdmin } from '../../platform/kafka/log.ts';
import type { Topics } from '../../platform/topics.ts';
import { accountOfScope } from '../../schemas/scope.ts';
import type { Fence, Graph, GraphTransaction, StoredMarker } from '../graph/graph.ts';
import { fencesOf, isPassed, offsetsOf, type PartitionEnd, placeOf } from '../runner/gate.ts';
import type { StageName } from '../stages/stage.ts';
import type { PartitionLag } from './partition-lags.ts';

/** Something that a stage has not applied yet because its gate is closed, and what would open it. */
export interface GateWait {
  /** The account, `organization/<id>`, or the scope whose cleanup waits. With neither a marker nor an offset to wait for, it waits until its scopes are cleaned. */
  subject: string;
  updateTag: number;
  /** Where the stage stands, e.g. `cartography.aws.assets/3`; null for a cleanup or an analysis, which stand nowhere. */
  partition: string | null;
  offset: number | null;
  /** The marker that has not been read: of this kind, for this subject, with this tag or a later one. Null once it has. */
  marker: { kind: 'account' | 'hierarchy' | 'run'; subject: string; updateTag: number } | null;
  /** What another stage must have applied, where the marker is there: this offset of this partition, and where it is now. */
  until: { stage: string; partition: string; offset: number; now: number } | null;
}

/** What the records of a stage wait for, where it is one of those with a gate for records. */
const recordGates: Partial<Record<StageName, 'account' | 'run'>> = { links: 'account', 'cross-links': 'run' };

/** So many scopes that wait for their cleanup, and accounts that wait for their analysis, are looked at. */
const mostMarkers = 100;

export interface GateWaitOptions {
  graph: Graph;
  admin: Pick<LogAdmin, 'messageAt'>;
  topics: Topics;
  /** Where all stages stand. */
  lags: readonly PartitionLag[];
  /** Which of them to ask about: each costs a fetch of a batch from Kafka. Default: all that have records left. */
  isAsked?: (lag: PartitionLag) => boolean;
}

/** What the gates of the stages wait for, by stage; a stage that waits for nothing is left out. */
export async function readGateWaits(options: GateWaitOptions): Promise<Partial<Record<StageName, GateWait[]>>> {
  const waits: Partial<Record<StageName, GateWait[]>> = {};
  const low = lowOf(options.lags);
  for (const [stage, wait] of Object.entries(recordGates) as [StageName, 'account' | 'run'][]) {
    const found = await recordWaits(options, stage, wait, low);
    if (found.length > 0) waits[stage] = found;
  }
  await options.graph.transact(async (tx) => {
    const scopes = (await tx.pendingMarkers('', mostMarkers)).filter(({ state }) => state === 'waiting');
    const cleanup = await markerWaits(tx, scopes, low, false);
    if (cleanup.length > 0) waits.cleanup = cleanup;
    const notes = await tx.markers({ kind: 'analysis', state: 'waiting' });
    const analysis = await markerWaits(tx, notes, low, true);
    if (analysis.length > 0) waits.analysis = analysis;
  });
  return waits;
}

type Low = (topic: string, partition: number) => bigint;

function lowOf(lags: readonly PartitionLag[]): Low {
  const lows = new Map(lags.map((lag) => [placeOf(lag), lag.low]));
  return (topic, partition) => lows.get(placeOf({ topic, partition })) ?? 0n;
}

async function recordWaits(
  { graph, admin, topics, lags, isAsked = () => true }: GateWaitOptions,
  stage: StageName,
  wait: 'account' | 'run',
  low: Low,
): Promise<GateWait[]> {
  const behind = lags.filter((lag) => lag.stage === stage && lag.left > 0n && isAsked(lag));
  const heads = await Promise.all(
    behind.map(async ({ topic, partition, at }) => {
      const message = await admin.messageAt(topic, partition, at);
      const { scope, tag } = message?.headers ?? {};
      if (message === undefined || scope === undefined || tag === undefined || !/^\d+$/.test(tag)) return undefined;
      const subject = topic === topics.hierarchy ? scope : (accountOfScope(scope) ?? scope);
      return { partition: placeOf({ topic, partition }), offset: message.offset, subject, tag: BigInt(tag) };
    }),
  );
  return graph.transact(async (tx) => {
    const nodes = fencesOf('nodes', await tx.fences(['nodes']));
    const waits: GateWait[] = [];
    for (const head of heads) {
      if (head === undefined) continue;
      const [own] = wait === 'account' ? await markersFor(tx, head) : [undefined];
      const [run] = await tx.earliestMarkers('run', [{ subject: 'run', tag: head.tag }]);
      const found = [own, run].filter((marker) => marker !== undefined);
      const ahead = found.map((marker) => firstAhead(marker, nodes, low));
      const applied = nodes.get(head.partition)?.offset ?? 0n;
      const isApplied = applied > head.offset;
      if (ahead.includes(undefined) && isApplied) continue;
      const kind = wait === 'run' ? 'run' : head.subject.startsWith('organization/') ? 'hierarchy' : 'account';
      waits.push({
        subject: head.subject,
        updateTag: Number(head.tag),
        partition: head.partition,
        offset: Number(head.offset),
        marker:
          found.length > 0
            ? null
            : { kind, subject: kind === 'run' ? 'run' : head.subject, updateTag: Number(head.tag) },
        until: found.length === 0 ? null : untilOf('nodes', nodes, ahead[0] ?? endOf(head)),
      });
    }
    return waits;
  });
}

async function markersFor(
  tx: GraphTransaction,
  head: { subject: string; tag: bigint },
): Promise<(StoredMarker | undefined)[]> {
  const [account] = await tx.earliestMarkers('account', [head]);
  return account === undefined ? tx.earliestMarkers('hierarchy', [head]) : [account];
}

/** Stored markers whose stage waits for the nodes and links stages to pass their vectors. With `isElseWaiting` those too that are waiting for something else. */
async function markerWaits(
  tx: GraphTransaction,
  markers: readonly StoredMarker[],
  low: Low,
  isElseWaiting: boolean,
): Promise<GateWait[]> {
  const stages = await Promise.all(
    ['nodes', 'links'].map(async (stage) => [stage, fencesOf(stage, await tx.fences([stage]))] as const),
  );
  return markers.slice(0, mostMarkers).flatMap((marker): GateWait[] => {
    const wait = {
      subject: marker.subject,
      updateTag: Number(marker.tag),
      partition: null,
      offset: null,
      marker: null,
    };
    for (const [stage, fences] of stages) {
      const ahead = firstAhead(marker, fences, low);
      if (ahead !== undefined) return [{ ...wait, until: untilOf(stage, fences, ahead) }];
    }
    return isElseWaiting ? [{ ...wait, until: null }] : [];
  });
}

/** The first partition of a marker's vector that has not been passed. */
function firstAhead(marker: StoredMarker, fences: ReadonlyMap<string, Fence>, low: Low): PartitionEnd | undefined {
  return offsetsOf(marker).find((end) => !isPassed(end, fences, low));
}

/** A record's own node must have been applied in any case. */
function endOf({ partition, offset }: { partition: string; offset: bigint }): PartitionEnd {
  const at = partition.lastIndexOf('/');
  return { topic: partition.slice(0, at), partition: Number(partition.slice(at + 1)), offset: Number(offset) + 1 };
}

function untilOf(stage: string, fences: ReadonlyMap<string, Fence>, end: PartitionEnd): NonNullable<GateWait['until']> {
  const now = fences.get(placeOf(end))?.offset ?? 0n;
  return { stage, partition: placeOf(end), offset: end.offset, now: Number(now) };
}
