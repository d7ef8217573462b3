import { edgeClaim } from '../../../consumers/graph/link-statements.ts';
import { slotOf } from '../../../consumers/graph/names.ts';
import type { StoredMarker } from '../../../consumers/graph/graph.ts';
import { stageOf } from '../../../consumers/stages/links-stage.ts';
import { recordKey } from '../../../schemas/scope.ts';
import type { HistoryEvent } from '../history.ts';
import { assertions, keyOf, type ModelMarker, type ModelRecord, scopeOf } from '../law.ts';
import { nodeKey } from '../memory-graph/nodes.ts';
import type { Change, Store, StoredNode, Tables } from '../memory-graph/store.ts';
import { universe } from '../universe.ts';

interface End {
  topic: string;
  partition: number;
  offset: number;
}

/** What must hold after every commit, whatever comes later. */
export class Invariants {
  readonly violations: string[] = [];
  readonly #store: Store;
  readonly #waitsForMarkers: boolean;
  /** What stands where in the log. */
  readonly #log = new Map<string, HistoryEvent[]>();
  readonly #markers: ModelMarker[] = [];
  /** All that was ever stored: a gate that has opened stays open. */
  readonly #storedMarkers: StoredMarker[] = [];
  readonly #keys = new Map<string, ModelRecord[]>();

  /** `waitsForMarkers`: no gate opens for its timeout. */
  constructor(store: Store, waitsForMarkers: boolean) {
    this.#store = store;
    this.#waitsForMarkers = waitsForMarkers;
  }

  /** Tells of a message that was appended. */
  appended(event: HistoryEvent, { topic, partition }: { topic: string; partition: number }): void {
    const place = `${topic}/${partition}`;
    this.#log.set(place, [...(this.#log.get(place) ?? []), event]);
    if (event.kind === 'scope' && event.outcome === 'complete') this.#markers.push(event.marker);
    if (event.kind !== 'record') return;
    const key = keyOf(event.record);
    this.#keys.set(key, [...(this.#keys.get(key) ?? []), event.record]);
  }

  check(changes: readonly Change[]): void {
    const lost: { type: string; scope: string; id: string; tag: bigint }[] = [];
    for (const change of changes) {
      if (change.table === 'fence') this.#checkFence(change.before, change.after);
      else if (change.table === 'scope') this.#checkWatermarks(change.before, change.after);
      else if (change.table === 'node') lost.push(...recordsOf(change.before));
      else if (change.table === 'marker' && change.after !== undefined) this.#storedMarkers.push(change.after);
      else if (change.table === 'claim' && change.before !== undefined) lost.push(change.before);
    }
    for (const record of lost) this.#checkKept(record);
  }

  /** A fence never passes what was applied, nor a gate. */
  #checkFence(before: Tables['fence'] | undefined, after: Tables['fence'] | undefined): void {
    if (after?.offset === undefined) return;
    const from = before?.offset ?? 0n;
    if (after.offset < from) this.#fail(`the fence of ${after.stage} goes back from ${from} to ${after.offset}`);
    for (let offset = from; offset < after.offset; offset++) {
      const event = this.#log.get(placeOf(after))?.[Number(offset)];
      if (event?.kind !== 'record' || event.fate !== 'good') continue;
      const where = `${after.stage} has passed ${placeOf(after)}@${offset}, ${keyOf(event.record)}`;
      if (after.stage === 'nodes' && !this.#isApplied(event.record)) this.#fail(`${where}, which is not in the graph`);
      if (after.stage !== 'links' && after.stage !== 'cross-links') continue;
      if (!this.#isPassed('nodes', { ...after, offset: Number(offset) + 1 }))
        this.#fail(`${where}, whose node was not made yet`);
      if (this.#waitsForMarkers && !this.#isGateOpen(after.stage, event.record))
        this.#fail(`${where}, before its gate`);
      for (const missing of this.#unlinked(after.stage, event.record)) this.#fail(`${where}, without ${missing}`);
    }
  }

  /** The graph shows or keeps this record or a newer one, or it is dead. */
  #isApplied({ schema, value }: ModelRecord): boolean {
    const [scope, id, tag] = [
      scopeOf({ schema, value }),
      value[schema.idField] as string,
      BigInt(value['updateTag'] as number),
    ];
    const present = this.#present({ type: schema.name, label: schema.label, scope, id });
    return (present !== undefined && present >= tag) || this.#isDead({ type: schema.name, scope, id, tag });
  }

  #present({ type, label, scope, id }: { type: string; label: string; scope: string; id: string }): bigint | undefined {
    const node = this.#store.rows.node.get(nodeKey(label, id));
    const shown = recordsOf(node).find((one) => one.type === type && one.scope === scope);
    return shown?.tag ?? this.#store.rows.claim.get(recordKey(type, scope, id))?.tag;
  }

  #isDead({ type, scope, id, tag }: { type: string; scope: string; id: string; tag: bigint }): boolean {
    return this.#markers.some(
      (marker) =>
        marker.scope === scope &&
        BigInt(marker.tag) > tag &&
        marker.recordTypes.some(({ name, complete, withheld }) => name === type && complete && !withheld.includes(id)),
    );
  }

  /** Nothing is deleted outside a complete scope. */
  #checkKept(record: { type: string; scope: string; id: string; tag: bigint }): void {
    const { label } = universe.find(({ name }) => name === record.type)!;
    const now = this.#present({ ...record, label });
    if ((now === undefined || now < record.tag) && !this.#isDead(record))
      this.#fail(`${recordKey(record.type, record.scope, record.id)}@${record.tag} is gone, and is not dead`);
  }

  /** Cleanup never runs before its gate: nodes and links have applied what the marker covers. */
  #checkWatermarks(before: Tables['scope'] | undefined, after: Tables['scope'] | undefined): void {
    for (const [type, { tag }] of after?.watermarks ?? []) {
      if (before?.watermarks.get(type)?.tag === tag) continue;
      const open = this.#storedMarkers.some(
        (marker) =>
          marker.subject === after!.scope &&
          marker.tag === tag &&
          marker.value['outcome'] === 'complete' &&
          offsetsOf(marker).every((end) => this.#isPassed('nodes', end) && this.#isPassed('links', end)),
      );
      if (!open) this.#fail(`${after!.scope} is cleaned to ${tag} for ${type} before its gate`);
    }
  }

  #isGateOpen(stage: 'links' | 'cross-links', record: ModelRecord): boolean {
    const tag = BigInt(record.value['updateTag'] as number);
    const owner = scopeOf(record)
      .split('/')
      .slice(0, record.schema.kind === 'asset' ? 1 : 2)
      .join('/');
    return this.#storedMarkers.some(
      (marker) =>
        marker.tag >= tag &&
        (marker.kind === 'run' ||
          (stage === 'links' && marker.subject === owner && ['account', 'hierarchy'].includes(marker.kind))) &&
        offsetsOf(marker).every((end) => this.#isPassed('nodes', end)),
    );
  }

  #isPassed(stage: string, { topic, partition, offset }: End): boolean {
    return (this.#store.rows.fence.get(`${stage}|${topic}|${partition}`)?.offset ?? 0n) >= BigInt(offset);
  }

  /** What the record asserts, if it is the present one, and is neither an edge nor a pending reference. */
  #unlinked(stage: 'links' | 'cross-links', record: ModelRecord): string[] {
    const { schema, value } = record;
    const [scope, id, tag] = [scopeOf(record), value[schema.idField] as string, BigInt(value['updateTag'] as number)];
    const isAmbiguous = this.#keys
      .get(keyOf(record))!
      .some((other) => other !== record && other.value['updateTag'] === value['updateTag']);
    if (isAmbiguous || this.#present({ type: schema.name, label: schema.label, scope, id }) !== tag) return [];
    const own = nodeKey(schema.label, id);
    return assertions(record)
      .filter(({ relationship }) => stageOf(relationship) === stage)
      .filter(({ relationship, values }) => {
        const by = edgeClaim(schema.name, relationship, scope);
        const isPending = [...this.#store.rows.reference.values()].some(
          (one) =>
            one.claim === keyOf(record) && one.stage === stage && one.values.every((value, i) => value === values[i]),
        );
        const isEdge = [...this.#store.rows.edge.values()].some((edge) => {
          const [mine, other] = relationship.direction === 'out' ? [edge.from, edge.to] : [edge.to, edge.from];
          const props = this.#store.rows.node.get(other)?.props ?? {};
          return (
            edge.type === relationship.type &&
            mine === own &&
            edge.by.includes(by) &&
            relationship.match.every(({ property }, i) => props[property] === values[i])
          );
        });
        return !isPending && !isEdge;
      })
      .map(({ relationship, values }) => `${relationship.type} ${values.join()}`);
  }

  #fail(violation: string): void {
    this.violations.push(violation);
  }
}

function recordsOf(node: StoredNode | undefined): { type: string; scope: string; id: string; tag: bigint }[] {
  if (node === undefined) return [];
  return universe.flatMap(({ name, label }) => {
    const slot = slotOf(name);
    const scope = node.props[slot.scope] as string | undefined;
    if (label !== node.label || scope === undefined) return [];
    return { type: name, scope, id: node.id, tag: node.props[slot.tag] as bigint };
  });
}

function placeOf({ topic, partition }: { topic: string; partition: number }): string {
  return `${topic}/${partition}`;
}

function offsetsOf(marker: StoredMarker): End[] {
  return marker.value['offsets'] as End[];
}
