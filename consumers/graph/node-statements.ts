import type { RecordSchema } from '../../schemas/record-schema.ts';
import { byKey, valueOf, Label, quote, type Slot, slotOf, writtenProperties } from './names.ts';

/**
 * The Cypher of one record type's nodes: one text per shape, reused for ever, so that Neo4j plans each once.
 * `SET n.firstseen = n.firstseen` takes the node's write lock and changes nothing: what is read after it is what the last
 * transaction left. (Setting a missing property to null takes no lock.)
 */
export interface NodeStatements {
  /** `$batch.rows`: ids. Locks the nodes; returns `id`, `scope`. */
  shownScopes: string;
  /** `$batch.rows`: [i, id, scope, tag, content], `scope` a place in `$batch.scopes`. Nodes that show just this content get its tag; returns `done`, their `i`. */
  renew: string;
  /**
   * `$batch.rows`: [i, id, scope, tag, content, properties...], distinct ids; `scope` is a place in `$batch.scopes`. (Lists,
   * because in maps the names of the properties are most of what is sent and read.) `$batch.names`: what the places of a row are
   * written to, null for the first ones; `$batch.places`: those that are not; `$batch.slot`, `$batch.labels`: the record type's.
   * Returns `taken`, the `i` of the rows that it left alone because the node shows
   * another scope's record of this type (those go through claim and elect), and `same`, how many changed nothing but the tag.
   */
  upsert: string;
  /** `$batch.rows`: {claim, id, scope, tag, props}, distinct claims. Keeps records that the node does not show. */
  claim: string;
  /** `$batch.rows`: {claim, id}, distinct ids. Lets a claim take the node's slot if it is newer, or as new and first by scope. */
  elect: string;
}

/** What stands in front of a row's properties: the last two of them are properties as well. */
const SENT_AHEAD = 5;

/** The shared part of `$batch` for `renew` and `upsert`. */
export function nodeBatch(schema: RecordSchema): {
  slot: Slot;
  labels: readonly string[];
  names: (string | null)[];
  places: bigint[];
} {
  const slot = slotOf(schema.name);
  const names = [null, null, null, slot.tag, slot.content, ...writtenProperties(schema)];
  const places = names.flatMap((name, place) => (name === null ? [] : [BigInt(place)]));
  return { slot, labels: schema.labels, names, places };
}

export function nodeStatements(schema: RecordSchema): NodeStatements {
  const label = quote(schema.label);
  const slot = slotOf(schema.name);
  const scope = `n.${quote(slot.scope)}`;
  const tag = `n.${quote(slot.tag)}`;
  const content = `n.${quote(slot.content)}`;
  const names = writtenProperties(schema);
  const labels = schema.labels.length === 0 ? '' : `n:${schema.labels.map(quote).join(':')}, `;
  const written = names.map((name) => `.${quote(name)}`);
  const sent = (name: string): string => `row[${SENT_AHEAD + names.indexOf(name)}]`;
  const renewed = (by: string): string =>
    `n.lastupdated = CASE WHEN n.lastupdated > ${by} THEN n.lastupdated ELSE ${by} END`;
  return {
    shownScopes: `
UNWIND $batch.rows AS id
MATCH (n:${label} {id: id}) ${byKey('n', schema.label)}
SET n.firstseen = n.firstseen
WITH n WHERE ${scope} IS NOT NULL
RETURN n.id AS id, ${scope} AS scope`,
    renew: `
UNWIND $batch.rows AS row
MATCH (n:${label} {id: row[1]}) ${byKey('n', schema.label)}
SET n.firstseen = n.firstseen
WITH n, row WHERE n[$batch.slot.scope] = $batch.scopes[row[2]] AND n[$batch.slot.content] = row[4] AND n[$batch.slot.tag] <= row[3]
SET n[$batch.slot.tag] = row[3], ${renewed('row[3]')}
RETURN collect(row[0]) AS done`,
    upsert: `
UNWIND $batch.rows AS row
MERGE (n:${label} {id: row[1]})
ON CREATE SET n.firstseen = timestamp(), n._module_name = $module, n._module_version = $version
ON MATCH SET n.firstseen = n.firstseen
WITH n, row, $batch.scopes[row[2]] AS scope, n[$batch.slot.scope] AS shown, n[$batch.slot.tag] AS tag, n[$batch.slot.content] AS content
FOREACH (_ IN CASE WHEN coalesce(shown, scope) = scope AND coalesce(tag, -1) <= row[3] THEN [1] ELSE [] END |
  SET n[$batch.slot.scope] = scope, n:$($batch.labels), ${renewed('row[3]')}${settleContested(schema, sent)}
  FOREACH (place IN $batch.places | SET n[$batch.names[place]] = row[place])${settleLabels(schema, sent)})
RETURN collect(CASE WHEN shown <> scope THEN row[0] END) AS taken, count(CASE WHEN shown = scope AND content = row[4] THEN 1 END) AS same`,
    claim: `
UNWIND $batch.rows AS row
MERGE (c:${Label.claim} {_claim: row.claim})
ON MATCH SET c._tag = c._tag
WITH c, row WHERE coalesce(c._tag, -1) <= row.tag
SET c += row.props, c._of = row.of, c._type = $type, c._scope = row.scope, c._id = row.id, c._tag = row.tag`,
    elect: `
UNWIND $batch.rows AS row
MATCH (n:${label} {id: row.id}) ${byKey('n', schema.label)}
SET n.firstseen = n.firstseen
WITH n, row
MATCH (c:${Label.claim} {_claim: row.claim})
WHERE c._tag > ${tag} OR (c._tag = ${tag} AND c._scope < ${scope})
MERGE (old:${Label.claim} {_claim: $type + '|' + ${scope} + '|' + n.id})
SET old += n{${written.join(', ')}}, old._of = c._of, old._type = $type, old._scope = ${scope}, old._id = n.id, old._tag = ${tag}
WITH n, c
SET n += c{${written.join(', ')}}, ${scope} = c._scope, ${tag} = c._tag, ${content} = null, ${labels}${renewed('c._tag')}${settle(schema, (name) => `c.${quote(name)}`)}
DELETE c`,
  };
}

/** Where a statement finds this record type's own value of a property that it writes. */
type OwnValue = (name: string) => string;

/** What follows from this record type's own values and those of others: contested properties, and the labels that hang on a property. Ends a SET. */
export function settle(schema: RecordSchema, own: OwnValue): string {
  return settleContested(schema, own) + settleLabels(schema, own);
}

/**
 * `, n.name = coalesce(first's value, second's value, ...)` for every contested property. This record type's own value
 * is taken from `own`, because what the same clause has just set may be read stale; null: it has none any more.
 */
export function settleContested(schema: RecordSchema, own: OwnValue | null): string {
  return [...schema.contested.keys()]
    .map((property) => `, n.${quote(property)} = ${settledValue(schema, property, own)}`)
    .join('');
}

/** Sets and removes the labels that hang on a property, as this record type's `own` value says, or without one of this type. */
export function settleLabels(schema: RecordSchema, own: OwnValue | null): string {
  return schema.conditionalLabels
    .map(({ label, property }) => {
      const condition = settledValue(schema, property, own);
      const when = (then: string, otherwise: string) =>
        `FOREACH (_ IN CASE WHEN ${condition} THEN ${then} ELSE ${otherwise} END |`;
      return `
${when('[1]', '[]')} SET n:${quote(label)})
${when('[]', '[1]')} REMOVE n:${quote(label)})`;
    })
    .join('');
}

function settledValue(schema: RecordSchema, property: string, own: OwnValue | null): string {
  const winners = schema.contested.get(property);
  if (winners === undefined) return own?.(property) ?? 'null';
  const values = winners.map((winner) => {
    const name = valueOf(winner, property);
    return winner === schema.name ? (own?.(name) ?? 'null') : `n.${quote(name)}`;
  });
  return `coalesce(${values.join(', ')})`;
}

/** The node that claims of one record type compete for: `_Claim._of`. */
export function claimedNode(recordType: string, id: string): string {
  return `${recordType}|${id}`;
}
