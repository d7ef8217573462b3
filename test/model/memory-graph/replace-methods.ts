import type { GraphTransaction } from '../../../consumers/graph/graph.ts';

/** The transaction with some of its methods replaced. */
export function replaceMethods(tx: GraphTransaction, replaced: Partial<GraphTransaction>): GraphTransaction {
  return new Proxy<GraphTransaction>(tx, {
    get: (_, name: keyof GraphTransaction) => replaced[name] ?? tx[name].bind(tx),
  });
}
