import type { RecordSchema } from '../../schemas/record-schema.ts';
import type { Row } from './row.ts';

/**
 * The port onto the graph. The stages are written against it; neo4j-graph.ts implements it with Cypher. Every method is
 * one statement or none (no rows), and what it does to the graph is said here.
 */
export interface Graph {
  /** Creates what these record types need: constraints and indexes. Once per record type; cheap afterwards. */
  prepare(schemas: readonly RecordSchema[]): Promise<void>;
  /** Creates what fences, markers and the other bookkeeping need. */
  prepareBookkeeping(): Promise<void>;
  /** Runs the work in one transaction and commits. An error rolls back and is thrown as it came; see failure.ts. */
  transact<T>(work: (tx: GraphTransaction) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export interface FenceKey {
  stage: string;
  topic: string;
  partition: number;
}

export interface Fence extends FenceKey {
  /** The next offset to apply. */
  offset: bigint;
  /** Kafka's id of the topic that the offsets belong to. */
  topicId: string;
  /** Grows with each transaction that applies what is beyond the fence, whether or not it moves it. Unset: left as it is. */
  round?: bigint;
}

export interface Watermark {
  /** W(scope) for one record type: the largest tag of a complete marker that the cleanup has begun to act on. */
  tag: bigint;
  /** Nodes whose record was withheld then, with the tag that their record must have to be alive. */
  withheld: ReadonlyMap<string, bigint>;
}

/** A reference whose other node is not there, or that may match further nodes (Relationship.unique is false). */
export interface PendingReference {
  /** Full name of the record type that asserts it. */
  recordType: string;
  /** See referenceSignature. */
  signature: string;
  claim: string;
  scope: string;
  id: string;
  tag: bigint;
  values: (string | number | boolean)[];
  props: Record<string, unknown>;
  /** What a node must have to be the other end: `<label>.<properties>|<values>`. */
  match: string;
}

export interface ReferenceKind {
  label: string;
  properties: readonly string[];
}

export interface LinkRow {
  id: string;
  claim: string;
  scope: string;
  tag: bigint;
  values: (string | number | boolean)[];
  props: Record<string, unknown>;
}

export interface Upserted {
  /** Rows that were left alone: their node shows another scope's record of this type. */
  taken: Row[];
  /** How many rows changed nothing but the tag. */
  same: number;
}

/** A record, with what its edges must have at the other end. */
export interface HeldRow {
  id: string;
  scope: string;
  tag: bigint;
  /** By relationship: single values as they are, several as lists. */
  values: unknown[][];
}

/** How many edges a record holds, by group. */
export interface HeldEdges {
  asserted: number[];
  /** Edges that it asserted once and does no longer. */
  lost: number[];
}

/** A record that a cleanup found dead. */
export interface StaleRecord {
  id: string;
  scope: string;
  /** Whether the node shows this record (or it is only kept as a claim). */
  shown: boolean;
}

/** An edge that other records assert onto a node that is about to go. */
export interface InboundEdge {
  /** The node that goes: its labels and properties. */
  node: { labels: string[]; properties: Record<string, unknown> };
  type: string;
  /** `out`: from the asserting record's node to the one that goes. */
  direction: 'in' | 'out';
  /** The id of the asserting record's node. */
  id: string;
  /** The asserting claims (`<record type><direction>|<scope>`) with their tags. */
  by: { claim: string; tag: bigint }[];
  props: Record<string, unknown>;
}

/** A marker that was read, kept for gates and until the cleanup has acted on it. */
export interface StoredMarker {
  key: string;
  kind: 'scope' | 'account' | 'hierarchy' | 'run-started' | 'run' | 'analysis';
  /**
   * The scope, the account, `organization/<id>`, or `run`. `run` is the kind of a run that has ended, `analysis` asks for the
   * derived values of an account or an organization.
   */
  subject: string;
  tag: bigint;
  /** `waiting` for its gate; `incomplete`: the end-to-end check failed; `done`. */
  state: 'waiting' | 'incomplete' | 'done';
  /** The marker's value. */
  value: Record<string, unknown>;
}

export interface MarkerFilter {
  kind: StoredMarker['kind'];
  /** Default: any. */
  state?: StoredMarker['state'];
  /** Default: any. */
  tag?: bigint;
}

/** What the graph says of a scope's freshness. */
export interface ScopeNote {
  scope: string;
  tag: bigint;
  outcome: string;
  reason: string | null;
  endedAt: number;
}

/** A scope of which the graph has all that a complete marker counted, and from which what was older is gone. */
export interface AppliedScope {
  scope: string;
  tag: bigint;
  /** When the reading began, in milliseconds: the graph has what was there then. */
  asOf: number;
}

export interface GraphTransaction {
  /** Locks the fences, in one order, until the end of the transaction and reads them, in the order of the keys; undefined for one that is not there yet (it is locked all the same). */
  lockFences(keys: readonly FenceKey[]): Promise<(Fence | undefined)[]>;
  moveFences(fences: readonly Fence[]): Promise<void>;
  /** Reads without locking. */
  fences(stages: readonly string[]): Promise<Fence[]>;
  /**
   * Locks these stages and every fence of theirs, in one order: no chunk of theirs is being applied until the end of the
   * transaction, and none begins.
   */
  stopStages(stages: readonly string[]): Promise<void>;
  /** Locks the stage by itself: waits for `stopStages`, and lets it wait, but not for chunks that are being applied. Who makes a new fence does so. */
  lockStage(stage: string): Promise<void>;

  /** Watermarks of these scopes, by record type and scope; those without one are left out. */
  watermarksOf(
    wanted: ReadonlyMap<RecordSchema, ReadonlySet<string>>,
  ): Promise<Map<RecordSchema, Map<string, Watermark>>>;
  /** The same for one record type. */
  watermarks(schema: RecordSchema, scopes: readonly string[]): Promise<Map<string, Watermark>>;
  /** The same for several record types, by record type and scope, in one look. */
  allWatermarks(
    schemas: readonly RecordSchema[],
    scopes: readonly string[],
  ): Promise<Map<string, Map<string, Watermark>>>;
  /** By record type and scope. */
  raiseWatermarks(raised: ReadonlyMap<string, ReadonlyMap<string, Watermark>>): Promise<void>;

  /** Locks the nodes of these ids, in one order whatever the record types; those that are missing are made. */
  lockNodes(label: string, ids: readonly string[]): Promise<void>;
  /** Locks these nodes and gives the scope whose record of this type each shows. */
  shownScopes(schema: RecordSchema, ids: readonly string[]): Promise<Map<string, string>>;
  /**
   * Gives nodes that show just this content of this scope (see contentOf) the row's tag, unless theirs is larger; returns the
   * rows that are not shown so. Locks the nodes that are there.
   */
  renew(schema: RecordSchema, rows: readonly Row[]): Promise<Row[]>;
  /** Shows the records (distinct ids). */
  upsert(schema: RecordSchema, rows: readonly Row[]): Promise<Upserted>;
  /** Keeps records (distinct claims) beside the one that the node shows. */
  keepClaims(schema: RecordSchema, rows: readonly Row[]): Promise<void>;
  /** Lets each claim (distinct ids) replace the shown record if it is newer, or as new and first by scope. */
  elect(schema: RecordSchema, rows: readonly Row[]): Promise<void>;

  /** The rows that are the graph's present records: same tag, shown or kept. */
  present(
    schema: RecordSchema,
    rows: readonly { id: string; claim: string; scope: string; tag: bigint }[],
  ): Promise<Set<string>>;
  /**
   * Looks at the edges that shown records hold, in groups of relationships that share type and direction (each given by one
   * of them), and renews those that the record still asserts. Answers by row; undefined for a row whose record its node
   * does not show.
   */
  holdEdges(
    schema: RecordSchema,
    groups: readonly number[],
    rows: readonly HeldRow[],
  ): Promise<(HeldEdges | undefined)[]>;
  /** Makes or renews the edges of one relationship; returns the rows that found no other node. */
  link(schema: RecordSchema, relationship: number, rows: readonly LinkRow[]): Promise<LinkRow[]>;
  /** Withdraws the records' claims from edges of these relationships' group that `values` (by relationship) no longer name. */
  prune(
    schema: RecordSchema,
    relationship: number,
    rows: readonly { id: string; scope: string; values: unknown[][] }[],
  ): Promise<void>;

  /** Replaces what is pending for these claims in this stage. */
  replaceReferences(stage: string, claims: readonly string[], pending: readonly PendingReference[]): Promise<void>;
  addReferences(stage: string, pending: readonly PendingReference[]): Promise<void>;
  dropReferences(stage: string, pending: readonly PendingReference[]): Promise<void>;
  referenceKinds(stage: string): Promise<ReferenceKind[]>;
  references(stage: string, matches: readonly string[]): Promise<PendingReference[]>;

  /** How many records of this type each scope has at its tag or above. */
  countRecords(schema: RecordSchema, scopes: readonly { scope: string; tag: bigint }[]): Promise<Map<string, number>>;
  /** Whether a record of this type is one that its scope's watermark declares dead. */
  hasStale(schema: RecordSchema, watermarks: ReadonlyMap<string, Watermark>): Promise<boolean>;
  /** Records of this type that their scope's watermark declares dead: at most `limit` that nodes show and as many that are kept beside. */
  stale(schema: RecordSchema, watermarks: ReadonlyMap<string, Watermark>, limit: number): Promise<StaleRecord[]>;
  /** Short names of the other record types that these nodes show. */
  alsoShown(schema: RecordSchema, ids: readonly string[]): Promise<string[]>;
  /**
   * Forgets dead records. A node that shows one shows the best of the remaining ones of this type instead, or loses the
   * properties and labels that no sibling (another record type that it shows) gives it. Returns the ids of nodes that no
   * record makes any more.
   */
  vacate(schema: RecordSchema, records: readonly StaleRecord[], siblings: readonly RecordSchema[]): Promise<string[]>;
  /** Withdraws all edges and pending references of these records. */
  withdraw(schema: RecordSchema, records: readonly StaleRecord[]): Promise<void>;
  /** Edges that other records assert onto these nodes. */
  inbound(label: string, ids: readonly string[]): Promise<InboundEdge[]>;
  deleteNodes(label: string, ids: readonly string[]): Promise<void>;

  storeMarkers(markers: readonly StoredMarker[]): Promise<void>;
  /** Markers of a kind, by tag. */
  markers(filter: MarkerFilter): Promise<StoredMarker[]>;
  /** How many accounts and organizations have derived values that are to be made; of one run, or of all. */
  countWaitingAnalyses(tag?: bigint): Promise<number>;
  /** Those with these keys, as far as they are there. */
  markersOf(keys: readonly string[]): Promise<StoredMarker[]>;
  /** Scope and hierarchy markers that wait or are incomplete, by key: at most `limit` after this key. */
  pendingMarkers(after: string, limit: number): Promise<StoredMarker[]>;
  /** How many of these wait, and the subjects of the incomplete ones; of one run, or of all. */
  countPendingMarkers(tag?: bigint): Promise<{ waiting: number; incomplete: string[] }>;
  /** The smallest tag of a scope or hierarchy marker that waits, of each account or `organization/<id>` that has one. */
  oldestWaiting(subjects: readonly string[]): Promise<Map<string, bigint>>;
  /** For each subject and tag the marker with the smallest tag at or above it. */
  earliestMarkers(
    kind: StoredMarker['kind'],
    wanted: readonly { subject: string; tag: bigint }[],
  ): Promise<(StoredMarker | undefined)[]>;
  settleMarkers(keys: readonly string[], state: 'incomplete' | 'done'): Promise<void>;
  /**
   * Forgets the markers of accounts that are older than this tag, but for the `keep` newest of an account and those whose
   * analysis is still asked for.
   */
  forgetAccountMarkers(before: ReadonlyMap<string, bigint>, keep: number): Promise<void>;
  /** Notes on the scopes how they ended, unless a later tag is noted already. */
  noteScopes(scopes: readonly ScopeNote[]): Promise<void>;
  /** Notes on the scopes as of when the graph shows them, unless a later tag is noted already. */
  noteApplied(scopes: readonly AppliedScope[]): Promise<void>;
}
