import type { RecordSchema, Relationship } from '../../schemas/record-schema.ts';
import type { Graph, GraphTransaction, HeldRow, LinkRow, PendingReference, ReferenceKind } from '../graph/graph.ts';
import { groupOf } from '../graph/link-statements.ts';
import { matchKey, pendingReference, referenceSignature } from '../graph/references.ts';
import { matchValue, type Reference, type Row } from '../graph/row.ts';
import type { Gate } from '../runner/gate.ts';
import { type Item, rowsBySchema, schemasOf, type Stage } from './stage.ts';

/** Gives the latest schema of a record type, also of one that this process has not seen a record of; undefined if unknown. */
export type SchemaLookup = (recordType: string) => Promise<RecordSchema | undefined>;

export type LinkStageName = 'links' | 'cross-links';

/** The stage that makes a relationship. */
export function stageOf(relationship: Relationship): LinkStageName {
  return relationship.crossAccount ? 'cross-links' : 'links';
}

/**
 * Makes the edges that records assert, once their nodes are there. A reference whose other node is missing is kept in
 * the graph until that node comes; so the order in which records arrive cannot matter.
 */
export function linksStage(name: LinkStageName, graph: Graph, gate: Gate, lookup: SchemaLookup): Stage {
  return {
    name,
    deadLettersUndecodable: false,
    wants: ({ schema }) => schema !== undefined,
    prepare: (items) => graph.prepare(schemasOf(items)),
    open: (topic, partition, items) => gate.open(topic, partition, items),
    async apply(tx, items: readonly Item[]) {
      const kinds = await tx.referenceKinds(name);
      const pending: Pending[] = [];
      const arrived: [RecordSchema, Row[]][] = [];
      // A record that the graph does not show, because it refused it, hides no older one with its key.
      for (let versions = items; versions.length > 0;) {
        const groups = rowsBySchema(versions);
        // All at once, because the graph takes statements one behind the other without our waiting for each answer.
        const linked = await Promise.all(groups.map(([schema, rows]) => linkRecords(tx, name, schema, rows, kinds)));
        for (const [index, { present, pending: missed }] of linked.entries()) {
          pending.push(...missed);
          if (present.length > 0) arrived.push([groups[index]![0], present]);
        }
        versions = olderOf(
          versions,
          groups,
          linked.flatMap(({ present }) => present),
        );
      }
      await meetReferences(tx, name, arrived, kinds, lookup);
      // A node that is committed between the look for it and our commit has looked for our references in vain.
      return pending.length === 0 ? undefined : (later) => linkPending(later, name, pending);
    },
  };
}

/** The items with the keys of rows that are not present, without these rows. */
function olderOf(
  items: readonly Item[],
  groups: readonly [RecordSchema, readonly Row[]][],
  present: readonly Row[],
): readonly Item[] {
  const tried = new Set(groups.flatMap(([, rows]) => rows));
  const settled = new Set(present.map(({ claim }) => claim));
  return items.filter(({ row }) => row !== undefined && !tried.has(row) && !settled.has(row.claim));
}

interface Pending {
  schema: RecordSchema;
  relationship: number;
  rows: LinkRow[];
}

/** Brings the edges of these records to what they assert now. Returns the records that the graph has, and what found no other node. */
async function linkRecords(
  tx: GraphTransaction,
  stage: LinkStageName,
  schema: RecordSchema,
  rows: readonly Row[],
  kinds: readonly ReferenceKind[],
): Promise<{ present: Row[]; pending: Pending[] }> {
  const ours = [...schema.relationships.keys()].filter((index) => stageOf(schema.relationships[index]!) === stage);
  const isAwaited = kinds.some(({ label }) => label === schema.label || schema.labels.includes(label));
  if (ours.length === 0 && !isAwaited) return { present: [], pending: [] };

  const work = await edgeWork(tx, schema, ours, rows);
  const pending: Pending[] = [];
  const kept: PendingReference[] = [];
  const linking = ours.map(async (index) => {
    const relationship = schema.relationships[index]!;
    const asserted = work.toLink(index).flatMap((row) => linkRows(row, index));
    const unmatched = await tx.link(schema, index, asserted);
    if (unmatched.length > 0) pending.push({ schema, relationship: index, rows: unmatched });
    kept.push(
      ...(relationship.unique ? unmatched : asserted).map((row) => pendingReference(schema, relationship, row)),
    );
  });
  const pruning = work.groups.map((index) => tx.prune(schema, index, work.toPrune(index)));
  await Promise.all([...linking, ...pruning]);
  const mayWait = ours.some((index) => kinds.some((kind) => isOfKind(schema.relationships[index]!, kind)));
  if (mayWait) {
    const claims = work.present.map(({ claim }) => claim);
    await tx.replaceReferences(stage, claims, kept);
  } else await tx.addReferences(stage, kept);
  return { present: work.present, pending };
}

/** What is to be done to the edges of records. */
interface EdgeWork {
  /** The records that the graph has. */
  present: Row[];
  /** One relationship of each group (type and direction) of this stage. */
  groups: number[];
  /** The records whose edges of this relationship are not all there, or may be more. */
  toLink(relationship: number): Row[];
  /** The records that hold edges of this group which they no longer assert, or may. */
  toPrune(relationship: number): HeldRow[];
}

async function edgeWork(
  tx: GraphTransaction,
  schema: RecordSchema,
  ours: readonly number[],
  rows: readonly Row[],
): Promise<EdgeWork> {
  const groupNames = schema.relationships.map(groupOf);
  const groups = [...new Map(ours.map((index) => [groupNames[index]!, index])).values()];
  const asserting = rows.map(({ id, scope, tag, references }): HeldRow => {
    return { id, scope, tag, values: valuesByRelationship(schema, references) };
  });
  const held = await tx.holdEdges(schema, groups, asserting);
  const all = rows.map((row, index) => ({ row, asserts: asserting[index]!, holds: held[index] }));
  const shown = all.flatMap(({ holds, ...one }) => (holds === undefined ? [] : [{ ...one, holds }]));
  const others = all.filter(({ holds }) => holds === undefined);
  const claims = await tx.present(
    schema,
    others.map(({ row }) => row),
  );
  const kept = others.filter(({ row }) => claims.has(row.claim));
  const rowsOf = (some: readonly { row: Row }[]): Row[] => some.map(({ row }) => row);

  const groupAt = (relationship: number): number =>
    groups.findIndex((group) => groupNames[group] === groupNames[relationship]);
  return {
    present: rowsOf([...shown, ...kept]),
    groups,
    toLink(relationship) {
      const group = groupAt(relationship);
      const members = [...groupNames.keys()].filter((index) => groupNames[index] === groupNames[relationship]);
      if (!members.every((index) => isPlain(schema.relationships[index]!))) return rowsOf([...shown, ...kept]);
      const countOf = ({ values }: HeldRow): number => members.reduce((sum, index) => sum + values[index]!.length, 0);
      return rowsOf([...shown.filter(({ asserts, holds }) => holds.asserted[group] !== countOf(asserts)), ...kept]);
    },
    toPrune(relationship) {
      const group = groupAt(relationship);
      return [...shown.filter(({ holds }) => holds.lost[group]! > 0), ...kept].map(({ asserts }) => asserts);
    },
  };
}

/** Whether an edge that is there needs no look at anything but itself: one other node at most, and no properties. */
function isPlain({ unique, properties }: Relationship): boolean {
  return unique && properties.length === 0;
}

function isOfKind({ label, match }: Relationship, kind: ReferenceKind): boolean {
  return (
    label === kind.label &&
    match.length === kind.properties.length &&
    match.every(({ property }, index) => property === kind.properties[index])
  );
}

function linkRows(row: Row, relationship: number): LinkRow[] {
  return row.references
    .filter((reference) => reference.relationship === relationship)
    .map(({ values, props }) => ({ id: row.id, claim: row.claim, scope: row.scope, tag: row.tag, values, props }));
}

/** For each relationship the values that its edges must have at the other end: single ones as they are, several as lists. */
function valuesByRelationship(schema: RecordSchema, references: readonly Reference[]): unknown[][] {
  const values: unknown[][] = schema.relationships.map(() => []);
  for (const reference of references)
    values[reference.relationship]!.push(
      reference.values.length === 1 ? matchValue(reference.values[0]!) : reference.values.map(matchValue),
    );
  return values;
}

/** Links what earlier records refer to and these records have made. */
async function meetReferences(
  tx: GraphTransaction,
  stage: LinkStageName,
  groups: readonly [RecordSchema, Row[]][],
  kinds: readonly ReferenceKind[],
  lookup: SchemaLookup,
): Promise<void> {
  if (kinds.length === 0) return;
  const keys = new Set<string>();
  for (const [schema, rows] of groups) {
    const labels = new Set([schema.label, ...schema.labels]);
    for (const { label, properties } of kinds.filter((kind) => labels.has(kind.label))) {
      for (const row of rows) {
        const values = properties.map((property) => (property === 'id' ? row.id : row.props[property]));
        if (values.every((value) => value !== null && value !== undefined))
          keys.add(matchKey(label, properties, values));
      }
    }
  }
  const waiting = await tx.references(stage, [...keys]);
  for (const [recordType, references] of Map.groupBy(waiting, (one) => one.recordType)) {
    const schema = await lookup(recordType);
    if (schema === undefined) continue;
    const bySignature = new Map(
      schema.relationships.map((relationship, index) => [referenceSignature(relationship), index]),
    );
    const resolved = references.flatMap((reference) => {
      const relationship = bySignature.get(reference.signature);
      return relationship === undefined ? [] : [{ relationship, reference }];
    });
    const pending = [...Map.groupBy(resolved, ({ relationship }) => relationship)].map(([relationship, found]) => ({
      schema,
      relationship,
      rows: found.map(({ reference }) => reference),
    }));
    await linkPending(tx, stage, pending);
  }
}

/** Tries references once more; those that are met and can meet no second node are done. */
async function linkPending(tx: GraphTransaction, stage: LinkStageName, pending: readonly Pending[]): Promise<void> {
  for (const { schema, relationship, rows } of pending) {
    const present = await tx.present(schema, rows);
    const alive = rows.filter(({ claim }) => present.has(claim));
    const unmatched = new Set(await tx.link(schema, relationship, alive));
    const declared = schema.relationships[relationship]!;
    if (!declared.unique) continue;
    await tx.dropReferences(
      stage,
      alive.filter((row) => !unmatched.has(row)).map((row) => pendingReference(schema, declared, row)),
    );
  }
}
