import { appendFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/* Taken in by `node --import`: every statement that this process sends to Neo4j, a JSON line each, into RECORD_CYPHER. */

interface Transaction {
  run: (this: Transaction, text: string, ...others: unknown[]) => unknown;
}

const driver = createRequire(import.meta.resolve('neo4j-driver'));
const { default: base } = driver('neo4j-driver-core/lib/transaction.js') as { default: { prototype: Transaction } };
const run = base.prototype.run;
base.prototype.run = function (text, ...others) {
  appendFileSync(process.env['RECORD_CYPHER']!, `${JSON.stringify(text)}\n`);
  return run.call(this, text, ...others);
};
