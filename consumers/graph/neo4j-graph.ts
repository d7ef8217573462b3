import neo4j, { type Driver, type Transaction } from 'neo4j-driver';
import type { RecordSchema } from '../../schemas/record-schema.ts';
import { bookkeepingConstraints, recordConstraints } from './constraints.ts';
import type { CypherGraph, Run } from './cypher-graph.ts';
import type { Graph, GraphTransaction } from './graph.ts';
import { Neo4jTransaction } from './neo4j-transaction.ts';

/** The graph in a Neo4j database (5.26 or later), through one driver. */
export class Neo4jGraph implements Graph, CypherGraph {
  readonly #driver: Driver;
  readonly #database: string | undefined;
  readonly #prepared = new Set<string>();
  #preparing: Promise<void> = Promise.resolve();

  constructor(driver: Driver, database?: string) {
    this.#driver = driver;
    this.#database = database;
  }

  async prepare(schemas: readonly RecordSchema[]): Promise<void> {
    await this.#createOnce(schemas.flatMap(recordConstraints));
  }

  async prepareBookkeeping(): Promise<void> {
    await this.#createOnce(bookkeepingConstraints());
  }

  /** Runs one statement in a transaction of its own, retried by the driver while transient. */
  async query<T extends object>(text: string, parameters: Record<string, unknown> = {}): Promise<T[]> {
    const { records } = await this.#driver.executeQuery(
      text,
      parameters,
      this.#database === undefined ? {} : { database: this.#database },
    );
    return records.map((record) => record.toObject() as T);
  }

  async define(statements: readonly string[]): Promise<void> {
    await this.#createOnce(statements);
  }

  async transact<T>(work: (tx: GraphTransaction) => Promise<T>): Promise<T> {
    return this.transactCypher((run) => work(new Neo4jTransaction(run)));
  }

  async transactCypher<T>(work: (run: Run) => Promise<T>): Promise<T> {
    const session = this.#driver.session({
      defaultAccessMode: neo4j.session.WRITE,
      ...(this.#database === undefined ? {} : { database: this.#database }),
    });
    try {
      const transaction = await session.beginTransaction();
      try {
        const result = await work(runIn(transaction));
        await transaction.commit();
        return result;
      } catch (error) {
        await transaction.rollback().catch(() => undefined);
        throw error;
      }
    } finally {
      await session.close();
    }
  }

  async close(): Promise<void> {
    await this.#driver.close();
  }

  /** In one transaction, because each costs more than all its statements; loaders that race for one deadlock or are told that it exists, and try again. */
  async #createOnce(statements: readonly string[]): Promise<void> {
    if (statements.every((statement) => this.#prepared.has(statement))) return;
    this.#preparing = this.#preparing.then(
      () => this.#create(statements),
      () => this.#create(statements),
    );
    await this.#preparing;
  }

  async #create(statements: readonly string[]): Promise<void> {
    const missing = statements.filter((statement) => !this.#prepared.has(statement));
    if (missing.length === 0) return;
    await this.transact(async (tx) => {
      for (const statement of missing) await tx.define(statement);
    });
    await this.query('CALL db.awaitIndexes(300)');
    for (const statement of missing) this.#prepared.add(statement);
  }
}

function runIn(transaction: Transaction): Run {
  return async <T extends object>(text: string, parameters: Record<string, unknown>) => {
    const { records } = await transaction.run(text, parameters);
    return records.map((record) => record.toObject() as T);
  };
}
