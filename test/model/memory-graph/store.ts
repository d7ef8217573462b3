import neo4j from 'neo4j-driver';
import type {
  AppliedScope,
  Fence,
  FenceKey,
  PendingReference,
  ScopeNote,
  StoredMarker,
  Watermark,
} from '../../../consumers/graph/graph.ts';

export interface StoredNode {
  label: string;
  id: string;
  labels: ReadonlySet<string>;
  /** As Neo4j has them, the loaders' bookkeeping included; no nulls. */
  props: Readonly<Record<string, unknown>>;
}

export interface StoredEdge {
  type: string;
  from: string;
  to: string;
  by: readonly string[];
  tags: readonly bigint[];
  lastupdated: bigint;
  props: Readonly<Record<string, unknown>>;
}

export interface StoredClaim {
  claim: string;
  of: string;
  type: string;
  scope: string;
  id: string;
  tag: bigint;
  props: Readonly<Record<string, unknown>>;
}

export interface StoredScope {
  scope: string;
  note?: ScopeNote;
  applied?: AppliedScope;
  watermarks: ReadonlyMap<string, Watermark>;
}

export type StoredReference = PendingReference & { key: string; stage: string };

/** What a database holds, by key; values are never changed, only replaced. */
export interface Tables {
  node: StoredNode;
  edge: StoredEdge;
  claim: StoredClaim;
  scope: StoredScope;
  fence: FenceKey & Partial<Fence>;
  marker: StoredMarker;
  reference: StoredReference;
  referenceKind: { stage: string; target: string };
}

export type Table = keyof Tables;

/** One entry that a transaction changed; undefined: not there. */
export type Change = {
  [T in Table]: { table: T; key: string; before: Tables[T] | undefined; after: Tables[T] | undefined };
}[Table];

type Rows = { [T in Table]: Map<string, Tables[T]> };
type Writes = { [T in Table]: Map<string, Tables[T] | undefined> };

/**
 * A database as Neo4j isolates it: read committed. What a transaction wrote is seen by itself only until it commits; what it
 * locked is its own until it ends; who waits for whom in a circle gets a transient error.
 */
export class Store {
  readonly rows: Rows = emptyTables();
  /** Called with what a commit changed, when it has. */
  onCommit: (changes: Change[]) => void = () => undefined;
  readonly #owners = new Map<string, StoreTransaction>();

  ownerOf(lock: string): StoreTransaction | undefined {
    return this.#owners.get(lock);
  }

  own(lock: string, by: StoreTransaction): void {
    this.#owners.set(lock, by);
  }

  release(lock: string): void {
    this.#owners.delete(lock);
  }
}

export class StoreTransaction {
  readonly #store: Store;
  readonly #turn: () => Promise<void>;
  readonly #writes: Writes = emptyTables();
  readonly #locks = new Set<string>();
  readonly #ended = Promise.withResolvers<void>();
  #waitsFor: StoreTransaction | undefined;
  isOpen = true;

  /** `turn` resolves when it is this transaction's turn again. */
  constructor(store: Store, turn: () => Promise<void>) {
    this.#store = store;
    this.#turn = turn;
  }

  get<T extends Table>(table: T, key: string): Tables[T] | undefined {
    const writes: Map<string, Tables[T] | undefined> = this.#writes[table];
    return writes.has(key) ? writes.get(key) : this.#store.rows[table].get(key);
  }

  /** Everything visible now. */
  all<T extends Table>(table: T): Tables[T][] {
    const writes: Map<string, Tables[T] | undefined> = this.#writes[table];
    const rows: Map<string, Tables[T]> = this.#store.rows[table];
    const keys = writes.size === 0 ? [...rows.keys()] : [...new Set([...rows.keys(), ...writes.keys()])];
    return keys.flatMap((key) => this.get(table, key) ?? []);
  }

  /** Resolves when the entry is locked until the end of this transaction. */
  async lock(table: Table, key: string): Promise<void> {
    const lock = `${table}|${key}`;
    for (;;) {
      const owner = this.#store.ownerOf(lock);
      if (owner === this) return;
      if (owner === undefined) break;
      for (let next: StoreTransaction | undefined = owner; next !== undefined; next = next.#waitsFor)
        if (next === this) throw failure('Neo.TransientError.Transaction.DeadlockDetected');
      this.#waitsFor = owner;
      await owner.#ended.promise;
      this.#waitsFor = undefined;
      await this.#turn();
    }
    this.#store.own(lock, this);
    this.#locks.add(lock);
  }

  put<T extends Table>(table: T, key: string, value: Tables[T] | undefined): void {
    if (!this.#locks.has(`${table}|${key}`)) throw new Error(`${table} ${key} is written without a lock`);
    (this.#writes[table] as Map<string, Tables[T] | undefined>).set(key, value);
  }

  commit(): void {
    const changes: Change[] = [];
    for (const table of Object.keys(this.#writes) as Table[]) {
      const rows = this.#store.rows[table] as Map<string, Tables[Table]>;
      for (const [key, after] of this.#writes[table]) {
        const before = rows.get(key);
        if (after === undefined) rows.delete(key);
        else rows.set(key, after);
        changes.push({ table, key, before, after } as Change);
      }
    }
    this.rollback();
    this.#store.onCommit(changes);
  }

  rollback(): void {
    this.isOpen = false;
    this.#waitsFor = undefined;
    for (const lock of this.#locks) this.#store.release(lock);
    this.#ended.resolve();
  }
}

/** An error as the driver throws it. */
export function failure(code: string): Error {
  return new neo4j.Neo4jError(code, code, '', '', {} as never);
}

function emptyTables<T>(): T {
  return {
    node: new Map(),
    edge: new Map(),
    claim: new Map(),
    scope: new Map(),
    fence: new Map(),
    marker: new Map(),
    reference: new Map(),
    referenceKind: new Map(),
  } as T;
}
