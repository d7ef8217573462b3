import type { Logger } from 'pino';
import { type Metrics, noMetrics } from '../../platform/telemetry/metrics.ts';
import { redrivenNote } from '../analysis/note.ts';
import type { RecordSchema } from '../../schemas/record-schema.ts';
import type {
  Graph,
  GraphTransaction,
  InboundEdge,
  PendingReference,
  StaleRecord,
  StoredMarker,
  Watermark,
} from '../graph/graph.ts';
import { classifyFailure } from '../graph/failure.ts';
import { edgeClaim, groupOf } from '../graph/link-statements.ts';
import { pendingReference } from '../graph/references.ts';
import { recordKey } from '../../schemas/scope.ts';
import { type GateOptions, passing } from '../runner/gate.ts';
import { stageOf, type LinkStageName, type SchemaLookup } from '../stages/links-stage.ts';
import { mergeWatermark } from './watermark.ts';

/** Stages whose chunks must not run beside a deletion: they could make an edge to a node that goes. */
const applyingStages = ['nodes', 'links', 'cross-links'] as const;

export interface CleanerOptions {
  graph: Graph;
  lookup: SchemaLookup;
  /** The record type of a short name, as known at `asOf` (ms) or later. */
  called(short: string, asOf: number): Promise<RecordSchema | undefined>;
  low: GateOptions['low'];
  /** Dead records per transaction. Default 2,000. */
  batchRecords?: number;
  /** Default: none. */
  metrics?: Metrics;
  /** Markers that a round looks at. Default 5,000: a large run has hundreds of thousands, each with its offsets. */
  markersPerRound?: number;
  logger: Logger;
}

interface RecordTypeCount {
  name: string;
  records: number;
  complete: boolean;
  withheld?: string[];
}

/** What one round did. */
export interface CleanupRound {
  done: number;
  incomplete: number;
  /** Markers whose gate is closed. */
  waiting: number;
  /** Whether there are more markers, at which the next round looks. */
  hasMore: boolean;
  deletedNodes: number;
}

/**
 * Acts on stored markers: for each complete scope whose records have passed the nodes and links stages, checks that the
 * graph holds what the marker counted, then deletes what is older. Hierarchies come first. A round looks at some markers,
 * by key, and the next one at those behind them.
 */
export class Cleaner {
  readonly #options: CleanerOptions;
  /** The key of the last marker that was looked at; the next round goes on behind it. */
  #lookedAt = '';

  constructor(options: CleanerOptions) {
    this.#options = options;
  }

  async round(): Promise<CleanupRound> {
    const { graph, low, markersPerRound = 5_000 } = this.#options;
    const { markers, fences } = await graph.transact(async (tx) => ({
      markers: await tx.pendingMarkers(this.#lookedAt, markersPerRound),
      fences: await tx.fences(['nodes', 'links']),
    }));
    const open = markers.filter(passing(['nodes', 'links'], fences, low));
    const hasMore = markers.length === markersPerRound;
    this.#lookedAt = hasMore ? markers.at(-1)!.key : '';
    const waiting = markers.length - open.length;
    const round: CleanupRound = { done: 0, incomplete: 0, waiting, hasMore, deletedNodes: 0 };
    const [hierarchies, scopes] = [true, false].map((isHierarchy) =>
      open.filter(({ kind }) => (kind === 'hierarchy') === isHierarchy),
    );
    for (const batch of [...newestFirst(hierarchies!), ...newestFirst(scopes!)]) await this.#clean(batch, round);
    return round;
  }

  async #clean(markers: readonly StoredMarker[], round: CleanupRound): Promise<void> {
    const { graph, logger, metrics = noMetrics } = this.#options;
    const schemas = await this.#schemasOf(markers);
    const lacking = await this.#findLacking(markers, schemas);
    for (const [marker, problem] of lacking) {
      if (marker.state !== 'waiting') continue;
      logger.error({ scope: marker.subject, tag: Number(marker.tag) }, `the scope is not cleaned: ${problem}`);
      metrics.add('cartography_stream_cleaned_scopes_total', { result: 'incomplete' });
    }
    await graph.transact((tx) =>
      tx.settleMarkers(
        [...lacking.keys()].map(({ key }) => key),
        'incomplete',
      ),
    );
    // An older copy of a sibling's schema might lack what the graph shows of it.
    const asOf = Date.now();
    const whole = markers.filter((marker) => !lacking.has(marker));
    if (whole.length > 0) {
      const watermarks = await this.#raise(whole, schemas);
      await this.#outwaitChunks();
      for (const [schema, deadlines] of await this.#findStale(schemas, watermarks)) {
        const deleted = await this.#sweep(schema, deadlines, asOf);
        metrics.add('cartography_stream_deleted_nodes_total', {}, deleted);
        round.deletedNodes += deleted;
      }
      await graph.transact(async (tx) => {
        await tx.noteApplied(whole.map(({ subject, tag, value }) => ({ scope: subject, tag, asOf: beginOf(value) })));
        // The account's derived values were made without what has been redriven since.
        const redriven = whole.filter(({ state }) => state === 'incomplete');
        const nodes = redriven.length === 0 ? [] : await tx.fences(['nodes']);
        await tx.storeMarkers(redriven.map((marker) => redrivenNote(marker, nodes)));
        await tx.settleMarkers(
          whole.map(({ key }) => key),
          'done',
        );
      });
      metrics.add('cartography_stream_cleaned_scopes_total', { result: 'done' }, whole.length);
      for (const { value } of whole) {
        const latency = Math.max(0, Date.now() - (value['endedAt'] as number)) / 1_000;
        metrics.observe('cartography_stream_scope_latency_seconds', {}, latency);
      }
    }
    round.done += whole.length;
    round.incomplete += lacking.size;
  }

  async #schemasOf(markers: readonly StoredMarker[]): Promise<Map<string, RecordSchema>> {
    const schemas = new Map<string, RecordSchema>();
    for (const name of new Set(markers.flatMap((marker) => typesOf(marker).map(({ name }) => name)))) {
      const schema = await this.#options.lookup(name);
      if (schema !== undefined) schemas.set(name, schema);
    }
    await this.#options.graph.prepare([...schemas.values()]);
    return schemas;
  }

  /** The end-to-end check: a scope whose records are not all in the graph is left alone. */
  async #findLacking(
    markers: readonly StoredMarker[],
    schemas: ReadonlyMap<string, RecordSchema>,
  ): Promise<Map<StoredMarker, string>> {
    const lacking = new Map<StoredMarker, string>();
    for (const marker of markers) {
      const unknown = typesOf(marker).find(({ name, records }) => records > 0 && !schemas.has(name));
      if (unknown !== undefined)
        lacking.set(
          marker,
          `records of ${unknown.name} were sent, and the registry has no schema of it that can be used`,
        );
    }
    await this.#options.graph.transact(async (tx) => {
      const watermarks = await tx.allWatermarks(
        [...schemas.values()],
        [...new Set(markers.map(({ subject }) => subject))],
      );
      const counting = [...schemas].map(async ([name, schema]) => {
        // What a later marker has declared dead already is not lacking.
        const isOvertaken = ({ subject, tag }: StoredMarker): boolean =>
          tag < (watermarks.get(name)?.get(subject)?.tag ?? 0n);
        const counted = markers.filter((marker) => (typeOf(marker, name)?.records ?? 0) > 0 && !isOvertaken(marker));
        const present = await tx.countRecords(
          schema,
          counted.map(({ subject, tag }) => ({ scope: subject, tag })),
        );
        for (const marker of counted) {
          const [expected, found] = [typeOf(marker, name)!.records, present.get(marker.subject) ?? 0];
          if (found < expected)
            lacking.set(
              marker,
              `${expected} records of ${name} were sent, the graph has ${found}; look into the dead-letter topic`,
            );
        }
      });
      await Promise.all(counting);
    });
    return lacking;
  }

  /** A transaction of the nodes stage that begins once this is committed makes no dead node: it reads the watermarks behind its fences. */
  async #raise(
    markers: readonly StoredMarker[],
    schemas: ReadonlyMap<string, RecordSchema>,
  ): Promise<Map<string, Map<string, Watermark>>> {
    return this.#options.graph.transact(async (tx) => {
      await tx.lockStage('nodes');
      const scopes = [...new Set(markers.map(({ subject }) => subject))];
      const watermarks = await tx.allWatermarks([...schemas.values()], scopes);
      for (const marker of markers) {
        for (const { name, complete, withheld = [] } of typesOf(marker)) {
          const current = watermarks.get(name);
          if (!complete || current === undefined) continue;
          current.set(marker.subject, mergeWatermark(current.get(marker.subject), { tag: marker.tag, withheld }));
        }
      }
      await tx.raiseWatermarks(watermarks);
      return watermarks;
    });
  }

  /** Those of the nodes stage that began before. Each fence by itself: no partition waits for the chunk of another one. */
  async #outwaitChunks(): Promise<void> {
    const { graph } = this.#options;
    const fences = await graph.transact((tx) => tx.fences(['nodes']));
    await Promise.all(fences.map((fence) => graph.transact((tx) => tx.lockFences([fence]))));
  }

  /** The record types that have dead records, with the watermarks of their scopes. */
  async #findStale(
    schemas: ReadonlyMap<string, RecordSchema>,
    watermarks: ReadonlyMap<string, ReadonlyMap<string, Watermark>>,
  ): Promise<[RecordSchema, ReadonlyMap<string, Watermark>][]> {
    return this.#options.graph.transact(async (tx) => {
      const looking = [...schemas].map(
        async ([name, schema]): Promise<[RecordSchema, ReadonlyMap<string, Watermark>][]> => {
          const deadlines = watermarks.get(name);
          return deadlines !== undefined && (await tx.hasStale(schema, deadlines)) ? [[schema, deadlines]] : [];
        },
      );
      return (await Promise.all(looking)).flat();
    });
  }

  async #sweep(schema: RecordSchema, watermarks: ReadonlyMap<string, Watermark>, asOf: number): Promise<number> {
    const { batchRecords = 2_000 } = this.#options;
    let deleted = 0;
    let limit = batchRecords;
    for (let more = true; more;) {
      try {
        const gone = await this.#sweepOnce(schema, watermarks, limit, asOf);
        more = gone.records >= limit;
        deleted += gone.nodes;
      } catch (error) {
        if (!['too-large', 'overload'].includes(classifyFailure(error)) || limit === 1) throw error;
        limit = Math.ceil(limit / 2);
      }
    }
    return deleted;
  }

  /** Forgets as many dead records as `stale` gives, all of them if they are fewer than the limit; returns how many, and the nodes that went with them. */
  async #sweepOnce(
    schema: RecordSchema,
    watermarks: ReadonlyMap<string, Watermark>,
    limit: number,
    asOf: number,
  ): Promise<{ records: number; nodes: number }> {
    return this.#options.graph.transact(async (tx) => {
      await tx.stopStages(applyingStages);
      const records = await tx.stale(schema, watermarks, limit);
      await tx.withdraw(schema, records);
      const dying = await tx.vacate(schema, records, await this.#siblings(tx, schema, records, asOf));
      for (const edge of await tx.inbound(schema.label, dying)) await this.#keepReferences(tx, edge);
      await tx.deleteNodes(schema.label, dying);
      return { records: records.length, nodes: dying.length };
    });
  }

  /** Other record types that these nodes show: what they set stays when a record of this type goes. */
  async #siblings(
    tx: GraphTransaction,
    schema: RecordSchema,
    records: readonly StaleRecord[],
    asOf: number,
  ): Promise<RecordSchema[]> {
    const shown = records.filter((record) => record.shown).map(({ id }) => id);
    const siblings: RecordSchema[] = [];
    for (const short of await tx.alsoShown(schema, [...new Set(shown)])) {
      const sibling = await this.#options.called(short, asOf);
      if (sibling === undefined)
        this.#options.logger.warn({ recordType: short }, 'nodes show a record type that the registry does not know');
      else siblings.push(sibling);
    }
    return siblings;
  }

  /** Records that still assert an edge to a node that goes must find it again when it comes back. */
  async #keepReferences(tx: GraphTransaction, edge: InboundEdge): Promise<void> {
    const pending = new Map<LinkStageName, PendingReference[]>();
    for (const { claim, tag } of edge.by) {
      const [recordType, scope] = [claim.slice(0, claim.indexOf('|') - 1), claim.slice(claim.indexOf('|') + 1)];
      const schema = await this.#options.lookup(recordType);
      for (const relationship of schema?.relationships ?? []) {
        if (
          edgeClaim(recordType, relationship, scope) !== claim ||
          groupOf(relationship) !== `${edge.type}${edge.direction === 'out' ? '>' : '<'}`
        )
          continue;
        const values = relationship.match.map(({ property }) => edge.node.properties[property]);
        if (!edge.node.labels.includes(relationship.label) || values.some((value) => value === undefined)) continue;
        const props = Object.fromEntries(
          relationship.properties.map(({ property }) => [property, edge.props[property] ?? null]),
        );
        const row = {
          id: edge.id,
          claim: recordKey(recordType, scope, edge.id),
          scope,
          tag,
          values: values as PendingReference['values'],
          props,
        };
        const stage = stageOf(relationship);
        pending.set(stage, [...(pending.get(stage) ?? []), pendingReference(schema!, relationship, row)]);
      }
    }
    for (const [stage, references] of pending) await tx.addReferences(stage, references);
  }
}

/** By tag. What a later run has overtaken is found to be so, and not to lack what that one has deleted. */
function newestFirst(markers: readonly StoredMarker[]): StoredMarker[][] {
  const byTag = Map.groupBy(markers, ({ tag }) => tag);
  return [...byTag].sort(([a], [b]) => Number(b - a)).map(([, ofTag]) => ofTag);
}

/** A hierarchy's marker only says when its reading had ended. */
function beginOf(value: StoredMarker['value']): number {
  return (value['startedAt'] ?? value['endedAt']) as number;
}

function typesOf(marker: StoredMarker): RecordTypeCount[] {
  return marker.value['recordTypes'] as RecordTypeCount[];
}

function typeOf(marker: StoredMarker, name: string): RecordTypeCount | undefined {
  return typesOf(marker).find((one) => one.name === name);
}
