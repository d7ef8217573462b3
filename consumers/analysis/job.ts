import type { Run } from '../graph/cypher-graph.ts';

/**
 * A derived value, as data. A job owns properties of the nodes of one label, or the relationships of one type between two
 * kinds of nodes; what they must be follows from the graph alone. The engine (analysis.ts) compares that with what is
 * there and writes the difference. Its Cypher is planned once, perhaps while the graph is empty: it begins at `n`, names the
 * index where it looks something up, and has labels only where types do not say enough.
 */
export type Job = PropertyJob | EdgeJob;

interface CommonJob {
  /** Letters, digits and underscores. It stands in `_by` of the relationships, so it stays as it is. */
  name: string;
  /** Label of the nodes `n` that the job works on: one that record types have as their primary label. */
  label: string;
  /** Where the answer for `n` may rest on another account's nodes: when that account completes, `n` is looked at again. */
  borders?: readonly Border[];
  /** Indexes that the job's Cypher names. */
  lookups?: readonly { label: string; property: string }[];
}

export interface PropertyJob extends CommonJob {
  kind: 'properties';
  /** What the job owns: nobody else sets these properties of such nodes. `indexed`: for users' queries. */
  properties: readonly { name: string; indexed?: boolean }[];
  /** Cypher that goes on from `n` and returns one row with each property by its name, null for none. Lists are sorted. */
  values: string;
}

export interface EdgeJob extends CommonJob {
  kind: 'edges';
  type: string;
  /** `both`: one relationship, whichever way it points. */
  direction: 'out' | 'in' | 'both';
  /** Label of the nodes `m` at the other ends. */
  otherLabel: string;
  /** Cypher that goes on from `n` and returns each `m`; or what finds them for these ids of `n`. */
  others: string | ((run: Run, ids: readonly string[]) => Promise<ReadonlyMap<string, readonly OtherEnd[]>>);
}

export interface OtherEnd {
  id: string;
  /** Properties of the relationship, besides those that every one has. */
  props?: Readonly<Record<string, unknown>>;
}

/** A way from `n` to a node `m` that may be of another account. */
export interface Border {
  /** Label of `m`: one that record types have as their primary label. */
  label: string;
  /** Cypher that goes on from `n` to `m`. */
  there: string;
  /** Cypher that goes on from `m` to `n`. */
  back: string;
}

/** The border that a path makes, e.g. `(n)-[:SUBNET]->(m)`. */
export function pathTo(label: string, path: string): Border {
  return { label, there: `MATCH ${path}`, back: `MATCH ${path}` };
}
