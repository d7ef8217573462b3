import neo4j, { type Transaction } from 'neo4j-driver';

/** Nodes of one transaction at first, and where it is given up: about 16 MB and half a megabyte. */
const [most, least] = [16_000, 500];

/** Takes what memory the server has for transactions, as somebody else's long ones would. Resolves with what gives it back. */
export async function occupyMemory(server: {
  uri: string;
  user: string;
  password: string;
}): Promise<() => Promise<void>> {
  const driver = neo4j.driver(server.uri, neo4j.auth.basic(server.user, server.password), {
    maxTransactionRetryTime: 0,
  });
  const open: Transaction[] = [];
  for (let nodes = most; nodes >= least;) {
    try {
      const transaction = await driver.session().beginTransaction();
      await transaction.run(`UNWIND range(1, ${nodes}) AS i CREATE (:_Occupied {number: i, text: 'occupied ' + i})`);
      open.push(transaction);
    } catch (error) {
      if (!(error instanceof neo4j.Neo4jError) || !error.code.includes('OutOfMemory')) throw error;
      nodes = Math.floor(nodes / 2);
    }
  }
  return async () => {
    await Promise.all(open.map((transaction) => transaction.rollback().catch(() => undefined)));
    await driver.close();
  };
}
