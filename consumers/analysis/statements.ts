import { byKey, Label, quote } from '../graph/names.ts';
import type { Border, Job } from './job.ts';

/** Cypher of one job. Neo4j plans it anew as the graph grows, which the stages' statements do without. */
export interface JobStatements {
  /** `$batch.rows`: how scopes begin. Returns `id` of the nodes that show a record of such a scope. */
  nodes(slots: readonly string[]): string;
  /** `$batch.rows`: ids. Returns `account`, `other`: the first's nodes among these rest on nodes of the second. */
  needs: readonly string[];
  /** `$batch.rows`: how scopes begin. Returns `account`: those whose nodes rest on nodes of these scopes. */
  neededBy: readonly ((slots: readonly string[]) => string)[];
}

export function jobStatements(job: Job): JobStatements {
  const borders = job.borders ?? [];
  return {
    nodes: (slots) => `
UNWIND $batch.rows AS prefix
${ofScopes('n', job.label, slots)}
RETURN DISTINCT n.id AS id ORDER BY id`,
    needs: borders.map(
      (border) => `
UNWIND $batch.rows AS id
${find('n', job.label)}
${across(border)}
UNWIND ${accountsOf('n')} AS account
UNWIND ${accountsOf('m')} AS other
WITH account, other WHERE account <> other
RETURN DISTINCT account, other`,
    ),
    neededBy: borders.map(
      (border) => (slots: readonly string[]) => `
UNWIND $batch.rows AS prefix
${ofScopes('m', border.label, slots)}
WITH DISTINCT m
${across(border)}
UNWIND ${accountsOf('n')} AS account
RETURN DISTINCT account`,
    ),
  };
}

/** The accounts (or `organization`) whose records a node shows. */
function accountsOf(node: string): string {
  return `[key IN keys(${node}) WHERE key STARTS WITH '_scope_' | split(${node}[key], '/')[0]]`;
}

function across({ path }: Border): string {
  return `MATCH ${path}`;
}

export function find(node: string, label: string): string {
  return `MATCH (${node}:${quote(label)} {id: id}) ${byKey(node, label)}`;
}

/** Nodes that show a record of a scope that begins with `prefix`: one look into an index for each record type of the label. */
function ofScopes(node: string, label: string, slots: readonly string[]): string {
  const looks = slots.map(
    (slot) => `
  MATCH (${node}:${quote(label)}) USING INDEX ${node}:${quote(label)}(${quote(slot)})
  WHERE ${node}.${quote(slot)} STARTS WITH prefix
  RETURN ${node}`,
  );
  return `CALL (prefix) {${looks.join('\n  UNION')}\n}`;
}

/** `$batch.rows`: accounts, `$job`. Returns `account` of those whose values of the job rested on them, as last noted. */
export const notedNeeds = `
MATCH (a:${Label.analysis}) WHERE a.job = $job AND any(other IN a.needs WHERE other IN $batch.rows)
RETURN a.account AS account`;

/** `$batch.rows`: {key, job, account, needs}. Keeps what values rested on; a note of nothing goes. */
export const noteNeeds = `
UNWIND $batch.rows AS row
MERGE (a:${Label.analysis} {key: row.key})
SET a.job = row.job, a.account = row.account, a.needs = row.needs
WITH a WHERE size(a.needs) = 0
DELETE a`;

/** Locks the analysis until the end of the transaction; returns `round`. */
export const lockAnalysis = `
MERGE (a:${Label.analysis} {key: 'lock'})
ON CREATE SET a.round = 0
ON MATCH SET a.round = a.round
RETURN a.round AS round`;

export const countRound = `MATCH (a:${Label.analysis} {key: 'lock'}) SET a.round = a.round + 1`;

/** Returns `label`, `slot`: where nodes keep the scope of each record type that they show; every label has an index on each. */
export const slotsByLabel = `
SHOW RANGE INDEXES YIELD entityType, labelsOrTypes, properties
WHERE entityType = 'NODE' AND size(properties) = 1 AND properties[0] STARTS WITH '_scope_'
RETURN labelsOrTypes[0] AS label, properties[0] AS slot ORDER BY label, slot`;
