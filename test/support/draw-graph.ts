import { quote, slotOf } from '../../consumers/graph/names.ts';
import type { Neo4jGraph } from '../../consumers/graph/neo4j-graph.ts';

/** A node as the nodes stage leaves it. */
export interface DrawnNode {
  label: string;
  id: string;
  /** The record that it shows: short for `cartography.aws.<record>`, e.g. `ec2.Instance`. */
  record: string;
  /** The account that was read. */
  account: string;
  /** Default 1. */
  tag?: number;
  props?: Record<string, unknown>;
}

/** Makes nodes of kinds of assets, of this account where none is said. */
export const drawnBy =
  (own: string) =>
  (label: string, record: string) =>
  (id: string, props: Record<string, unknown> = {}, account = own): DrawnNode => ({
    label,
    record,
    id,
    props,
    account,
  });

/** From, type, to: ids. */
export type DrawnEdge = readonly [string, string, string];

/** Puts nodes and relationships into a graph directly, with the loaders' bookkeeping. Ids are unique among all labels. */
export async function drawGraph(
  graph: Neo4jGraph,
  nodes: readonly DrawnNode[],
  edges: readonly DrawnEdge[],
): Promise<void> {
  for (const [label, ofLabel] of Map.groupBy(nodes, (node) => node.label))
    await graph.query(`UNWIND $rows AS row MERGE (n:${quote(label)} {id: row.id}) SET n += row.props, n:_Drawn`, {
      rows: ofLabel.map(({ id, record, account, tag = 1, props = {} }) => {
        const slot = slotOf(`cartography.aws.${record}`);
        return { id, props: { ...props, [slot.scope]: `${account}/here/x`, [slot.tag]: tag, lastupdated: tag } };
      }),
    });
  for (const [type, ofType] of Map.groupBy(edges, (edge) => edge[1]))
    await graph.query(
      `UNWIND $rows AS row MATCH (a:_Drawn {id: row[0]}), (b:_Drawn {id: row[2]}) MERGE (a)-[e:${quote(type)}]->(b)
       SET e._by = ['x>|y'], e._tags = [1], e.lastupdated = 1`,
      { rows: ofType },
    );
}
