import type { RecordSchema } from '../../schemas/record-schema.ts';
import { byKey, isOwn, Label, ownProperties, quote, slotOf, valueOf, writtenProperties } from './names.ts';
import { settle, settleContested, settleLabels } from './node-statements.ts';

export interface CleanupStatements {
  /** `$batch.rows`: scopes; `$batch.slot`: the record type's. Returns `scope`, `tag`, `count`: how many records of this type the graph shows. */
  count: string;
  /** `$batch.rows`: {scope, tag, floors}, `$limit`. Returns `id`, `scope` of dead records that their node shows. */
  staleShown: string;
  /** `$batch.rows`: ids. Returns `property`: the distinct names of these nodes' properties. */
  slots: string;
  /** `$batch.rows`: claims. Forgets them. */
  forget: string;
  /** `$batch.rows`: {id, of}. Nodes whose shown record is dead show their best remaining claim, if there is one. */
  promote: string;
  /** `$batch.rows`: {id, scopes}. Nodes that still show a record of these scopes lose it; returns `id` of those that no record makes any more. */
  vacate(siblings: readonly RecordSchema[]): string;
}

/** `$batch.rows`: {scope, tag}, `$type`. Returns `scope`, `alive`: how many records with at least that tag are kept as claims. */
export const countClaims = `
UNWIND $batch.rows AS row
MATCH (c:${Label.claim} {_scope: row.scope})
WHERE c._type = $type AND c._tag >= row.tag
RETURN row.scope AS scope, count(c) AS alive`;

/** `$batch.rows`: {scope, tag, floors}, `$type`, `$limit`. Returns `id`, `scope` of dead records that are kept as claims. */
export const staleClaims = `
UNWIND $batch.rows AS row
MATCH (c:${Label.claim} {_scope: row.scope})
WHERE c._type = $type AND c._tag < coalesce(row.floors[c._id], row.tag)
RETURN c._id AS id, row.scope AS scope LIMIT $limit`;

/** A node's `lastupdated` is the newest tag of the records that it shows. */
const renewTag = `WITH n, [key IN keys(n) WHERE key STARTS WITH '_tag_' | n[key]] AS tags
SET n.lastupdated = CASE WHEN size(tags) = 0 THEN n.lastupdated ELSE reduce(latest = 0, tag IN tags | CASE WHEN tag > latest THEN tag ELSE latest END) END`;

const cache = new WeakMap<RecordSchema, CleanupStatements>();

export function cleanupStatements(schema: RecordSchema): CleanupStatements {
  const known = cache.get(schema);
  if (known) return known;
  const made = build(schema);
  cache.set(schema, made);
  return made;
}

function build(schema: RecordSchema): CleanupStatements {
  const label = quote(schema.label);
  const slot = slotOf(schema.name);
  const scope = `n.${quote(slot.scope)}`;
  const tag = `n.${quote(slot.tag)}`;
  const content = `n.${quote(slot.content)}`;
  const written = writtenProperties(schema).map((name) => `.${quote(name)}`);
  return {
    count: `
UNWIND $batch.rows AS scope
MATCH (n:${label})
WHERE ${scope} = scope
RETURN scope, n[$batch.slot.tag] AS tag, count(*) AS count`,
    staleShown: `
UNWIND $batch.rows AS row
MATCH (n:${label})
WHERE ${scope} = row.scope AND ${tag} < coalesce(row.floors[n.id], row.tag)
RETURN n.id AS id, row.scope AS scope LIMIT $limit`,
    slots: `
UNWIND $batch.rows AS id
MATCH (n:${label} {id: id}) ${byKey('n', schema.label)}
UNWIND keys(n) AS property
RETURN DISTINCT property`,
    forget: `UNWIND $batch.rows AS claim MATCH (c:${Label.claim} {_claim: claim}) DELETE c`,
    promote: `
UNWIND $batch.rows AS row
MATCH (n:${label} {id: row.id}) ${byKey('n', schema.label)}
CALL (row) { MATCH (c:${Label.claim} {_of: row.of}) RETURN c ORDER BY c._tag DESC, c._scope LIMIT 1 }
SET n += c{${written.join(', ')}}, ${scope} = c._scope, ${tag} = c._tag, ${content} = null${settle(schema, (name) => `c.${quote(name)}`)}
DELETE c
${renewTag}`,
    vacate: (siblings) => `
UNWIND $batch.rows AS row
MATCH (n:${label} {id: row.id}) ${byKey('n', schema.label)}
WHERE ${scope} IN row.scopes
REMOVE ${scope}, ${tag}, ${content}
SET n.firstseen = n.firstseen${lose(schema, siblings)}${settleContested(schema, null)}${loseLabels(schema, siblings)}
${renewTag}
WITH n, tags WHERE size(tags) = 0
RETURN n.id AS id`,
  };
}

/** Takes away what only this record type sets; what a sibling sets too stays while the node shows a record of the sibling. */
function lose(schema: RecordSchema, siblings: readonly RecordSchema[]): string {
  const own = [...schema.contested.keys(), ...schema.derived].map(
    (property) => `, n.${quote(valueOf(schema.name, property))} = null`,
  );
  const others = ownProperties(schema)
    .filter((property) => isOwn(schema, property))
    .map((property) => {
      const keepers = siblings.filter((sibling) => ownProperties(sibling).includes(property));
      return `, n.${quote(property)} = ${keepers.length === 0 ? 'null' : `CASE WHEN ${shows(keepers)} THEN n.${quote(property)} END`}`;
    });
  return [...own, ...others].join('');
}

/** The same for labels; the condition of a contested one is settled among the others. */
function loseLabels(schema: RecordSchema, siblings: readonly RecordSchema[]): string {
  const contested = schema.conditionalLabels.filter(({ property }) => schema.contested.has(property));
  const lost = labelsOf(schema)
    .filter((label) => !contested.some((one) => one.label === label))
    .map((label) =>
      loseLabel(
        label,
        siblings.filter((sibling) => labelsOf(sibling).includes(label)),
      ),
    );
  return lost.join('') + settleLabels({ ...schema, conditionalLabels: contested }, null);
}

function labelsOf({ labels, conditionalLabels }: RecordSchema): string[] {
  return [...labels, ...conditionalLabels.map(({ label }) => label)];
}

function loseLabel(label: string, keepers: readonly RecordSchema[]): string {
  return keepers.length === 0
    ? `\nREMOVE n:${quote(label)}`
    : `\nFOREACH (_ IN CASE WHEN ${shows(keepers)} THEN [] ELSE [1] END | REMOVE n:${quote(label)})`;
}

/** Whether the node shows a record of one of these types. */
function shows(schemas: readonly RecordSchema[]): string {
  return schemas.map((schema) => `n.${quote(slotOf(schema.name).scope)} IS NOT NULL`).join(' OR ');
}
