import type { RecordSchema } from '../../schemas/record-schema.ts';
import type { Graph, GraphTransaction, Watermark } from '../graph/graph.ts';
import type { Row } from '../graph/row.ts';
import { type Item, rowsBySchema, schemasOf, type Stage } from './stage.ts';

/** Upserts the nodes of asset and hierarchy records. No gate. */
export function nodesStage(graph: Graph): Stage {
  return {
    name: 'nodes',
    deadLettersUndecodable: true,
    wants: ({ schema }) => schema !== undefined,
    prepare: (items) => graph.prepare(schemasOf(items)),
    open: (_topic, _partition, items) => Promise.resolve(items.length),
    async apply(tx, items: readonly Item[]) {
      const alive = await aliveRows(tx, rowsBySchema(items));
      for (const [label, groups] of Map.groupBy(alive, ([schema]) => schema.label)) {
        // Records of several types may meet in one node: each type in its own order would lock the nodes crosswise.
        if (groups.length > 1)
          await tx.lockNodes(
            label,
            groups.flatMap(([, rows]) => rows.map(({ id }) => id)),
          );
        for (const [schema, rows] of groups) await upsertRecords(tx, schema, rows);
      }
      return undefined;
    },
  };
}

async function aliveRows(
  tx: GraphTransaction,
  groups: readonly [RecordSchema, Row[]][],
): Promise<[RecordSchema, Row[]][]> {
  const watermarks = await tx.watermarksOf(
    new Map(groups.map(([schema, rows]) => [schema, new Set(rows.map(({ scope }) => scope))])),
  );
  return groups
    .map(([schema, rows]): [RecordSchema, Row[]] => [
      schema,
      rows.filter((row) => isAlive(row, watermarks.get(schema)?.get(row.scope))),
    ])
    .filter(([, rows]) => rows.length > 0);
}

/** So many records tell whether most of a batch are as they were. */
const SAMPLE_ROWS = 20;

/** What is left to be written: an unchanged record only gets its new tag, and a run changes little. */
async function renewRecords(tx: GraphTransaction, schema: RecordSchema, rows: readonly Row[]): Promise<readonly Row[]> {
  const sample = rows.slice(0, SAMPLE_ROWS);
  const changed = await tx.renew(schema, sample);
  const rest = rows.slice(SAMPLE_ROWS);
  return [...changed, ...(2 * changed.length < sample.length ? await tx.renew(schema, rest) : rest)];
}

async function upsertRecords(tx: GraphTransaction, schema: RecordSchema, alive: readonly Row[]): Promise<void> {
  const changed = await renewRecords(tx, schema, alive);
  if (changed.length === 0) return;
  const byId = Map.groupBy(changed, ({ id }) => id);
  const rivals = [...byId].filter(([, same]) => same.length > 1).map(([id]) => id);
  const shown = await tx.shownScopes(schema, rivals);
  const first = [...byId].map(([id, same]) => same.find(({ scope }) => scope === shown.get(id)) ?? same[0]!);
  const offered = new Set(first);
  const others = [...changed.filter((row) => !offered.has(row)), ...(await tx.upsert(schema, first))];
  if (others.length === 0) return;
  // A node shows one record of each type; what other scopes say of the same node is kept beside it.
  await tx.keepClaims(schema, others);
  await tx.elect(
    schema,
    [...Map.groupBy(others, ({ id }) => id).values()].map((same) => same.reduce(better)),
  );
}

/** Newer wins, then the first scope: the same record in whatever order they came. */
function better(a: Row, b: Row): Row {
  return b.tag > a.tag || (b.tag === a.tag && b.scope < a.scope) ? b : a;
}

/** The law: a record is alive if its tag is not below the watermark of its scope, or it was withheld. */
export function isAlive(row: { id: string; tag: bigint }, watermark: Watermark | undefined): boolean {
  return watermark === undefined || row.tag >= (watermark.withheld.get(row.id) ?? watermark.tag);
}
