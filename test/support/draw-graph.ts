import type { Neo4jGraph } from '../../consumers/graph/neo4j-graph.ts';
import { index, unique } from '../../consumers/graph/constraints.ts';
import { quote, slotOf } from '../../consumers/graph/names.ts';

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

/** From, type, to: ids. */
export type DrawnEdge = readonly [string, string, string];

/** Puts nodes and relationships into a graph directly, with the loaders' bookkeeping. Ids are unique among all labels. */
export async function drawGraph(graph: Neo4jGraph, nodes: readonly DrawnNode[], edges: readonly DrawnEdge[]): Promise<void> {
  const slots = Map.groupBy(nodes, ({ label, record }) => `${label}/${record}`);
  await graph.define(
    [...slots.values()].flatMap(([node]) => [
      unique(node!.label, 'id'),
      index(node!.label, slotOf(`cartography.aws.${node!.record}`).scope),
    ]),
  );
  for (const { label, id, record, account, tag = 1, props = {} } of nodes) {
    const slot = slotOf(`cartography.aws.${record}`);
    await graph.query(`MERGE (n:${quote(label)} {id: $id}) SET n += $props`, {
      id,
      props: { ...props, [slot.scope]: `${account}/here/x`, [slot.tag]: tag, lastupdated: tag, firstseen: 0 },
    });
  }
  for (const [from, type, to] of edges)
    await graph.query(`MATCH (a {id: $from}), (b {id: $to}) MERGE (a)-[e:${quote(type)}]->(b) SET e._by = ['x>|y'], e._tags = [1], e.lastupdated = 1`, { from, to });
}
