import { byKey, Label, quote } from '../graph/names.ts';
import type { Job } from './job.ts';

/** Cypher of one job. */
export interface JobStatements {
  /** `$batch.rows`: how scopes begin. Returns `id` of the nodes that show a record of such a scope, sorted. */
  nodes(slots: readonly string[]): string;
  /** One for each border. `$batch.rows`: ids. Returns `account`, `other`: the first's nodes among these rest on nodes of the second. */
  needs: readonly string[];
  /** One for each border. `$batch.rows`: how scopes begin. Returns `account`: those whose nodes rest on nodes of these scopes. */
  neededBy: readonly ((slots: readonly string[]) => string)[];
}

export function jobStatements({ label, borders = [] }: Job): JobStatements {
  return {
    nodes: (slots) => `
UNWIND $batch.rows AS prefix
${ofScopes('n', label, slots)}
RETURN DISTINCT n.id AS id ORDER BY id`,
    needs: borders.map(
      ({ there }) => `
UNWIND $batch.rows AS id
${find('n', label)}
CALL (n) {
  ${there}
  UNWIND ${accountsOf('m')} AS other
  RETURN DISTINCT other
}
UNWIND ${accountsOf('n')} AS account
WITH account, other WHERE account <> other
RETURN DISTINCT account, other`,
    ),
    neededBy: borders.map(
      (border) => (slots: readonly string[]) => `
UNWIND $batch.rows AS prefix
${ofScopes('m', border.label, slots)}
WITH DISTINCT m
CALL (m) {
  ${border.back}
  WITH n WHERE '${label}' IN labels(n)
  UNWIND ${accountsOf('n')} AS account
  RETURN DISTINCT account
}
RETURN DISTINCT account`,
    ),
  };
}

/** The accounts (or `organization`) whose records a node shows. */
function accountsOf(node: string): string {
  return `[key IN keys(${node}) WHERE key STARTS WITH '_scope_' | split(${node}[key], '/')[0]]`;
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
MATCH (a:${Label.analysis}) USING INDEX a:${Label.analysis}(job)
WHERE a.job = $job AND any(other IN a.needs WHERE other IN $batch.rows)
RETURN a.account AS account`;

/** `$batch.rows`: {key, job, account, needs}. Notes what values rest on. */
export const noteNeeds = `
UNWIND $batch.rows AS row
MERGE (a:${Label.analysis} {key: row.key})
SET a.job = row.job, a.account = row.account, a.needs = row.needs`;

/** `$batch.rows`: keys of notes that no longer hold. */
export const forgetNeeds = `UNWIND $batch.rows AS key MATCH (a:${Label.analysis} {key: key}) DELETE a`;

/** Returns `round`, one row; 0 before the first. */
export const readRound = `
OPTIONAL MATCH (a:${Label.analysis} {key: 'lock'})
RETURN coalesce(a.round, 0) AS round`;

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
