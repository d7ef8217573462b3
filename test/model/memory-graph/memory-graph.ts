import type { Graph, GraphTransaction } from '../../../consumers/graph/graph.ts';
import { isBookkeeping, type ModelGraph } from '../law.ts';
import type { Surroundings } from './bookkeeping.ts';
import { MemoryTransaction } from './memory-transaction.ts';
import { failure, type Store, StoreTransaction } from './store.ts';

export interface Client extends Surroundings {
  /** How a commit goes: `lost` is undone, after `unheard` the client is told that it failed. */
  commit(): 'done' | 'lost' | 'unheard';
  /** Told of each transaction that begins. */
  begun(transaction: StoreTransaction): void;
  /** Default: MemoryTransaction. */
  wrap?: (transaction: MemoryTransaction) => GraphTransaction;
  makeTransaction?: (tx: StoreTransaction, surroundings: Surroundings) => MemoryTransaction;
}

/** One client's connection to a Store. */
export class MemoryGraph implements Graph {
  readonly #store: Store;
  readonly #client: Client;

  constructor(store: Store, client: Client) {
    this.#store = store;
    this.#client = client;
  }

  async prepare(): Promise<void> {}

  async prepareBookkeeping(): Promise<void> {}

  async transact<T>(work: (tx: GraphTransaction) => Promise<T>): Promise<T> {
    const client = this.#client;
    const transaction = new StoreTransaction(this.#store, () => client.turn());
    client.begun(transaction);
    const ours = client.makeTransaction?.(transaction, client) ?? new MemoryTransaction(transaction, client);
    try {
      const result = await work(inTurn(client.wrap?.(ours) ?? ours));
      await client.turn();
      const how = client.commit();
      if (how === 'lost') throw failure('ServiceUnavailable');
      transaction.commit();
      await client.turn();
      if (how === 'unheard') throw failure('ServiceUnavailable');
      return result;
    } catch (error) {
      if (transaction.isOpen) transaction.rollback();
      throw error;
    }
  }

  async close(): Promise<void> {}
}

/** Statements of one transaction are done one after the other, and none after one that failed. */
function inTurn(transaction: GraphTransaction): GraphTransaction {
  let last: Promise<unknown> = Promise.resolve();
  return new Proxy(transaction, {
    get: (_, name: keyof GraphTransaction) => {
      const statement = transaction[name].bind(transaction) as (...parameters: unknown[]) => Promise<unknown>;
      return (...parameters: unknown[]) => {
        last = last.then(() => statement(...parameters));
        last.catch(() => undefined);
        return last;
      };
    },
  });
}

/** What users see of a Store, in the model's form. */
export function readStore({ rows }: Store): ModelGraph {
  const plain = (value: unknown): unknown => (typeof value === 'bigint' ? Number(value) : value);
  const nodes: ModelGraph['nodes'] = new Map();
  for (const [key, { labels, props }] of rows.node)
    nodes.set(key, {
      labels: new Set(labels),
      props: Object.fromEntries(
        Object.entries(props).flatMap(([name, value]) => (isBookkeeping(name) ? [] : [[name, plain(value)]])),
      ),
    });
  return { nodes, edges: new Map([...rows.edge].map(([key, { lastupdated }]) => [key, Number(lastupdated)])) };
}
