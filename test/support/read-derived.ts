import { jobs } from '../../consumers/analysis/jobs.ts';
import type { Neo4jGraph } from '../../consumers/graph/neo4j-graph.ts';

export interface Derived {
  values: Map<string, Record<string, unknown>>;
  edges: string[];
  /** `ModuleSyncMetadata`: `<id> <lastupdated>`, sorted. */
  synced: string[];
}

/** All that the analysis has made. */
export async function readDerived(graph: Neo4jGraph): Promise<Derived> {
  const synced = await graph.query<{ id: string; tag: number }>(
    'MATCH (n:ModuleSyncMetadata) RETURN n.id AS id, n.lastupdated AS tag ORDER BY id',
  );
  return {
    values: await derivedValues(graph),
    edges: await derivedEdges(graph),
    synced: synced.map(({ id, tag }) => `${id} ${tag}`),
  };
}

/** What the analysis has set, by node id; nodes without any such property are left out. */
export async function derivedValues(graph: Neo4jGraph): Promise<Map<string, Record<string, unknown>>> {
  const values = new Map<string, Record<string, unknown>>();
  for (const job of jobs) {
    if (job.kind !== 'properties') continue;
    const rows = await graph.query<{ id: string; props: Record<string, unknown> }>(
      `MATCH (n:\`${job.label}\`) RETURN n.id AS id, n{${job.properties.map(({ name }) => `.${name}`).join(', ')}} AS props`,
    );
    for (const { id, props } of rows) {
      const set = Object.entries(props).filter(([, value]) => value !== null);
      if (set.length > 0) values.set(id, { ...values.get(id), ...Object.fromEntries(set) });
    }
  }
  return values;
}

/** The relationships that the analysis has made: `<id> -<type>-> <id> <lastupdated>`, sorted; those that match both ways from the smaller id. */
export async function derivedEdges(graph: Neo4jGraph): Promise<string[]> {
  const rows = await graph.query<{ from: string; type: string; to: string; tag: number }>(
    `MATCH (a)-[e]->(b) WHERE any(by IN e._by WHERE by ENDS WITH '|analysis')
     RETURN a.id AS from, type(e) AS type, b.id AS to, e.lastupdated AS tag`,
  );
  const both = new Set(jobs.flatMap((job) => (job.kind === 'edges' && job.direction === 'both' ? [job.type] : [])));
  return rows
    .map(({ from, type, to, tag }) => {
      const [first, second] = both.has(type) && to < from ? [to, from] : [from, to];
      return `${first} -${type}-> ${second} ${tag}`;
    })
    .sort();
}
