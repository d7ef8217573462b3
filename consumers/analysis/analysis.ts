import { backoffDelayMs } from '../../platform/retry.ts';
import { index, unique } from '../graph/constraints.ts';
import type { CypherGraph, Run } from '../graph/cypher-graph.ts';
import { classifyFailure } from '../graph/failure.ts';
import { Label } from '../graph/names.ts';
import { type Clock, realClock } from '../runner/clock.ts';
import { type EdgeStatements, edgeStatements } from './edge-statements.ts';
import { edgeChanges, type HeldEnd } from './edge-changes.ts';
import type { EdgeJob, Job, OtherEnd } from './job.ts';
import { settleProperties } from './property-statements.ts';
import {
  countRound,
  type JobStatements,
  jobStatements,
  lockAnalysis,
  notedNeeds,
  noteNeeds,
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

/** Names, by label, of the properties in which its nodes keep the scope of each record type that they show. */
type Slots = ReadonlyMap<string, readonly string[]>;

const attempts = 10;

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

  /** Subjects are accounts and `organization/<id>`. Returns how many values and relationships changed. */
  async update(subjects: readonly string[]): Promise<number> {
    const { slots, round } = await this.#begin();
    const touched = new Set(subjects);
    const needs: Needs[] = [];
    let written = 0;
    for (const prepared of this.#jobs) {
      if (!slots.has(prepared.job.label)) continue;
      for (const account of await this.#dependents(prepared, touched, slots)) touched.add(account);
      const found = await this.#updateJob(prepared, touched, slots);
      written += found.written;
      needs.push(found.needs);
    }
    // Another process that ended a round meanwhile may not have known what this one's values rest on.
    return (await this.#end(needs, round)) ? written : written + (await this.update(subjects));
  }

  async #begin(): Promise<{ slots: Slots; round: number }> {
    await this.#graph.define([unique(Label.analysis, 'key'), index(Label.analysis, 'job')]);
    return this.#transact(async (run) => {
      const [lock] = await run<{ round: number }>(lockAnalysis, {});
      const rows = await run<{ label: string; slot: string }>(slotsByLabel, {});
      const slots = Map.groupBy(rows, ({ label }) => label);
      return {
        round: lock!.round,
        slots: new Map([...slots].map(([label, of]) => [label, of.map(({ slot }) => slot)])),
      };
    });
  }

  /** Other accounts whose values of this job rest on nodes of these, now or as of the last time. */
  async #dependents({ job, text }: PreparedJob, accounts: ReadonlySet<string>, slots: Slots): Promise<string[]> {
    const borders = job.borders ?? [];
    if (borders.length === 0) return [];
    return this.#transact(async (run) => {
      const answers = [run<{ account: string }>(notedNeeds, { job: job.name, batch: { rows: [...accounts] } })];
      for (const [index, { label }] of borders.entries()) {
        const known = slots.get(label);
        if (known === undefined) continue;
        answers.push(
          run<{ account: string }>(text.neededBy[index]!(known), { batch: { rows: [...accounts].map(prefixOf) } }),
        );
      }
      return (await Promise.all(answers)).flat().map(({ account }) => account);
    });
  }

  async #updateJob(
    { job, text, settle }: PreparedJob,
    accounts: ReadonlySet<string>,
    slots: Slots,
  ): Promise<{ written: number; needs: Needs }> {
    await this.#graph.define([
      unique(job.label, 'id'),
      ...(job.kind === 'edges' ? [unique(job.otherLabel, 'id')] : []),
      ...(job.kind === 'properties' ? job.properties.filter(({ indexed }) => indexed) : []).map(({ name }) =>
        index(job.label, name),
      ),
      ...(job.lookups ?? []).map(({ label, property }) => index(label, property)),
    ]);
    const nodes = await this.#transact((run) =>
      run<{ id: string }>(text.nodes(slots.get(job.label)!), { batch: { rows: [...accounts].map(prefixOf) } }),
    );
    const needs: Needs = { job: job.name, of: new Map([...accounts].map((account) => [account, new Set()])) };
    let written = 0;
    let size = this.#batchNodes;
    for (let at = 0; at < nodes.length;) {
      const ids = nodes.slice(at, at + size).map(({ id }) => id);
      try {
        const found = await this.#transact(async (run) => {
          // One process at a time: what is read here is not older than what another one wrote.
          await run(lockAnalysis, {});
          const rests = text.needs.map((needed) =>
            run<{ account: string; other: string }>(needed, { batch: { rows: ids } }),
          );
          return { rests: (await Promise.all(rests)).flat(), written: await settle(run, ids) };
        });
        for (const { account, other } of found.rests) needs.of.get(account)?.add(other);
        written += found.written;
        at += ids.length;
      } catch (error) {
        if (classifyFailure(error) !== 'too-large' || size === 1) throw error;
        size = Math.ceil(size / 2);
      }
    }
    return { written, needs };
  }

  /** Says false, and notes nothing, if another process ended a round since. */
  async #end(needs: readonly Needs[], round: number): Promise<boolean> {
    const rows = needs.flatMap(({ job, of }) =>
      [...of].map(([account, others]) => ({ key: `${job}|${account}`, job, account, needs: [...others].sort() })),
    );
    return this.#transact(async (run) => {
      const [lock] = await run<{ round: number }>(lockAnalysis, {});
      if (lock!.round !== round) return false;
      await run(noteNeeds, { batch: { rows } });
      await run(countRound, {});
      return true;
    });
  }

  /** What fails for a passing reason is tried again: a deadlock costs a batch, not the round. */
  async #transact<T>(work: (run: Run) => Promise<T>): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#graph.transactCypher(work);
      } catch (error) {
        if (classifyFailure(error) !== 'transient' || attempt >= attempts) throw error;
        await this.#clock.sleep(backoffDelayMs(attempt, 50, 2_000));
      }
    }
  }
}

interface PreparedJob {
  job: Job;
  text: JobStatements;
  /** Brings the nodes of these ids to what they must be; resolves with how many values and relationships changed. */
  settle: (run: Run, ids: readonly string[]) => Promise<number>;
}

/** What accounts' values of one job rest on. */
interface Needs {
  job: string;
  of: ReadonlyMap<string, Set<string>>;
}

function settling(job: Job): PreparedJob['settle'] {
  if (job.kind === 'properties') {
    const text = settleProperties(job);
    return async (run, ids) => {
      const [row] = await run<{ written: number }>(text, { batch: { rows: ids } });
      return row!.written;
    };
  }
  const text = edgeStatements(job);
  return async (run, ids) => {
    const [wanted, held] = [await othersOf(job, text, run, ids), await heldBy(text, run, ids)];
    const { made, gone } = edgeChanges(job, wanted, held);
    if (gone.length > 0) await run(text.withdraw, { batch: { rows: gone } });
    if (made.length > 0) await run(text.claim, { batch: { rows: made } });
    return made.length + gone.length;
  };
}

async function othersOf(
  job: EdgeJob,
  text: EdgeStatements,
  run: Run,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly OtherEnd[]>> {
  if (typeof job.others !== 'string') return job.others(run, ids);
  const rows = await run<{ id: string; others: string[] }>(text.others!, { batch: { rows: ids } });
  return new Map(rows.map(({ id, others }) => [id, others.map((other) => ({ id: other }))]));
}

async function heldBy(text: EdgeStatements, run: Run, ids: readonly string[]): Promise<Map<string, HeldEnd[]>> {
  const rows = await run<{ id: string; held: HeldEnd[] }>(text.held, { batch: { rows: ids } });
  return new Map(rows.map(({ id, held }) => [id, held]));
}

/** How the scopes of an account or an organization begin. */
function prefixOf(subject: string): string {
  return subject.startsWith('organization/') ? subject : `${subject}/`;
}
