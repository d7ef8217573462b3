import type {
  AppliedScope,
  Fence,
  FenceKey,
  PendingReference,
  ReferenceKind,
  ScopeNote,
  MarkerFilter,
  StoredMarker,
  Watermark,
} from '../../../consumers/graph/graph.ts';
import type { RecordSchema } from '../../../schemas/record-schema.ts';
import { accountOfScope } from '../../../schemas/scope.ts';
import { failure, type StoreTransaction, type StoredReference, type Table, type Tables } from './store.ts';

export interface Surroundings {
  /** Awaited before each statement and each lock. */
  turn(): Promise<void>;
  /** Thrown by each statement that it says so of. */
  failStatement(): Error | undefined;
  /** What writing to an entry does that another transaction deleted after it was found: an error, or nothing. */
  goneIsSilent: boolean;
}

/** Fences, watermarks, pending references and markers: GraphTransaction's methods that touch no node and no edge. */
export abstract class BookkeepingStatements {
  protected readonly tx: StoreTransaction;
  readonly #surroundings: Surroundings;

  constructor(tx: StoreTransaction, surroundings: Surroundings) {
    this.tx = tx;
    this.#surroundings = surroundings;
  }

  async lockFences(keys: readonly FenceKey[]): Promise<(Fence | undefined)[]> {
    await this.statement();
    for (const key of sorted(keys, fenceId)) {
      await this.lock('fence', fenceId(key));
      if (this.tx.get('fence', fenceId(key)) === undefined) this.tx.put('fence', fenceId(key), key);
    }
    return keys.map((key) => {
      const fence = this.tx.get('fence', fenceId(key))!;
      return isMoved(fence) ? fence : undefined;
    });
  }

  async moveFences(fences: readonly Fence[]): Promise<void> {
    await this.statement();
    for (const fence of sorted(fences, fenceId))
      await this.set('fence', fenceId(fence), (known) => ({ ...known, ...fence }));
  }

  async fences(stages: readonly string[]): Promise<Fence[]> {
    await this.statement();
    return this.tx
      .all('fence')
      .filter(isMoved)
      .filter(({ stage }) => stages.includes(stage));
  }

  async stopStages(stages: readonly string[]): Promise<void> {
    await this.statement();
    for (const stage of stages.toSorted()) await this.lock('fence', stage);
    const found = this.tx.all('fence').filter(({ stage }) => stages.includes(stage));
    for (const fence of sorted(found, fenceId)) await this.lock('fence', fenceId(fence));
  }

  async lockStage(stage: string): Promise<void> {
    await this.statement();
    await this.lock('fence', stage);
  }

  async watermarksOf(
    wanted: ReadonlyMap<RecordSchema, ReadonlySet<string>>,
  ): Promise<Map<RecordSchema, Map<string, Watermark>>> {
    await this.statement();
    return new Map([...wanted].map(([schema, scopes]) => [schema, this.#watermarks(schema, scopes)]));
  }

  async watermarks(schema: RecordSchema, scopes: readonly string[]): Promise<Map<string, Watermark>> {
    return (await this.watermarksOf(new Map([[schema, new Set(scopes)]]))).get(schema)!;
  }

  async allWatermarks(
    schemas: readonly RecordSchema[],
    scopes: readonly string[],
  ): Promise<Map<string, Map<string, Watermark>>> {
    const found = await this.watermarksOf(new Map(schemas.map((schema) => [schema, new Set(scopes)])));
    return new Map([...found].map(([{ name }, watermarks]) => [name, watermarks]));
  }

  #watermarks(schema: RecordSchema, scopes: ReadonlySet<string>): Map<string, Watermark> {
    return new Map(
      [...scopes].flatMap((scope) => {
        const watermark = this.tx.get('scope', scope)?.watermarks.get(schema.name);
        return watermark === undefined ? [] : [[scope, watermark]];
      }),
    );
  }

  async raiseWatermarks(raised: ReadonlyMap<string, ReadonlyMap<string, Watermark>>): Promise<void> {
    await this.statement();
    for (const scope of new Set([...raised.values()].flatMap((watermarks) => [...watermarks.keys()]))) {
      await this.lock('scope', scope);
      const known = this.tx.get('scope', scope);
      const ours = [...raised].flatMap(([recordType, watermarks]): [string, Watermark][] => {
        const watermark = watermarks.get(scope);
        return watermark === undefined ? [] : [[recordType, watermark]];
      });
      this.tx.put('scope', scope, { scope, ...known, watermarks: new Map([...(known?.watermarks ?? []), ...ours]) });
    }
  }

  async replaceReferences(
    stage: string,
    claims: readonly string[],
    pending: readonly PendingReference[],
  ): Promise<void> {
    await this.statement();
    const keep = new Set(pending.map(referenceKey));
    const ours = new Set(claims);
    for (const reference of this.tx.all('reference'))
      if (reference.stage === stage && ours.has(reference.claim) && !keep.has(reference.key))
        await this.delete('reference', reference.key);
    await this.addReferences(stage, pending);
  }

  async addReferences(stage: string, pending: readonly PendingReference[]): Promise<void> {
    await this.statement();
    for (const target of new Set(pending.map(({ match }) => match.slice(0, match.indexOf('|'))))) {
      await this.lock('referenceKind', `${stage}|${target}`);
      this.tx.put('referenceKind', `${stage}|${target}`, { stage, target });
    }
    await this.statement();
    for (const one of sorted(pending, referenceKey)) {
      const reference: StoredReference = { ...one, stage, key: referenceKey(one) };
      await this.lock('reference', reference.key);
      this.tx.put('reference', reference.key, reference);
    }
  }

  async dropReferences(_stage: string, pending: readonly PendingReference[]): Promise<void> {
    await this.statement();
    for (const key of pending.map(referenceKey).sort()) await this.delete('reference', key);
  }

  async referenceKinds(stage: string): Promise<ReferenceKind[]> {
    await this.statement();
    return this.tx
      .all('referenceKind')
      .filter((kind) => kind.stage === stage)
      .map(({ target }) => {
        const [label, properties] = target.split('.') as [string, string];
        return { label, properties: properties.split(',') };
      });
  }

  async references(stage: string, matches: readonly string[]): Promise<PendingReference[]> {
    await this.statement();
    return this.tx
      .all('reference')
      .filter((reference) => reference.stage === stage && matches.includes(reference.match));
  }

  async storeMarkers(markers: readonly StoredMarker[]): Promise<void> {
    await this.statement();
    for (const marker of markers) {
      await this.lock('marker', marker.key);
      this.tx.put('marker', marker.key, marker);
    }
  }

  async markers(filter: MarkerFilter): Promise<StoredMarker[]> {
    await this.statement();
    return this.tx
      .all('marker')
      .filter(
        ({ kind, state, tag }) =>
          filter.kind === kind &&
          (filter.state === undefined || filter.state === state) &&
          (filter.tag === undefined || filter.tag === tag),
      )
      .sort((a, b) => Number(a.tag - b.tag) || (a.key < b.key ? -1 : 1));
  }

  async pendingMarkers(after: string, limit: number): Promise<StoredMarker[]> {
    await this.statement();
    return this.tx
      .all('marker')
      .filter(({ key, kind, state }) => ['scope', 'hierarchy'].includes(kind) && state !== 'done' && key > after)
      .sort((a, b) => (a.key < b.key ? -1 : 1))
      .slice(0, limit);
  }

  async markersOf(keys: readonly string[]): Promise<StoredMarker[]> {
    await this.statement();
    return keys.flatMap((key) => this.tx.get('marker', key) ?? []);
  }

  async countPendingMarkers(tag?: bigint): Promise<{ waiting: number; incomplete: string[] }> {
    await this.statement();
    const pending = this.tx
      .all('marker')
      .filter((marker) => ['scope', 'hierarchy'].includes(marker.kind) && (tag === undefined || marker.tag === tag));
    const subjects = pending.filter(({ state }) => state === 'incomplete').map(({ subject }) => subject);
    return { waiting: pending.filter(({ state }) => state === 'waiting').length, incomplete: subjects.sort() };
  }

  async countWaitingAnalyses(tag?: bigint): Promise<number> {
    const waiting = await this.markers({ kind: 'analysis', state: 'waiting', ...(tag === undefined ? {} : { tag }) });
    return new Set(waiting.map(({ subject }) => subject)).size;
  }

  async oldestWaiting(subjects: readonly string[]): Promise<Map<string, bigint>> {
    await this.statement();
    const waiting = this.tx
      .all('marker')
      .filter(({ kind, state }) => ['scope', 'hierarchy'].includes(kind) && state === 'waiting');
    const newestFirst = waiting
      .sort((a, b) => Number(a.tag - b.tag))
      .toReversed()
      .map(({ subject, tag }) => [accountOfScope(subject) ?? subject, tag] as const);
    return new Map(newestFirst.filter(([subject]) => subjects.includes(subject)));
  }

  async earliestMarkers(
    kind: StoredMarker['kind'],
    wanted: readonly { subject: string; tag: bigint }[],
  ): Promise<(StoredMarker | undefined)[]> {
    const markers = await this.markers({ kind });
    return wanted.map(({ subject, tag }) =>
      markers.find((marker) => marker.kind === kind && marker.subject === subject && marker.tag >= tag),
    );
  }

  async settleMarkers(keys: readonly string[], state: 'incomplete' | 'done'): Promise<void> {
    await this.statement();
    for (const key of keys) await this.set('marker', key, (marker) => ({ ...marker, state }));
    if (state !== 'done') return;
    await this.statement();
    for (const key of keys)
      if (['scope', 'analysis'].includes(this.tx.get('marker', key)?.kind ?? '')) await this.delete('marker', key);
  }

  async forgetAccountMarkers(before: ReadonlyMap<string, bigint>, keep: number): Promise<void> {
    for (const [subject, tag] of before) {
      const own = (await this.markers({ kind: 'account' })).filter((marker) => marker.subject === subject);
      const asked = await this.markers({ kind: 'analysis' });
      const isAsked = (marker: StoredMarker): boolean =>
        asked.some((note) => note.subject === subject && note.tag === marker.tag);
      const old = own.toReversed().slice(keep);
      for (const marker of old) if (marker.tag < tag && !isAsked(marker)) await this.delete('marker', marker.key);
    }
  }

  async noteScopes(scopes: readonly ScopeNote[]): Promise<void> {
    await this.statement();
    for (const note of scopes) {
      await this.lock('scope', note.scope);
      const known: Tables['scope'] = this.tx.get('scope', note.scope) ?? { scope: note.scope, watermarks: new Map() };
      this.tx.put('scope', note.scope, (known.note?.tag ?? -1n) <= note.tag ? { ...known, note } : known);
    }
  }

  async noteApplied(scopes: readonly AppliedScope[]): Promise<void> {
    await this.statement();
    for (const applied of scopes) {
      await this.lock('scope', applied.scope);
      const known: Tables['scope'] = this.tx.get('scope', applied.scope) ?? {
        scope: applied.scope,
        watermarks: new Map(),
      };
      this.tx.put('scope', applied.scope, (known.applied?.tag ?? -1n) <= applied.tag ? { ...known, applied } : known);
    }
  }

  /** One statement begins. */
  protected async statement(): Promise<void> {
    await this.#surroundings.turn();
    const error = this.#surroundings.failStatement();
    if (error !== undefined) throw error;
  }

  protected async lock(table: Table, key: string): Promise<void> {
    await this.tx.lock(table, key);
  }

  /** Changes what a statement has found, if it is still there once it is locked. Says whether it was. */
  protected async set<T extends Table>(table: T, key: string, change: (now: Tables[T]) => Tables[T]): Promise<boolean> {
    if (this.tx.get(table, key) === undefined) return false;
    await this.lock(table, key);
    const now = this.tx.get(table, key);
    if (now === undefined) return this.gone();
    this.tx.put(table, key, change(now));
    return true;
  }

  protected async delete(table: Table, key: string): Promise<void> {
    if (this.tx.get(table, key) === undefined) return;
    await this.lock(table, key);
    this.tx.put(table, key, undefined);
  }

  protected gone(): false {
    if (this.#surroundings.goneIsSilent) return false;
    throw failure('Neo.ClientError.Statement.EntityNotFound');
  }
}

function isMoved(fence: Tables['fence']): fence is Fence {
  return fence.offset !== undefined;
}

export function fenceId({ stage, topic, partition }: FenceKey): string {
  return `${stage}|${topic}|${partition}`;
}

function referenceKey({ claim, signature, values }: PendingReference): string {
  return `${claim}|${signature}|${JSON.stringify(values)}`;
}

export function sorted<T>(items: readonly T[], key: (item: T) => string): T[] {
  return items.toSorted((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}
