import neo4j, { type Driver } from 'neo4j-driver';
import { loadCatalogue } from '../../schemas/catalogue.ts';
import { literalOf } from './literal.ts';

export interface DumpedNode {
  /** The label that it is called by. */
  label: string;
  id: string;
  /** All of them, sorted. */
  labels: string[];
  /** Values as Cypher literals, so that 1 and 1.0 differ. */
  properties: Record<string, string>;
}

export interface DumpedEdge {
  /** `nodeKey` of both ends. */
  from: string;
  type: string;
  to: string;
  properties: Record<string, string>;
}

export interface GraphDump {
  nodes: DumpedNode[];
  edges: DumpedEdge[];
}

/** What says when and by whom something was written. */
const bookkeeping = new Set(['firstseen', 'lastupdated', '_module_name', '_module_version']);
const isKept = (name: string): boolean =>
  !bookkeeping.has(name) && (!name.startsWith('_') || /^_(ont|sub_resource)_/.test(name));

const catalogue = loadCatalogue();
const primaryLabels = new Set(catalogue.all().map(({ label }) => label));
const extraLabels = new Map(
  catalogue.all().map(({ label, labels }) => [label, new Set(labels.filter((other) => other !== label))]),
);

export function nodeKey({ label, id }: Pick<DumpedNode, 'label' | 'id'>): string {
  return `${label}|${id}`;
}

/** Everything in the database but bookkeeping, the loaders' and the reference's. */
export async function dumpGraph(connection: { uri: string; user: string; password: string }): Promise<GraphDump> {
  const driver = neo4j.driver(connection.uri, neo4j.auth.basic(connection.user, connection.password), {
    useBigInt: true,
  });
  try {
    return await readDump(driver);
  } finally {
    await driver.close();
  }
}

async function readDump(driver: Driver): Promise<GraphDump> {
  const read = async <Row extends object>(text: string): Promise<Row[]> =>
    (await driver.executeQuery(text)).records.map((record) => record.toObject() as Row);

  const keys = new Map<string, string>();
  const nodes: DumpedNode[] = [];
  for (const row of await read<{ element: string; labels: string[]; props: Record<string, unknown> }>(
    'MATCH (n) RETURN elementId(n) AS element, labels(n) AS labels, properties(n) AS props',
  )) {
    if (row.labels.some((label) => label.startsWith('_'))) continue;
    const labels = row.labels.toSorted();
    const node = {
      label: primaryLabelOf(labels),
      id: String(row.props['id']),
      labels,
      properties: literals(row.props),
    };
    keys.set(row.element, nodeKey(node));
    nodes.push(node);
  }
  const edges: DumpedEdge[] = [];
  for (const row of await read<{ from: string; type: string; to: string; props: Record<string, unknown> }>(
    'MATCH (a)-[e]->(b) RETURN elementId(a) AS from, type(e) AS type, elementId(b) AS to, properties(e) AS props',
  )) {
    const [from, to] = [keys.get(row.from), keys.get(row.to)];
    if (from !== undefined && to !== undefined)
      edges.push({ from, type: row.type, to, properties: literals(row.props) });
  }
  return { nodes, edges };
}

/** A label may be one record type's own and an extra one of another (AWSIpRule): the most special one names the node. */
function primaryLabelOf(labels: readonly string[]): string {
  const own = labels.filter((label) => primaryLabels.has(label));
  const special = own.filter((label) => !own.some((other) => extraLabels.get(other)!.has(label)));
  return special.length > 0 ? special.join('&') : labels.join('&');
}

function literals(props: Record<string, unknown>): Record<string, string> {
  const kept = Object.entries(props).filter(([name]) => isKept(name));
  return Object.fromEntries(kept.map(([name, value]) => [name, literalOf(value)]));
}
