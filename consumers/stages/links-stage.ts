import type { RecordSchema, Relationship } from '../../schemas/record-schema.ts';
import type { Graph, GraphTransaction, LinkRow, PendingReference } from '../graph/graph.ts';
import { groupOf } from '../graph/link-statements.ts';
import { matchKey, pendingReference, referenceSignature } from '../graph/references.ts';
import { matchValue, type Row } from '../graph/row.ts';
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
      const groups = rowsBySchema(items);
      const pending: Pending[] = [];
      const arrived: [RecordSchema, Row[]][] = [];
      for (const [schema, rows] of groups) {
        const present = await tx.present(schema, rows);
        const current = rows.filter(({ claim }) => present.has(claim));
        if (current.length === 0) continue;
        arrived.push([schema, current]);
        pending.push(...(await linkRecords(tx, name, schema, current)));
      }
      await meetReferences(tx, name, arrived, lookup);
      // A node that is committed between the look for it and our commit has looked for our references in vain.
      return pending.length === 0 ? undefined : (later) => linkPending(later, name, pending);
    },
  };
}

interface Pending {
  schema: RecordSchema;
  relationship: number;
  rows: LinkRow[];
}

/** Brings the edges of these records to what they assert now. Returns what found no other node. */
async function linkRecords(
  tx: GraphTransaction,
  stage: LinkStageName,
  schema: RecordSchema,
  rows: readonly Row[],
): Promise<Pending[]> {
  const ours = [...schema.relationships.entries()].filter(([, relationship]) => stageOf(relationship) === stage);
  if (ours.length === 0) return [];
  const pending: Pending[] = [];
  const kept: PendingReference[] = [];
  for (const [index, relationship] of ours) {
    const asserted = rows.flatMap((row) => linkRows(row, index));
    const unmatched = await tx.link(schema, index, asserted);
    if (unmatched.length > 0) pending.push({ schema, relationship: index, rows: unmatched });
    kept.push(
      ...(relationship.unique ? unmatched : asserted).map((row) => pendingReference(schema, relationship, row)),
    );
  }
  for (const [index] of new Map(
    ours.map(([index, relationship]) => [groupOf(relationship), [index] as const]),
  ).values()) {
    await tx.prune(
      schema,
      index,
      rows.map((row) => ({ id: row.id, scope: row.scope, values: valuesByRelationship(schema, row) })),
    );
  }
  await tx.replaceReferences(
    stage,
    rows.map(({ claim }) => claim),
    kept,
  );
  return pending;
}

function linkRows(row: Row, relationship: number): LinkRow[] {
  return row.references
    .filter((reference) => reference.relationship === relationship)
    .map(({ values, props }) => ({ id: row.id, claim: row.claim, scope: row.scope, tag: row.tag, values, props }));
}

/** For each relationship the values that its edges must have at the other end: single ones as they are, several as lists. */
function valuesByRelationship(schema: RecordSchema, row: Row): unknown[][] {
  const values: unknown[][] = schema.relationships.map(() => []);
  for (const reference of row.references)
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
  lookup: SchemaLookup,
): Promise<void> {
  const kinds = await tx.referenceKinds(stage);
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
