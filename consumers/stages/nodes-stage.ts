import type { RecordSchema } from '../../schemas/record-schema.ts';
import type { Graph, GraphTransaction, Watermark } from '../graph/graph.ts';
import type { Row } from '../graph/row.ts';
import { type Item, rowsBySchema, schemasOf, type Stage } from './stage.ts';

/** Upserts the nodes of asset and hierarchy records. No gate. */
export function nodesStage(graph: Graph): Stage {
  const habits: Habits = new WeakMap();
  return {
    name: 'nodes',
    deadLettersUndecodable: true,
    wants: ({ schema }) => schema !== undefined,
    prepare: (items) => graph.prepare(schemasOf(items)),
    open: (_topic, _partition, items) => Promise.resolve(items.length),
    async apply(tx, items: readonly Item[]) {
      const alive = await aliveRows(tx, rowsBySchema(items));
      // All at once, because the graph takes statements one behind the other without our waiting for each answer.
      const work = [...Map.groupBy(alive, ([schema]) => schema.label)].flatMap(([label, groups]) => [
        // Records of several types may meet in one node: each type in its own order would lock the nodes crosswise.
        ...(groups.length > 1
          ? [
              tx.lockNodes(
                label,
                groups.flatMap(([, rows]) => rows.map(({ id }) => id)),
              ),
            ]
          : []),
        ...groups.map(([schema, rows]) => upsertRecords(tx, schema, rows, habits)),
      ]);
      await Promise.all(work);
      return undefined;
    },
  };
}

/** Whether most records of a type were unchanged last time: a guess at what will be quicker, and no more. At first none is: a cold load plans one statement a type less. */
type Habits = WeakMap<RecordSchema, 'unchanged' | 'changed'>;

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

/** An unchanged record only gets its new tag, and a run changes little; a first load changes everything. */
async function upsertRecords(
  tx: GraphTransaction,
  schema: RecordSchema,
  alive: readonly Row[],
  habits: Habits,
): Promise<void> {
  let changed = alive;
  let same = 0;
  if (habits.get(schema) === 'unchanged') {
    changed = await tx.renew(schema, alive);
    same = alive.length - changed.length;
  }
  if (changed.length > 0) same += await upsertChanged(tx, schema, changed);
  habits.set(schema, 2 * same >= alive.length ? 'unchanged' : 'changed');
}

/** Returns how many had not changed. */
async function upsertChanged(tx: GraphTransaction, schema: RecordSchema, rows: readonly Row[]): Promise<number> {
  const byId = Map.groupBy(rows, ({ id }) => id);
  const rivals = [...byId].filter(([, same]) => same.length > 1).map(([id]) => id);
  const shown = rivals.length === 0 ? new Map<string, string>() : await tx.shownScopes(schema, rivals);
  const first = [...byId].map(([id, same]) => same.find(({ scope }) => scope === shown.get(id)) ?? same[0]!);
  const offered = new Set(first);
  const { taken, same } = await tx.upsert(schema, first);
  const others = [...rows.filter((row) => !offered.has(row)), ...taken];
  if (others.length > 0) {
    // A node shows one record of each type; what other scopes say of the same node is kept beside it.
    await tx.keepClaims(schema, others);
    await tx.elect(
      schema,
      [...Map.groupBy(others, ({ id }) => id).values()].map((rivals) => rivals.reduce(better)),
    );
  }
  return same;
}

/** Newer wins, then the first scope: the same record in whatever order they came. */
function better(a: Row, b: Row): Row {
  return b.tag > a.tag || (b.tag === a.tag && b.scope < a.scope) ? b : a;
}

/** The law: a record is alive if its tag is not below the watermark of its scope, or it was withheld. */
export function isAlive(row: { id: string; tag: bigint }, watermark: Watermark | undefined): boolean {
  return watermark === undefined || row.tag >= (watermark.withheld.get(row.id) ?? watermark.tag);
}
