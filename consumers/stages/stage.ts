import type { Decoded } from '../../schemas/codec.ts';
import type { RecordSchema } from '../../schemas/record-schema.ts';
import type { GraphTransaction } from '../graph/graph.ts';
import { compileRow, type Row } from '../graph/row.ts';

/** One record of the log, decoded. */
export interface Item {
  offset: bigint;
  decoded: Decoded;
  /** Undefined for a marker. */
  row: Row | undefined;
}

export function itemOf(offset: bigint, decoded: Decoded, message: Buffer): Item {
  const { schema, value } = decoded;
  return { offset, decoded, row: schema === undefined ? undefined : rowOf(schema, value, message) };
}

/** Work for a second transaction, in which the fence moves, so that it sees what the first one committed. */
export type FollowUp = (tx: GraphTransaction) => Promise<void>;

export type StageName = 'nodes' | 'links' | 'cross-links' | 'cleanup' | 'analysis';

/** One consumer group that turns the log into one part of the graph. */
export interface Stage {
  name: StageName;
  /** The first reader of a topic dead-letters what cannot be decoded; the others pass over it. */
  deadLettersUndecodable: boolean;
  /** Record types that the stage has nothing to do with are passed over. */
  wants(decoded: Decoded): boolean;
  /** What must be done outside of transactions before the items can be applied. */
  prepare(items: readonly Item[]): Promise<void>;
  /** How many of the first items may be applied now; the runner asks again for the others. */
  open(topic: string, partition: number, items: readonly Item[]): Promise<number>;
  /** Applies the items; what it does twice it does once. */
  apply(tx: GraphTransaction, items: readonly Item[]): Promise<FollowUp | undefined>;
}

/** The stage as of a run: what runs with a larger tag wrote is passed over. */
export function asOfRun(stage: Stage, updateTag: number): Stage {
  return {
    ...stage,
    wants: (decoded) => stage.wants(decoded) && (decoded.value['updateTag'] as number) <= updateTag,
  };
}

const compiled = new WeakMap<RecordSchema, ReturnType<typeof compileRow>>();

function rowOf(schema: RecordSchema, value: Record<string, unknown>, message: Buffer): Row {
  let compile = compiled.get(schema);
  if (compile === undefined) compiled.set(schema, (compile = compileRow(schema)));
  return compile(value, message);
}

/** The items' rows by schema, in one order for all loaders, with the schemas of one label side by side. Of records with one key only the newest counts, of equally new ones the last. */
export function rowsBySchema(items: readonly Item[]): [RecordSchema, Row[]][] {
  const groups = new Map<RecordSchema, Map<string, Row>>();
  for (const { decoded, row } of items) {
    if (decoded.schema === undefined || row === undefined) continue;
    let rows = groups.get(decoded.schema);
    if (rows === undefined) groups.set(decoded.schema, (rows = new Map<string, Row>()));
    const other = rows.get(row.claim);
    if (other === undefined || other.tag <= row.tag) rows.set(row.claim, row);
  }
  return [...groups]
    .map(([schema, rows]): [RecordSchema, Row[]] => [schema, [...rows.values()]])
    .sort(([a], [b]) => (a.label === b.label ? (a.name < b.name ? -1 : 1) : a.label < b.label ? -1 : 1));
}

export function schemasOf(items: readonly Item[]): RecordSchema[] {
  return [...new Set(items.flatMap(({ decoded }) => decoded.schema ?? []))];
}
