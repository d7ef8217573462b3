import { type Client, MemoryGraph } from './memory-graph.ts';
import type { Store } from './store.ts';

/** A client of a store to which nothing happens, but for what is given. */
export function connectStore(store: Store, client: Partial<Client> = {}): MemoryGraph {
  return new MemoryGraph(store, {
    turn: () => Promise.resolve(),
    failStatement: () => undefined,
    goneIsSilent: true,
    commit: () => 'done',
    begun: () => undefined,
    ...client,
  });
}
