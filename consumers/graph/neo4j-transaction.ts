import type { RecordSchema, Relationship } from '../../schemas/record-schema.ts';
import { cleanupStatements, countClaims, staleClaims } from './cleanup-statements.ts';
import { partsOfScope } from '../../schemas/scope.ts';
import type {
  AppliedScope,
  Fence,
  FenceKey,
  GraphTransaction,
  HeldEdges,
  HeldRow,
  InboundEdge,
  LinkRow,
  MarkerFilter,
  PendingReference,
  ReferenceKind,
  ScopeNote,
  StaleRecord,
  StoredMarker,
  Upserted,
  Watermark,
} from './graph.ts';
import { contentOf } from './content.ts';
import { KEEP_PLAN, type Run } from './cypher-graph.ts';
import { integer } from './integer.ts';
import { assertionsOf, edgeClaim, linkStatements, locate } from './link-statements.ts';
import { Label, quote, watermarkOf, shortName, shownIn, slotOf, writtenProperties } from './names.ts';
import { claimedNode, nodeBatch, nodeStatements, type NodeStatements } from './node-statements.ts';
import { edgeProperties, matchValue, type Row } from './row.ts';

const written = { module: 'cartography:aws', version: '0.1.0' };
const nodes = new WeakMap<RecordSchema, NodeStatements>();

/** The Cypher side of GraphTransaction. Rows are sorted by what they lock, so that transactions lock in one order. */
export class Neo4jTransaction implements GraphTransaction {
  readonly #run: Run;
  /** Nodes that this transaction has found: their element ids, by statement and values. */
  readonly #located = new Map<string, Map<string, string[]>>();

  constructor(run: Run) {
    this.#run = run;
  }

  async lockFences(keys: readonly FenceKey[]): Promise<(Fence | undefined)[]> {
    const rows = await this.#rows<{ id: string; offset: number | null; topicId: string; round: number }>(
      `UNWIND $batch.rows AS row
       MERGE (f:${Label.fence} {id: row.id})
       ON CREATE SET f.stage = row.stage, f.topic = row.topic, f.partition = row.partition
       SET f.usedAt = timestamp()
       RETURN row.id AS id, f.offset AS offset, f.topicId AS topicId, coalesce(f.round, 0) AS round`,
      byId(keys.map((key) => ({ id: fenceId(key), ...key, partition: BigInt(key.partition) }))),
    );
    const found = new Map(rows.map((row) => [row.id, row]));
    return keys.map((key) => {
      const { offset, topicId, round } = found.get(fenceId(key))!;
      return offset === null ? undefined : { ...key, offset: BigInt(offset), topicId, round: BigInt(round) };
    });
  }

  async moveFences(fences: readonly Fence[]): Promise<void> {
    await this.#rows(
      `UNWIND $batch.rows AS row
       MATCH (f:${Label.fence} {id: row.id}) SET f.offset = row.offset, f.topicId = row.topicId, f.round = coalesce(row.round, f.round)`,
      byId(fences.map(({ offset, topicId, round = null, ...key }) => ({ id: fenceId(key), offset, topicId, round }))),
    );
  }

  async fences(stages: readonly string[]): Promise<Fence[]> {
    const rows = await this.#run<{ stage: string; topic: string; partition: number; offset: number; topicId: string }>(
      `MATCH (f:${Label.fence}) WHERE f.stage IN $stages AND f.offset IS NOT NULL
       RETURN f.stage AS stage, f.topic AS topic, f.partition AS partition, f.offset AS offset, f.topicId AS topicId`,
      { stages },
    );
    return rows.map((row) => ({ ...row, offset: BigInt(row.offset) }));
  }

  async stopStages(stages: readonly string[]): Promise<void> {
    await this.#run(
      `UNWIND $stages AS stage MERGE (s:${Label.fence} {id: stage}) SET s.id = s.id WITH count(*) AS stages
       MATCH (f:${Label.fence}) WHERE f.stage IN $stages WITH f ORDER BY f.id SET f.id = f.id`,
      { stages: stages.toSorted(compare) },
    );
  }

  async lockStage(stage: string): Promise<void> {
    await this.#run(`MERGE (s:${Label.fence} {id: $stage}) SET s.id = s.id`, { stage });
  }

  async watermarks(schema: RecordSchema, scopes: readonly string[]): Promise<Map<string, Watermark>> {
    return (await this.watermarksOf(new Map([[schema, new Set(scopes)]]))).get(schema)!;
  }

  async watermarksOf(
    wanted: ReadonlyMap<RecordSchema, ReadonlySet<string>>,
  ): Promise<Map<RecordSchema, Map<string, Watermark>>> {
    const schemas = [...wanted.keys()];
    const rows = schemas.flatMap((schema, i) =>
      [...wanted.get(schema)!].map((scope) => ({ i: BigInt(i), scope, ...watermarkOf(schema.name) })),
    );
    const found = await this.#rows<{ i: number; scope: string; tag: number; withheld: string | null }>(
      `UNWIND $batch.rows AS row MATCH (s:${Label.scope} {id: row.scope}) WHERE s[row.tag] IS NOT NULL
       RETURN row.i AS i, row.scope AS scope, s[row.tag] AS tag, s[row.withheld] AS withheld`,
      rows,
    );
    const watermarks = new Map<RecordSchema, Map<string, Watermark>>(schemas.map((schema) => [schema, new Map()]));
    for (const { i, scope, tag, withheld } of found)
      watermarks.get(schemas[i]!)!.set(scope, { tag: BigInt(tag), withheld: parseWithheld(withheld) });
    return watermarks;
  }

  async allWatermarks(
    schemas: readonly RecordSchema[],
    scopes: readonly string[],
  ): Promise<Map<string, Map<string, Watermark>>> {
    const rows = await this.#rows<{ scope: string; all: Record<string, unknown> }>(
      `UNWIND $batch.rows AS scope MATCH (s:${Label.scope} {id: scope}) RETURN scope, s{.*} AS all`,
      scopes,
    );
    return new Map(
      schemas.map(({ name }) => {
        const { tag, withheld } = watermarkOf(name);
        const known = rows.filter(({ all }) => all[tag] !== undefined);
        return [
          name,
          new Map(
            known.map(({ scope, all }) => [
              scope,
              { tag: BigInt(all[tag] as number), withheld: parseWithheld((all[withheld] ?? null) as string | null) },
            ]),
          ),
        ];
      }),
    );
  }

  async raiseWatermarks(raised: ReadonlyMap<string, ReadonlyMap<string, Watermark>>): Promise<void> {
    const sets = new Map<string, Record<string, unknown>>();
    for (const [recordType, watermarks] of raised) {
      const names = watermarkOf(recordType);
      for (const [scope, { tag, withheld }] of watermarks) {
        const floors = [...withheld].map(([id, floor]) => [id, String(floor)] as const);
        sets.set(scope, {
          ...sets.get(scope),
          [names.tag]: tag,
          [names.withheld]: floors.length === 0 ? null : JSON.stringify(Object.fromEntries(floors)),
        });
      }
    }
    await this.#rows(
      `UNWIND $batch.rows AS row MERGE (s:${Label.scope} {id: row.scope}) SET s += row.set`,
      [...sets].map(([scope, set]) => ({ scope, set })).sort((a, b) => compare(a.scope, b.scope)),
    );
  }

  async lockNodes(label: string, ids: readonly string[]): Promise<void> {
    await this.#rows(
      `UNWIND $batch.rows AS id MERGE (n:${quote(label)} {id: id})
       ON CREATE SET n.firstseen = timestamp(), n._module_name = $module, n._module_version = $version
       ON MATCH SET n.firstseen = n.firstseen`,
      [...new Set(ids)].sort(compare),
      written,
    );
  }

  async shownScopes(schema: RecordSchema, ids: readonly string[]): Promise<Map<string, string>> {
    const rows = await this.#rows<{ id: string; scope: string }>(nodeText(schema).shownScopes, ids.toSorted(compare));
    return new Map(rows.map(({ id, scope }) => [id, scope]));
  }

  async renew(schema: RecordSchema, rows: readonly Row[]): Promise<Row[]> {
    const sorted = byId(rows).flatMap((row) => {
      const content = contentOf(schema, row.message);
      return content === null ? [] : [{ row, content }];
    });
    const { rows: sent, scopes } = scopedRows(sorted.map(({ row, content }, i) => ({ i, row, more: [content] })));
    const [result] = await this.#rows<{ done: number[] }>(
      nodeText(schema).renew,
      sent,
      {},
      { scopes, slot: slotOf(schema.name) },
    );
    const done = new Set(result?.done.map((i) => sorted[i]!.row));
    return rows.filter((row) => !done.has(row));
  }

  async upsert(schema: RecordSchema, rows: readonly Row[]): Promise<Upserted> {
    const sorted = byId(rows);
    const names = writtenProperties(schema);
    const { rows: sent, scopes } = scopedRows(
      sorted.map((row, i) => ({
        ...{ i, row },
        more: [contentOf(schema, row.message), ...names.map((name) => row.props[name])],
      })),
    );
    const [result] = await this.#rows<{ taken: number[]; same: number }>(nodeText(schema).upsert, sent, written, {
      scopes,
      ...nodeBatch(schema),
    });
    return { taken: (result?.taken ?? []).map((i) => sorted[i]!), same: result?.same ?? 0 };
  }

  async keepClaims(schema: RecordSchema, rows: readonly Row[]): Promise<void> {
    const sorted = rows.toSorted((a, b) => compare(a.claim, b.claim));
    await this.#rows(
      nodeText(schema).claim,
      sorted.map(({ claim, id, scope, tag, props }) => ({
        claim,
        id,
        scope,
        tag,
        props,
        of: claimedNode(schema.name, id),
      })),
      { type: schema.name },
    );
  }

  async elect(schema: RecordSchema, rows: readonly Row[]): Promise<void> {
    await this.#rows(
      nodeText(schema).elect,
      byId(rows).map(({ claim, id }) => ({ claim, id })),
      { type: schema.name },
    );
  }

  async present(
    schema: RecordSchema,
    rows: readonly { id: string; claim: string; scope: string; tag: bigint }[],
  ): Promise<Set<string>> {
    const shown = await this.#shown(schema, rows);
    const present = new Set([...shown].map((i) => rows[i]!.claim));
    const others = rows.filter(({ claim }) => !present.has(claim));
    const claimed = await this.#rows<{ i: number }>(
      linkStatements.claimed,
      others.map(({ claim, tag }, i) => ({ i: BigInt(i), claim, tag })),
    );
    for (const { i } of claimed) present.add(others[i]!.claim);
    return present;
  }

  async holdEdges(
    schema: RecordSchema,
    groups: readonly number[],
    rows: readonly HeldRow[],
  ): Promise<(HeldEdges | undefined)[]> {
    if (groups.length === 0) {
      const shown = await this.#shown(schema, rows);
      return rows.map((_, i) => (shown.has(i) ? { asserted: [], lost: [] } : undefined));
    }
    const nodes = await this.#locateRecords(schema, rows);
    const there = [...rows.entries()]
      .flatMap(([i, row]) => (nodes[i] === undefined ? [] : [{ i, row, node: nodes[i] }]))
      .sort((a, b) => compare(a.row.id, b.row.id));
    const { rows: sent, scopes } = scopedRows(
      there.map(({ i, row, node }) => ({ i, row: { ...row, id: node }, more: [row.values] })),
    );
    const places = Map.groupBy(groups.keys(), (place) => schema.relationships[groups[place]!]!.direction);
    const looks = await Promise.all(
      [...places].map(async ([direction, places]) => {
        const declared = places.map((place) => schema.relationships[groups[place]!]!);
        const found = await this.#rows<{ i: number } & HeldEdges>(
          linkStatements.hold[direction],
          sent,
          {},
          {
            scopes,
            slot: slotOf(schema.name),
            by: scopes.map((scope) => edgeClaim(schema.name, { direction }, scope)),
            types: declared.map(({ type }) => type),
            asserts: assertionsOf(schema, declared),
          },
        );
        return { places, found: new Map(found.map((one) => [one.i, one])) };
      }),
    );
    return rows.map((_, i) => {
      const held: HeldEdges = { asserted: [], lost: [] };
      for (const { places, found } of looks) {
        const one = found.get(i);
        if (one === undefined) return undefined;
        for (const [at, place] of places.entries()) {
          held.asserted[place] = one.asserted[at]!;
          held.lost[place] = one.lost[at]!;
        }
      }
      return held;
    });
  }

  async link(schema: RecordSchema, relationship: number, rows: readonly LinkRow[]): Promise<LinkRow[]> {
    const declared = schema.relationships[relationship]!;
    const sorted = rows.toSorted((a, b) => compare(String(a.values[0]), String(b.values[0])) || compare(a.id, b.id));
    const [nodes, others] = await Promise.all([
      this.#locateRecords(schema, sorted),
      this.#locate(
        declared.label,
        declared.match.map(({ property }) => property),
        sorted.map(({ values }) => values),
      ),
    ]);
    const claims = new Places<string>();
    const sent = sorted.flatMap((row, i) => {
      const node = nodes[i];
      if (node === undefined) return [];
      const by = integer(claims.placeOf(edgeClaim(schema.name, declared, row.scope)));
      const tag = integer(row.tag);
      const props = edgeProperties(declared, row.props);
      return others[i]!.map((other) => [integer(i), node, other, by, tag, props]);
    });
    const [result] = await this.#rows<{ matched: number[] }>(linkStatements.link(declared), sent, written, {
      claims: claims.values,
    });
    const matched = new Set(result?.matched);
    return sorted.filter((_, i) => !matched.has(i));
  }

  async prune(
    schema: RecordSchema,
    relationship: number,
    rows: readonly { id: string; scope: string; values: unknown[][] }[],
  ): Promise<void> {
    const declared = schema.relationships[relationship]!;
    await this.#withdraw(schema, declared, linkStatements.prune[declared.direction], rows, {
      types: [declared.type],
      asserts: assertionsOf(schema, [declared]),
    });
  }

  async replaceReferences(
    stage: string,
    claims: readonly string[],
    pending: readonly PendingReference[],
  ): Promise<void> {
    const keep = Map.groupBy(pending, ({ claim }) => claim);
    await this.#rows(
      `UNWIND $batch.rows AS row MATCH (r:${Label.reference} {claim: row.claim}) WHERE r.stage = $stage AND NOT r.key IN row.keep DELETE r`,
      claims.toSorted(compare).map((claim) => ({ claim, keep: (keep.get(claim) ?? []).map(referenceKey) })),
      { stage },
    );
    await this.addReferences(stage, pending);
  }

  async addReferences(stage: string, pending: readonly PendingReference[]): Promise<void> {
    const kinds = [...new Set(pending.map(({ match }) => match.slice(0, match.indexOf('|'))))].sort();
    await this.#rows(
      `UNWIND $batch.rows AS row MERGE (k:${Label.referenceKind} {kind: row.kind}) ON CREATE SET k.stage = $stage, k.target = row.target`,
      kinds.map((target) => ({ kind: `${stage}|${target}`, target })),
      { stage },
    );
    await this.#rows(
      `UNWIND $batch.rows AS row MERGE (r:${Label.reference} {key: row.key}) SET r += row.set`,
      pending
        .map((one) => ({
          key: referenceKey(one),
          set: {
            stage,
            match: `${stage}|${one.match}`,
            claim: one.claim,
            recordType: one.recordType,
            signature: one.signature,
            scope: one.scope,
            id: one.id,
            tag: one.tag,
            values: JSON.stringify(one.values),
            props: JSON.stringify(one.props),
          },
        }))
        .sort((a, b) => compare(a.key, b.key)),
    );
  }

  async dropReferences(_stage: string, pending: readonly PendingReference[]): Promise<void> {
    await this.#rows(
      `UNWIND $batch.rows AS key MATCH (r:${Label.reference} {key: key}) DELETE r`,
      pending.map(referenceKey).sort(compare),
    );
  }

  async referenceKinds(stage: string): Promise<ReferenceKind[]> {
    const rows = await this.#run<{ target: string }>(
      `MATCH (k:${Label.referenceKind}) WHERE k.stage = $stage RETURN k.target AS target`,
      { stage },
    );
    return rows.map(({ target }) => {
      const [label, properties] = [target.slice(0, target.indexOf('.')), target.slice(target.indexOf('.') + 1)];
      return { label, properties: properties.split(',') };
    });
  }

  async references(stage: string, matches: readonly string[]): Promise<PendingReference[]> {
    const rows = await this.#rows<
      Omit<PendingReference, 'tag' | 'values' | 'props'> & { tag: number; values: string; props: string }
    >(
      `UNWIND $batch.rows AS match MATCH (r:${Label.reference} {match: match})
       RETURN r.recordType AS recordType, r.signature AS signature, r.claim AS claim, r.scope AS scope, r.id AS id, r.tag AS tag, r.values AS values, r.props AS props, match`,
      matches.map((match) => `${stage}|${match}`),
    );
    return rows.map((row) => ({
      ...row,
      tag: BigInt(row.tag),
      values: JSON.parse(row.values) as PendingReference['values'],
      props: JSON.parse(row.props) as Record<string, unknown>,
      match: row.match.slice(stage.length + 1),
    }));
  }

  async countRecords(
    schema: RecordSchema,
    scopes: readonly { scope: string; tag: bigint }[],
  ): Promise<Map<string, number>> {
    const tags = new Map(scopes.map(({ scope, tag }) => [scope, tag]));
    const [shown, kept] = await Promise.all([
      this.#countTags(schema, [...tags.keys()]),
      this.#rows<{ scope: string; alive: number }>(countClaims, scopes, { type: schema.name }),
    ]);
    const records = new Map(kept.map(({ scope, alive }) => [scope, alive]));
    for (const { scope, tag, count } of shown)
      if (tag >= tags.get(scope)!) records.set(scope, (records.get(scope) ?? 0) + count);
    return records;
  }

  async hasStale(schema: RecordSchema, watermarks: ReadonlyMap<string, Watermark>): Promise<boolean> {
    // Ids that live longer than their scope are few; only then is each record looked at.
    if ([...watermarks.values()].some(({ withheld }) => withheld.size > 0))
      return (await this.stale(schema, watermarks, 1)).length > 0;
    const [kept, shown] = await Promise.all([
      this.#rows(staleClaims, deadlineRows(watermarks), { type: schema.name, limit: 1n }),
      this.#countTags(schema, [...watermarks.keys()]),
    ]);
    return kept.length > 0 || shown.some(({ scope, tag }) => tag < watermarks.get(scope)!.tag);
  }

  /** How many records with each tag the nodes of these scopes show. */
  #countTags(
    schema: RecordSchema,
    scopes: readonly string[],
  ): Promise<{ scope: string; tag: number; count: number }[]> {
    return this.#rows(cleanupStatements(schema).count, scopes, {}, { slot: slotOf(schema.name) });
  }

  async stale(schema: RecordSchema, watermarks: ReadonlyMap<string, Watermark>, limit: number): Promise<StaleRecord[]> {
    const rows = deadlineRows(watermarks);
    const kept = await this.#rows<{ id: string; scope: string }>(staleClaims, rows, {
      type: schema.name,
      limit: BigInt(limit),
    });
    const shown = await this.#rows<{ id: string; scope: string }>(cleanupStatements(schema).staleShown, rows, {
      limit: BigInt(limit),
    });
    return [...kept.map((row) => ({ ...row, shown: false })), ...shown.map((row) => ({ ...row, shown: true }))];
  }

  async alsoShown(schema: RecordSchema, ids: readonly string[]): Promise<string[]> {
    const rows = await this.#rows<{ property: string }>(cleanupStatements(schema).slots, ids.toSorted(compare));
    const own = shortName(schema.name);
    return rows.flatMap(({ property }) => shownIn(property) ?? []).filter((short) => short !== own);
  }

  async vacate(
    schema: RecordSchema,
    records: readonly StaleRecord[],
    siblings: readonly RecordSchema[],
  ): Promise<string[]> {
    const text = cleanupStatements(schema);
    const kept = records.filter(({ shown }) => !shown);
    await this.#rows(text.forget, kept.map(({ id, scope }) => `${schema.name}|${scope}|${id}`).sort(compare));
    const shown = byId(records.filter((record) => record.shown)).map(({ id }) => ({
      id,
      of: claimedNode(schema.name, id),
    }));
    await this.#rows(text.promote, shown);
    const dying = await this.#rows<{ id: string }>(
      text.vacate(siblings),
      shown.map(({ id }) => ({ id, scopes: records.filter((record) => record.id === id).map(({ scope }) => scope) })),
    );
    return dying.map(({ id }) => id);
  }

  async withdraw(schema: RecordSchema, records: readonly StaleRecord[]): Promise<void> {
    for (const direction of new Set(schema.relationships.map(({ direction }) => direction)))
      await this.#withdraw(schema, { direction }, linkStatements.withdraw[direction], records);
    await this.#rows(
      `UNWIND $batch.rows AS claim MATCH (r:${Label.reference} {claim: claim}) DELETE r`,
      records.map(({ id, scope }) => `${schema.name}|${scope}|${id}`).sort(compare),
    );
  }

  async inbound(label: string, ids: readonly string[]): Promise<InboundEdge[]> {
    const rows = await this.#rows<{
      labels: string[];
      properties: Record<string, unknown>;
      type: string;
      outward: boolean;
      id: string;
      by: string[];
      tags: number[];
      props: Record<string, unknown>;
    }>(
      `UNWIND $batch.rows AS id MATCH (n:\`${label}\` {id: id})-[e]-(m) WHERE e._by IS NOT NULL AND m.id IS NOT NULL
       RETURN labels(n) AS labels, properties(n) AS properties, type(e) AS type, startNode(e) = m AS outward, m.id AS id, e._by AS by, e._tags AS tags, properties(e) AS props`,
      ids.toSorted(compare),
    );
    return rows.flatMap((row) => {
      const direction = row.outward ? ('out' as const) : ('in' as const);
      const by = row.by
        .map((claim, i) => ({ claim, tag: BigInt(row.tags[i]!) }))
        .filter(({ claim }) => claim.charAt(claim.indexOf('|') - 1) === (row.outward ? '>' : '<'));
      return by.length === 0
        ? []
        : [
            {
              node: { labels: row.labels, properties: row.properties },
              type: row.type,
              direction,
              id: row.id,
              by,
              props: row.props,
            },
          ];
    });
  }

  async deleteNodes(label: string, ids: readonly string[]): Promise<void> {
    await this.#rows(`UNWIND $batch.rows AS id MATCH (n:\`${label}\` {id: id}) DETACH DELETE n`, ids.toSorted(compare));
  }

  async storeMarkers(markers: readonly StoredMarker[]): Promise<void> {
    await this.#rows(
      `UNWIND $batch.rows AS row MERGE (m:${Label.marker} {key: row.key}) SET m += row.set`,
      markers.map(({ key, kind, subject, tag, state, value }) => ({
        key,
        set: { kind, subject, tag, state, value: JSON.stringify(value) },
      })),
    );
  }

  async markers(filter: MarkerFilter): Promise<StoredMarker[]> {
    const rows = await this.#run<RawMarker>(
      `${matchMarkers(filter)} RETURN m{.*} AS marker ORDER BY m.tag, m.key`,
      parametersOf(filter),
    );
    // One that is deleted while the statement runs is found without its properties.
    return rows.filter(({ marker }) => marker.key !== undefined).map(({ marker }) => toMarker(marker));
  }

  async pendingMarkers(after: string, limit: number): Promise<StoredMarker[]> {
    const rows = await this.#run<RawMarker>(
      `MATCH (m:${Label.marker}) USING INDEX m:${Label.marker}(key) WHERE m.key > $after AND m.kind IN $kinds AND m.state IN $states RETURN m{.*} AS marker ORDER BY m.key LIMIT $limit`,
      {
        after: after > firstPending ? after : firstPending,
        kinds: ['scope', 'hierarchy'],
        states: ['waiting', 'incomplete'],
        limit: BigInt(limit),
      },
    );
    return rows.filter(({ marker }) => marker.key !== undefined).map(({ marker }) => toMarker(marker));
  }

  async markersOf(keys: readonly string[]): Promise<StoredMarker[]> {
    const rows = await this.#rows<RawMarker>(
      `UNWIND $batch.rows AS key MATCH (m:${Label.marker} {key: key}) RETURN m{.*} AS marker`,
      keys,
    );
    return rows.map(({ marker }) => toMarker(marker));
  }

  async countPendingMarkers(tag?: bigint): Promise<{ waiting: number; incomplete: string[] }> {
    const [row] = await this.#run<{ waiting: number; incomplete: string[] }>(
      `MATCH (m:${Label.marker}) USING INDEX m:${Label.marker}(key)
       WHERE m.key > $after AND m.kind IN $kinds AND m.state IN $states${tag === undefined ? '' : ' AND m.tag = $tag'}
       RETURN count(CASE WHEN m.state = $waiting THEN 1 END) AS waiting, collect(CASE WHEN m.state = $incomplete THEN m.subject END) AS incomplete`,
      {
        after: firstPending,
        kinds: ['scope', 'hierarchy'],
        states: ['waiting', 'incomplete'],
        waiting: 'waiting',
        incomplete: 'incomplete',
        tag,
      },
    );
    return { waiting: row!.waiting, incomplete: row!.incomplete.sort() };
  }

  async countWaitingAnalyses(tag?: bigint): Promise<number> {
    const filter: MarkerFilter = { kind: 'analysis', state: 'waiting', ...(tag === undefined ? {} : { tag }) };
    const [row] = await this.#run<{ subjects: number }>(
      `${matchMarkers(filter)} RETURN count(DISTINCT m.subject) AS subjects`,
      parametersOf(filter),
    );
    return row!.subjects;
  }

  async oldestWaiting(subjects: readonly string[]): Promise<Map<string, bigint>> {
    const rows = await this.#rows<{ subject: string; tag: number }>(
      `UNWIND $batch.rows AS row
       CALL (row) {
         MATCH (m:${Label.marker}) WHERE m.subject STARTS WITH row.scopes AND m.kind = $scope AND m.state = $waiting RETURN m.tag AS tag
         UNION ALL
         MATCH (m:${Label.marker} {subject: row.subject}) WHERE m.kind = $hierarchy AND m.state = $waiting RETURN m.tag AS tag
       }
       RETURN row.subject AS subject, min(tag) AS tag`,
      subjects.map((subject) => ({ subject, scopes: `${subject}/` })),
      { scope: 'scope', hierarchy: 'hierarchy', waiting: 'waiting' },
    );
    return new Map(rows.map(({ subject, tag }) => [subject, BigInt(tag)]));
  }

  async earliestMarkers(
    kind: StoredMarker['kind'],
    wanted: readonly { subject: string; tag: bigint }[],
  ): Promise<(StoredMarker | undefined)[]> {
    const rows = await this.#rows<RawMarker & { i: number }>(
      `UNWIND $batch.rows AS row
       CALL (row) { MATCH (m:${Label.marker} {subject: row.subject}) WHERE m.kind = $kind AND m.tag >= row.tag RETURN m ORDER BY m.tag LIMIT 1 }
       RETURN row.i AS i, m{.*} AS marker`,
      wanted.map(({ subject, tag }, i) => ({ i: BigInt(i), subject, tag })),
      { kind },
    );
    const found = new Map(
      rows.filter(({ marker }) => marker.key !== undefined).map(({ i, marker }) => [i, toMarker(marker)]),
    );
    return wanted.map((_, i) => found.get(i));
  }

  async settleMarkers(keys: readonly string[], state: 'incomplete' | 'done'): Promise<void> {
    await this.#rows(`UNWIND $batch.rows AS key MATCH (m:${Label.marker} {key: key}) SET m.state = $state`, keys, {
      state,
    });
    if (state === 'done')
      await this.#rows(
        `UNWIND $batch.rows AS key MATCH (m:${Label.marker} {key: key}) WHERE m.kind IN ['scope', 'analysis'] DELETE m`,
        keys,
      );
  }

  async forgetAccountMarkers(before: ReadonlyMap<string, bigint>, keep: number): Promise<void> {
    await this.#rows(
      `UNWIND $batch.rows AS row
       CALL (row) {
         MATCH (m:${Label.marker} {subject: row.subject}) WHERE m.kind = 'account'
         WITH m ORDER BY m.tag DESC SKIP $keep
         WITH m WHERE m.tag < row.tag AND NOT EXISTS { MATCH (n:${Label.marker} {subject: m.subject}) WHERE n.kind = 'analysis' AND n.tag = m.tag }
         RETURN m
       }
       DELETE m`,
      [...before].map(([subject, tag]) => ({ subject, tag })).sort((a, b) => compare(a.subject, b.subject)),
      { keep: BigInt(keep) },
    );
  }

  async noteScopes(scopes: readonly ScopeNote[]): Promise<void> {
    await this.#rows(
      `UNWIND $batch.rows AS row MERGE (s:${Label.scope} {id: row.scope}) WITH s, row WHERE coalesce(s.tag, -1) <= row.tag
       SET s.tag = row.tag, s.outcome = row.outcome, s.reason = row.reason, s.endedAt = row.endedAt, s += row.parts`,
      scopes.map((note) => ({ ...note, endedAt: BigInt(note.endedAt), parts: partsOfScope(note.scope) ?? {} })),
    );
  }

  async noteApplied(scopes: readonly AppliedScope[]): Promise<void> {
    await this.#rows(
      `UNWIND $batch.rows AS row MERGE (s:${Label.scope} {id: row.scope}) WITH s, row WHERE coalesce(s.asOfTag, -1) <= row.tag
       SET s.asOf = row.asOf, s.asOfTag = row.tag, s.appliedAt = timestamp()`,
      scopes
        .map((one) => ({ ...one, asOf: BigInt(one.asOf) }))
        .sort((a, b) => compare(a.scope, b.scope) || Number(a.tag - b.tag)),
    );
  }

  /** Takes the claims of these records from edges of one direction, as the statement says which. */
  async #withdraw(
    schema: RecordSchema,
    relationship: Pick<Relationship, 'direction'>,
    statement: string,
    records: readonly { id: string; scope: string; values?: unknown[][] }[],
    shared: Record<string, unknown> = {},
  ): Promise<void> {
    const sorted = byId(records);
    const nodes = await this.#locateRecords(schema, sorted);
    const rows = sorted.flatMap(({ scope, values = [] }, i) => {
      const node = nodes[i];
      return node === undefined ? [] : [{ node, by: edgeClaim(schema.name, relationship, scope), values }];
    });
    await this.#rows(statement, rows, {}, shared);
  }

  /** Which of these records their nodes show, by place. */
  async #shown(
    schema: RecordSchema,
    rows: readonly { id: string; scope: string; tag: bigint }[],
  ): Promise<Set<number>> {
    const nodes = await this.#locateRecords(schema, rows);
    const shown = await this.#rows<{ i: number }>(
      linkStatements.shown,
      rows.flatMap(({ scope, tag }, i) => {
        const node = nodes[i];
        return node === undefined ? [] : [{ i: BigInt(i), node, scope, tag }];
      }),
      {},
      { slot: slotOf(schema.name) },
    );
    return new Set(shown.map(({ i }) => i));
  }

  /** The element id of each record's node, undefined where there is none. */
  async #locateRecords({ label }: RecordSchema, records: readonly { id: string }[]): Promise<(string | undefined)[]> {
    const nodes = await this.#locate(
      label,
      ['id'],
      records.map(({ id }) => [id]),
    );
    return nodes.map(([node]) => node);
  }

  /** The element ids of the nodes with this label whose properties have these values. Those that were found once are not looked for again. */
  async #locate(
    label: string,
    properties: readonly string[],
    wanted: readonly (readonly (string | number | boolean)[])[],
  ): Promise<(readonly string[])[]> {
    const text = locate(label, properties);
    const located = this.#located.get(text) ?? new Map<string, string[]>();
    this.#located.set(text, located);
    const keys = wanted.map((values) => JSON.stringify(values));
    const missing = new Map(keys.flatMap((key, i) => (located.has(key) ? [] : [[key, wanted[i]!]])));
    const asked = [...missing];
    const [result] = await this.#rows<{ rows: number[]; nodes: string[] }>(
      text,
      asked.map(([, values], i) => [integer(i), ...values.map(matchValue)]),
    );
    const found = Map.groupBy(result?.rows.entries() ?? [], ([, row]) => row);
    for (const [row, places] of found)
      located.set(
        asked[row]![0],
        places.map(([place]) => result!.nodes[place]!),
      );
    return keys.map((key) => located.get(key) ?? []);
  }

  #rows<T extends object>(
    text: string,
    rows: readonly unknown[],
    parameters: Record<string, unknown> = {},
    shared: Record<string, unknown> = {},
  ): Promise<T[]> {
    // Within a map, because Neo4j plans a statement anew for each order of magnitude of a list that is a parameter itself.
    return rows.length === 0
      ? Promise.resolve([])
      : this.#run<T>(`${KEEP_PLAN}${text}`, { batch: { rows, ...shared }, ...parameters });
  }
}

interface ScopedRow {
  i: number;
  row: { id: string; scope: string; tag: bigint };
  /** What stands behind them. */
  more: readonly unknown[];
}

/** Rows that begin with `[i, id, scope, tag]`, where `scope` is a place in `scopes`: thousands of rows share a few of them. */
function scopedRows(all: readonly ScopedRow[]): { rows: unknown[][]; scopes: string[] } {
  const scopes = new Places<string>();
  const rows = all.map(({ i, row: { id, scope, tag }, more }) => {
    const row: unknown[] = [integer(i), id, integer(scopes.placeOf(scope)), integer(tag)];
    for (const one of more) row.push(typeof one === 'bigint' ? integer(one) : one);
    return row;
  });
  return { rows, scopes: scopes.values };
}

/** Distinct values and where each stands among them. */
class Places<T> {
  readonly values: T[] = [];
  readonly #places = new Map<T, number>();

  placeOf(value: T): number {
    let place = this.#places.get(value);
    if (place === undefined) {
      place = this.values.push(value) - 1;
      this.#places.set(value, place);
    }
    return place;
  }
}

/** The keys of hierarchy and scope markers stand behind it, those of accounts, of which there are ever more, before it. */
const firstPending = 'hierarchy|';

/** Only what is asked for is in the text: a condition that a parameter may turn off finds no index. */
function matchMarkers({ state, tag }: MarkerFilter): string {
  const conditions = [
    'm.key STARTS WITH $prefix',
    'm.kind = $kind',
    ...(state === undefined ? [] : ['m.state = $state']),
    ...(tag === undefined ? [] : ['m.tag = $tag']),
  ];
  return `MATCH (m:${Label.marker}) USING INDEX m:${Label.marker}(key) WHERE ${conditions.join(' AND ')}`;
}

/** A marker's key begins with its kind; a run's start and end share theirs. */
function parametersOf(filter: MarkerFilter): Record<string, unknown> {
  return { ...filter, prefix: filter.kind === 'run-started' ? 'run|' : `${filter.kind}|` };
}

interface RawMarker {
  marker: {
    key: string;
    kind: StoredMarker['kind'];
    subject: string;
    tag: number;
    state: StoredMarker['state'];
    value: string;
  };
}

function toMarker(raw: RawMarker['marker']): StoredMarker {
  return { ...raw, tag: BigInt(raw.tag), value: JSON.parse(raw.value) as Record<string, unknown> };
}

function nodeText(schema: RecordSchema): NodeStatements {
  const known = nodes.get(schema);
  if (known) return known;
  const made = nodeStatements(schema);
  nodes.set(schema, made);
  return made;
}

function fenceId({ stage, topic, partition }: FenceKey): string {
  return `${stage}|${topic}|${partition}`;
}

function referenceKey({ claim, signature, values }: PendingReference): string {
  return `${claim}|${signature}|${values.length === 1 ? String(values[0]) : JSON.stringify(values)}`;
}

/** What the cleanup statements take: the tag below which a scope's records are dead, and lower ones for some ids. */
function deadlineRows(watermarks: ReadonlyMap<string, Watermark>): object[] {
  return [...watermarks].map(([scope, { tag, withheld }]) => ({ scope, tag, floors: Object.fromEntries(withheld) }));
}

function parseWithheld(text: string | null): Map<string, bigint> {
  return new Map(
    text === null
      ? []
      : Object.entries(JSON.parse(text) as Record<string, string>).map(([id, floor]) => [id, BigInt(floor)]),
  );
}

function byId<T extends { id: string }>(rows: readonly T[]): T[] {
  return rows.toSorted((a, b) => compare(a.id, b.id));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
