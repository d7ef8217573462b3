import neo4j, { type DateTime } from 'neo4j-driver';
import { jobs } from '../../consumers/analysis/jobs.ts';
import type { Neo4jGraph } from '../../consumers/graph/neo4j-graph.ts';
import { isBookkeeping, type ModelGraph } from '../model/law.ts';

/** What the analysis makes is not of the records either. */
const derived = new Set(
  jobs.flatMap((job) => (job.kind === 'properties' ? job.properties.map(({ name }) => `${job.label}.${name}`) : [])),
);

function isDerived(labels: readonly string[], property: string): boolean {
  return labels.some((label) => derived.has(`${label}.${property}`));
}

/** The label that a node is called by, of all that it has. */
type PrimaryLabel = (labels: readonly string[]) => string;

/**
 * The graph in the model's form, without derived values. A node's primary label is the one that has an `id` of its own: given by `primary`.
 * Points in time are milliseconds, as the records have them.
 */
export async function readGraph(graph: Neo4jGraph, primary: ReadonlySet<string> | PrimaryLabel): Promise<ModelGraph> {
  const primaryOf: PrimaryLabel =
    typeof primary === 'function' ? primary : (labels) => labels.filter((label) => primary.has(label)).join('&');
  const nodes: ModelGraph['nodes'] = new Map();
  const rows = await graph.query<{ labels: string[]; props: Record<string, unknown> }>(
    'MATCH (n) RETURN labels(n) AS labels, properties(n) AS props',
  );
  for (const { labels, props } of rows) {
    if (labels.some((label) => label.startsWith('_') || label === 'ModuleSyncMetadata')) continue;
    nodes.set(keyOf(labels, props['id'], primaryOf), {
      labels: new Set(labels),
      props: Object.fromEntries(
        Object.entries(props)
          .filter(([name]) => !isBookkeeping(name) && !isDerived(labels, name))
          .map(([name, value]) => [
            name,
            neo4j.isDateTime(value as object) ? (value as DateTime).toStandardDate().getTime() : value,
          ]),
      ),
    });
  }
  const edges: ModelGraph['edges'] = new Map();
  const found = await graph.query<{
    from: string[];
    fromId: string;
    type: string;
    to: string[];
    toId: string;
    tag: number;
  }>(
    'MATCH (a)-[e]->(b) WHERE none(by IN e._by WHERE by ENDS WITH "|analysis") RETURN labels(a) AS from, a.id AS fromId, type(e) AS type, labels(b) AS to, b.id AS toId, e.lastupdated AS tag',
  );
  for (const { from, fromId, type, to, toId, tag } of found) {
    const edge = `${keyOf(from, fromId, primaryOf)} -${type}-> ${keyOf(to, toId, primaryOf)}`;
    if (edges.has(edge)) throw new Error(`two edges: ${edge}`);
    edges.set(edge, tag);
  }
  return { nodes, edges };
}

function keyOf(labels: readonly string[], id: unknown, primaryOf: PrimaryLabel): string {
  return `${primaryOf(labels)}|${String(id)}`;
}

/** Differences in words; empty when equal. */
export function differences(expected: ModelGraph, found: ModelGraph): string[] {
  const lines: string[] = [];
  for (const key of new Set([...expected.nodes.keys(), ...found.nodes.keys()])) {
    const [a, b] = [expected.nodes.get(key), found.nodes.get(key)];
    if (a === undefined || b === undefined)
      lines.push(`node ${key}: ${a === undefined ? 'must not be there' : 'is missing'}`);
    else {
      const [left, right] = [describe(a), describe(b)];
      if (left !== right) lines.push(`node ${key}: expected ${left}, found ${right}`);
    }
  }
  for (const key of new Set([...expected.edges.keys(), ...found.edges.keys()])) {
    const [a, b] = [expected.edges.get(key), found.edges.get(key)];
    if (a !== b)
      lines.push(
        `edge ${key}: expected ${a === undefined ? 'none' : `tag ${a}`}, found ${b === undefined ? 'none' : `tag ${b}`}`,
      );
  }
  return lines;
}

function describe(node: { labels: Set<string>; props: Record<string, unknown> }): string {
  return JSON.stringify([[...node.labels].sort(), Object.entries(node.props).sort(([a], [b]) => (a < b ? -1 : 1))]);
}
