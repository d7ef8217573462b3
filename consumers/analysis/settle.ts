import type { Run } from '../graph/cypher-graph.ts';
import { edgeChanges, type HeldEnd } from './edge-changes.ts';
import { type EdgeStatements, edgeStatements } from './edge-statements.ts';
import type { EdgeJob, Job, OtherEnd } from './job.ts';
import { settleProperties } from './property-statements.ts';

/** Brings the nodes of these ids to what they must be, in one transaction; resolves with how many nodes and relationships changed. */
export type Settle = (run: Run, ids: readonly string[]) => Promise<number>;

export function settling(job: Job): Settle {
  if (job.kind === 'properties') {
    const text = settleProperties(job);
    return async (run, ids) => {
      const [row] = await run<{ written: number }>(text, { batch: { rows: ids } });
      return row!.written;
    };
  }
  const text = edgeStatements(job);
  return async (run, ids) => {
    const [wanted, held] = await Promise.all([findOthers(job, text, run, ids), findHeld(text, run, ids)]);
    const { made, gone } = edgeChanges(job, wanted, held);
    if (gone.length > 0) await run(text.withdraw, { batch: { rows: gone } });
    if (made.length > 0) await run(text.claim, { batch: { rows: made } });
    return made.length + gone.length;
  };
}

async function findOthers(
  job: EdgeJob,
  text: EdgeStatements,
  run: Run,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly OtherEnd[]>> {
  if (typeof job.others !== 'string') return job.others(run, ids);
  const rows = await run<{ id: string; others: string[] }>(text.others!, { batch: { rows: ids } });
  return new Map(rows.map(({ id, others }) => [id, others.map((other) => ({ id: other }))]));
}

async function findHeld(text: EdgeStatements, run: Run, ids: readonly string[]): Promise<Map<string, HeldEnd[]>> {
  const rows = await run<{ id: string; held: HeldEnd[] }>(text.held, { batch: { rows: ids } });
  return new Map(rows.map(({ id, held }) => [id, held]));
}
