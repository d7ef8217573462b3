import { addClaim, withdraw } from '../graph/link-statements.ts';
import { byKey, quote } from '../graph/names.ts';
import type { EdgeJob } from './job.ts';
import { find } from './statements.ts';

/**
 * Relationships of a job hold its claim beside those of records (see link-statements.ts), so that neither takes away what
 * the other says. They are as new as the newer of their two ends.
 */
export interface EdgeStatements {
  /** `$batch.rows`: ids. Returns `id`, `others`: the ids of the nodes at the other ends. Undefined where no Cypher finds them. */
  others: string | undefined;
  /** `$batch.rows`: ids. Returns `id`, `held`: the job's relationships of these nodes, as {id, isNew, props}. */
  held: string;
  /** `$batch.rows`: {id, other, props}. Makes or renews relationships. */
  claim: string;
  /** `$batch.rows`: {id, other}. Takes the job's claim from relationships. */
  withdraw: string;
}

export function edgeStatements(job: EdgeJob): EdgeStatements {
  const claim = `'${job.name}>|analysis'`;
  const pattern = `(n)${job.direction === 'in' ? '<' : ''}-[e:${quote(job.type)}]-${job.direction === 'out' ? '>' : ''}(m)`;
  const ends = `
UNWIND $batch.rows AS row
MATCH (n:${quote(job.label)} {id: row.id}) ${byKey('n', job.label)}
MATCH (m:${quote(job.otherLabel)} {id: row.other}) ${byKey('m', job.otherLabel)}`;
  return {
    others:
      typeof job.others === 'string'
        ? `
UNWIND $batch.rows AS id
${find('n', job.label)}
CALL (n) {
${job.others}
}
RETURN id, collect(DISTINCT m.id) AS others`
        : undefined,
    held: `
UNWIND $batch.rows AS id
${find('n', job.label)}
MATCH ${pattern}
WHERE ${claim} IN e._by
RETURN id, collect({id: m.id, isNew: ${tagOf('e', claim)} = ${newer}, props: properties(e)}) AS held`,
    claim: `${ends}
MERGE ${pattern}
ON CREATE SET e.firstseen = timestamp()
ON MATCH SET e.firstseen = e.firstseen
WITH e, row, ${newer} AS tag
SET ${addClaim(claim, 'tag')},
    e += row.props
WITH e, properties(e) AS now
SET e.lastupdated = reduce(latest = 0, tag IN now._tags | CASE WHEN tag > latest THEN tag ELSE latest END)`,
    withdraw: `${ends}
MATCH ${pattern}
WHERE ${claim} IN e._by
WITH e, {by: ${claim}} AS row
${withdraw}`,
  };
}

const newer = 'CASE WHEN n.lastupdated > m.lastupdated THEN n.lastupdated ELSE m.lastupdated END';

function tagOf(edge: string, claim: string): string {
  return `head([x IN range(0, size(${edge}._by) - 1) WHERE ${edge}._by[x] = ${claim} | ${edge}._tags[x]])`;
}
