import { backoffDelayMs } from '../../platform/retry.ts';
import { index, unique } from '../graph/constraints.ts';
import { type CypherGraph, KEEP_PLAN, type Run } from '../graph/cypher-graph.ts';
import { classifyFailure } from '../graph/failure.ts';
import { Label } from '../graph/names.ts';
import { type Clock, realClock } from '../runner/clock.ts';
import type { Job } from './job.ts';
import { type Settle, settling } from './settle.ts';
import {
  countRound,
  forgetNeeds,
  type JobStatements,
  jobStatements,
  lockAnalysis,
  notedNeeds,
  noteNeeds,
  readRound,
  slotsByLabel,
} from './statements.ts';

export interface AnalysisOptions {
  graph: CypherGraph;
  /** In the order in which they run: a job may read what an earlier one has made. */
  jobs: readonly Job[];
  /** Nodes per transaction. Default 1,000. */
  batchNodes?: number;
  clock?: Pick<Clock, 'sleep'>;
}

/** How often a transaction that failed for a passing reason is tried again before its round is given up. */
const attempts = 10;
/** A batch that is too much for a busy server is soon made smaller. */
const attemptsInOverload = 3;

/**
 * Brings the derived values of accounts up to date: those of their own nodes, and those of other accounts' nodes that rest
 * on theirs. It writes only what differs, in the transaction that has read it, so that no value is ever missing in between
 * and a second time writes nothing.
 */
export class Analysis {
  readonly #graph: CypherGraph;
  readonly #jobs: readonly PreparedJob[];
  readonly #batchNodes: number;
  readonly #clock: Pick<Clock, 'sleep'>;

  constructor({ graph, jobs, batchNodes = 1_000, clock = realClock }: AnalysisOptions) {
    this.#graph = graph;
    this.#batchNodes = batchNodes;
    this.#clock = clock;
    this.#jobs = jobs.map((job) => ({ job, text: jobStatements(job), settle: settling(job) }));
  }

  /** Creates the indexes that the jobs need. Before a load: an index that is made in the middle of one makes Neo4j plan all anew. */
  async prepare(): Promise<void> {
    await this.#graph.define([
      unique(Label.analysis, 'key'),
      index(Label.analysis, 'job'),
      ...this.#jobs.flatMap(({ job }) => indexesOf(job)),
    ]);
  }

  /**
   * Subjects are accounts and `organization/<id>`. Resolves with how many nodes and relationships changed.
   * @throws the signal's reason, between two transactions: what is written stays, and a second time goes on
   */
  async update(subjects: readonly string[], signal?: AbortSignal): Promise<number> {
    await this.prepare();
    const { round, work } = await this.#transact((run) => this.#look(run, subjects), signal);
    const needs: Needs[] = [];
    let written = 0;
    for (const one of work) {
      const result = await this.#settle(one, signal);
      written += result.written;
      needs.push(result.needs);
    }
    // Another process that ended a round meanwhile may not have known what this one's values rest on.
    return (await this.#end(needs, round, signal)) ? written : written + (await this.update(subjects, signal));
  }

  /** What is to be done: for each job the accounts that it is done for, and their nodes. */
  async #look(run: Run, subjects: readonly string[]): Promise<{ round: number; work: Work[] }> {
    const [lock] = await run<{ round: number }>(readRound, {});
    const found = await run<{ label: string; slot: string }>(slotsByLabel, {});
    const slots = new Map(
      [...Map.groupBy(found, ({ label }) => label)].map(([label, of]) => [label, of.map(({ slot }) => slot)]),
    );
    const accounts = new Set(subjects);
    const work: Work[] = [];
    for (const prepared of this.#jobs) {
      const own = slots.get(prepared.job.label);
      if (own === undefined) continue;
      // What one job changes may be what a later one reads: the accounts add up.
      for (const account of await findDependents(run, prepared, accounts, slots)) accounts.add(account);
      const nodes = await run<{ id: string }>(prepared.text.nodes(own), prefixes(accounts));
      work.push({ ...prepared, accounts: [...accounts], ids: nodes.map(({ id }) => id) });
    }
    return { round: lock!.round, work };
  }

  async #settle(
    { job, text, settle, accounts, ids }: Work,
    signal: AbortSignal | undefined,
  ): Promise<{ written: number; needs: Needs }> {
    const needs: Needs = { job: job.name, of: new Map(accounts.map((account) => [account, new Set()])) };
    let written = 0;
    let size = this.#batchNodes;
    for (let at = 0; at < ids.length;) {
      const rows = ids.slice(at, at + size);
      try {
        const batch = await this.#transact(async (run) => {
          // One process at a time: what is read here is not older than what another one wrote.
          await run(lockAnalysis, {});
          const rests = text.needs.map((needed) =>
            run<{ account: string; other: string }>(needed, { batch: { rows } }),
          );
          return { written: await settle(run, rows), rests: (await Promise.all(rests)).flat() };
        }, signal);
        for (const { account, other } of batch.rests) needs.of.get(account)?.add(other);
        written += batch.written;
        at += rows.length;
      } catch (error) {
        if (!['too-large', 'overload'].includes(classifyFailure(error)) || size === 1) throw error;
        size = Math.ceil(size / 2);
      }
    }
    return { written, needs };
  }

  /** Notes what the values rest on. Says false, and notes nothing, if another process ended a round since. */
  async #end(needs: readonly Needs[], round: number, signal: AbortSignal | undefined): Promise<boolean> {
    const notes = needs.flatMap(({ job, of }) =>
      [...of].map(([account, others]) => ({ key: `${job}|${account}`, job, account, needs: [...others].sort() })),
    );
    const [some, none] = [
      notes.filter((note) => note.needs.length > 0),
      notes.filter((note) => note.needs.length === 0),
    ];
    return this.#transact(async (run) => {
      const [lock] = await run<{ round: number }>(lockAnalysis, {});
      if (lock!.round !== round) return false;
      await Promise.all([
        run(noteNeeds, { batch: { rows: some } }),
        run(forgetNeeds, { batch: { rows: none.map(({ key }) => key) } }),
        run(countRound, {}),
      ]);
      return true;
    }, signal);
  }

  /** What fails for a passing reason is tried again: a deadlock costs a batch, not the round. */
  async #transact<T>(work: (run: Run) => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      signal?.throwIfAborted();
      try {
        return await this.#graph.transactCypher((run) => work(keepingPlans(run)));
      } catch (error) {
        const most = { transient: attempts, overload: attemptsInOverload }[classifyFailure(error) as string] ?? 0;
        if (attempt >= most) throw error;
        await this.#clock.sleep(backoffDelayMs(attempt, 50, 2_000));
      }
    }
  }
}

interface PreparedJob {
  job: Job;
  text: JobStatements;
  settle: Settle;
}

interface Work extends PreparedJob {
  accounts: readonly string[];
  /** Of the nodes to look at. */
  ids: readonly string[];
}

/** The other accounts that accounts' values of one job rest on. */
interface Needs {
  job: string;
  of: ReadonlyMap<string, Set<string>>;
}

/** Other accounts whose values of this job rest on nodes of these, now or as of the last time. */
async function findDependents(
  run: Run,
  { job, text }: PreparedJob,
  accounts: ReadonlySet<string>,
  slots: ReadonlyMap<string, readonly string[]>,
): Promise<string[]> {
  const looks = (job.borders ?? []).flatMap(({ label }, index) => {
    const known = slots.get(label);
    return known === undefined ? [] : [run<{ account: string }>(text.neededBy[index]!(known), prefixes(accounts))];
  });
  if (looks.length === 0) return [];
  looks.push(run<{ account: string }>(notedNeeds, { job: job.name, batch: { rows: [...accounts] } }));
  return (await Promise.all(looks)).flat().map(({ account }) => account);
}

function indexesOf(job: Job): string[] {
  const indexed = job.kind === 'properties' ? job.properties.filter((property) => property.indexed) : [];
  return [
    unique(job.label, 'id'),
    ...(job.kind === 'edges' ? [unique(job.otherLabel, 'id')] : []),
    ...indexed.map(({ name }) => index(job.label, name)),
    ...(job.lookups ?? []).map(({ label, property }) => index(label, property)),
  ];
}

/** How the scopes of accounts and organizations begin. */
function prefixes(subjects: Iterable<string>): { batch: { rows: string[] } } {
  const rows = [...subjects].map((subject) => (subject.startsWith('organization/') ? subject : `${subject}/`));
  return { batch: { rows } };
}

function keepingPlans(run: Run): Run {
  return (text, parameters) => run(text === slotsByLabel ? text : `${KEEP_PLAN}${text}`, parameters);
}
