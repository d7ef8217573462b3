import pLimit from 'p-limit';
import type { Neo4jGraph } from '../../consumers/graph/neo4j-graph.ts';
import { matchValue } from '../../consumers/graph/row.ts';
import type { TypedRows } from './read-rows.ts';

/** What the bare loops write carries labels of its own, so that the loaders' indexes cost them nothing. */
const bare = (label: string): string => `Bare${label}`;
const BATCH_ROWS = 5_000;

export interface BareStep {
  statement: string;
  rows: readonly object[];
}

/** One uniqueness constraint per label, as any loader must have. */
export async function prepareBare(graph: Neo4jGraph, types: readonly TypedRows[]): Promise<void> {
  const labels = types.flatMap(({ schema }) => [schema.label, ...schema.relationships.map(({ label }) => label)]);
  for (const label of new Set(labels)) {
    await graph.query(`CREATE CONSTRAINT IF NOT EXISTS FOR (n:${bare(label)}) REQUIRE n.id IS UNIQUE`);
  }
  await graph.query('CALL db.awaitIndexes(300)');
}

export function bareNodeSteps(types: readonly TypedRows[]): BareStep[] {
  return types.flatMap(({ schema, rows }) => {
    const labels = schema.labels.length === 0 ? '' : `, n:${schema.labels.map(bare).join(':')}`;
    const statement = `UNWIND $rows AS row MERGE (n:${bare(schema.label)} {id: row.id}) SET n += row.props, n.lastupdated = row.tag${labels}`;
    return batches(
      rows.map(({ id, props, tag }) => ({ id, props, tag })),
      statement,
    );
  });
}

/** The edges whose other node is matched by one property, as all but the cross-account ones of these record types are. */
export function bareLinkSteps(types: readonly TypedRows[]): BareStep[] {
  return types.flatMap(({ schema, rows }) =>
    schema.relationships.flatMap((relationship, index) => {
      if (relationship.crossAccount) return [];
      const { type, label, match, direction } = relationship;
      const edge = direction === 'out' ? `(n)-[e:${type}]->(m)` : `(n)<-[e:${type}]-(m)`;
      const statement = `UNWIND $rows AS row MATCH (n:${bare(schema.label)} {id: row.id}) MATCH (m:${bare(label)} {${match[0]!.property}: row.value}) MERGE ${edge} SET e.lastupdated = row.tag`;
      const asserted = rows.flatMap(({ id, tag, references }) =>
        references
          .filter((reference) => reference.relationship === index)
          .map(({ values }) => ({ id, tag, value: matchValue(values[0]!) })),
      );
      return batches(asserted, statement);
    }),
  );
}

function batches(rows: readonly object[], statement: string): BareStep[] {
  return Array.from({ length: Math.ceil(rows.length / BATCH_ROWS) }, (_, index) => ({
    statement,
    rows: rows.slice(index * BATCH_ROWS, (index + 1) * BATCH_ROWS),
  }));
}

/** One transaction per batch, over as many sessions. */
export async function runBare(graph: Neo4jGraph, steps: readonly BareStep[], sessions: number): Promise<void> {
  const limit = pLimit(sessions);
  await Promise.all(steps.map(({ statement, rows }) => limit(() => graph.query(statement, { rows }))));
}
