import neo4j, { type Driver, type Session, type Transaction } from 'neo4j-driver';
import pLimit from 'p-limit';
import { retryTransient } from '../../platform/retry.ts';
import type { RecordSchema } from '../../schemas/record-schema.ts';
import { bookkeepingConstraints, recordConstraints } from './constraints.ts';
import type { CypherGraph, Run } from './cypher-graph.ts';
import { describeDuplicates, isDefinitionRace } from './failure.ts';
import type { Graph, GraphTransaction } from './graph.ts';
import { Neo4jTransaction } from './neo4j-transaction.ts';
import { dropPlainIndexes, type PlainIndex, restorePlainIndexes } from './plain-indexes.ts';

export interface Neo4jGraphOptions {
  /** Default: the user's home database. */
  database?: string | undefined;
  /**
   * The server ends a transaction that is open for longer, and lets go of its locks: those of a loader whose machine
   * vanished would hold up its partitions for hours. Default 10 minutes.
   */
  transactionTimeoutMs?: number;
}

const LONGEST_TRANSACTION_MS = 600_000;

/** Statements of one process that the server plans at a time, each on a core of its own. */
const PLANNED_AT_ONCE = 3;

/** The graph in a Neo4j database (5.26 or later), through one driver. */
export class Neo4jGraph implements Graph, CypherGraph {
  readonly #driver: Driver;
  readonly #database: string | undefined;
  readonly #transactionTimeoutMs: number;
  readonly #prepared = new Set<string>();
  /** The statements that the server has planned for this process, or is planning, behind whether it is for transactions with changes. */
  readonly #plans = new Map<string, Promise<void>>();
  readonly #planningSlots = pLimit(PLANNED_AT_ONCE);
  #preparing: Promise<void> = Promise.resolve();

  constructor(driver: Driver, { database, transactionTimeoutMs = LONGEST_TRANSACTION_MS }: Neo4jGraphOptions = {}) {
    this.#driver = driver;
    this.#database = database;
    this.#transactionTimeoutMs = transactionTimeoutMs;
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

  transact<T>(work: (tx: GraphTransaction) => Promise<T>): Promise<T> {
    return this.transactCypher((run) => work(new Neo4jTransaction(run)));
  }

  transactCypher<T>(work: (run: Run) => Promise<T>): Promise<T> {
    return this.#transact(work, { timeout: this.#transactionTimeoutMs });
  }

  async #transact<T>(work: (run: Run) => Promise<T>, config: Parameters<Session['beginTransaction']>[0]): Promise<T> {
    const session = this.#session();
    try {
      const transaction = await session.beginTransaction(config);
      try {
        const result = await work(this.#runIn(transaction));
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
    const query = <T extends object>(text: string): Promise<T[]> => this.query<T>(text);
    const dropped: PlainIndex[] = [];
    try {
      await retryTransient(
        async () => {
          dropped.push(...(await dropPlainIndexes(query, missing)));
          // Without a limit: an index over a large graph takes its time.
          await this.#transact(async (run) => {
            for (const statement of missing) await run(statement, {});
          }, {});
        },
        { isTransient: isDefinitionRace, minDelayMs: 50, maxDelayMs: 1_000, maxElapsedMs: 60_000 },
      );
    } catch (error) {
      await restorePlainIndexes(query, dropped).catch(() => undefined);
      throw describeDuplicates(error) ?? error;
    }
    // A constraint's index is there when the constraint is. One of a constraint that failed is never whole, until it is defined again.
    const populating = await this.query<{ name: string }>(
      "SHOW INDEXES YIELD name, state WHERE state = 'POPULATING' AND NOT name STARTS WITH 'constraint_' RETURN name",
    );
    for (const { name } of populating) await this.query('CALL db.awaitIndex($name, 300)', { name });
    for (const statement of missing) this.#prepared.add(statement);
  }

  /** Statements go to the server in the order in which they come, each once it is planned. */
  #runIn(transaction: Transaction): Run {
    let turn: Promise<unknown> = Promise.resolve();
    let hasChanges = false;
    return async <T extends object>(text: string, parameters: Record<string, unknown>) => {
      turn = Promise.all([turn, this.#plan(text, parameters, hasChanges)]);
      await turn;
      const { records, summary } = await transaction.run(text, parameters);
      hasChanges ||= summary.counters.containsUpdates();
      return records.map((record) => record.toObject() as T);
    };
  }

  /**
   * Has the server plan a statement that this process has not sent yet, in a transaction of its own, where it has no rows and
   * does nothing: a connection's statements are planned one behind the other, and a first load is mostly that. Neo4j keeps one
   * plan for transactions that have changed something and one for those that have not.
   */
  #plan(text: string, { batch, ...others }: Record<string, unknown>, hasChanges: boolean): Promise<void> | undefined {
    if (!isBatch(batch)) return undefined;
    const key = `${hasChanges} ${text}`;
    let plan = this.#plans.get(key);
    if (plan === undefined) {
      const parameters = { ...others, batch: { ...batch, rows: [] } };
      plan = this.#planningSlots(async () => {
        if (hasChanges) await this.#runBehindChange(text, parameters);
        else await this.query(text, parameters);
      }).then(
        () => undefined,
        // One that fails will fail when it runs, and say so there.
        () => void this.#plans.delete(key),
      );
      this.#plans.set(key, plan);
    }
    return plan;
  }

  /** In a transaction that has made a node, which goes with it. */
  async #runBehindChange(text: string, parameters: Record<string, unknown>): Promise<void> {
    const session = this.#session();
    try {
      const transaction = await session.beginTransaction({ timeout: this.#transactionTimeoutMs });
      await transaction.run('CREATE ()');
      await transaction.run(text, parameters);
      await transaction.rollback();
    } finally {
      await session.close();
    }
  }

  #session(): Session {
    return this.#driver.session({
      defaultAccessMode: neo4j.session.WRITE,
      ...(this.#database === undefined ? {} : { database: this.#database }),
    });
  }
}

function isBatch(value: unknown): value is { rows: unknown[] } {
  return typeof value === 'object' && value !== null && 'rows' in value;
}
