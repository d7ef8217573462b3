import type { RecordSchema, Relationship } from '../../schemas/record-schema.ts';
import { byKey, Label, quote, slotOf } from './names.ts';

/**
 * Edges keep who asserts them: `_by` lists the claims (`<record type><direction>|<scope>`), `_tags` their tags, in the
 * same order. An edge lives as long as one claim does.
 */
export interface LinkStatements {
  /** `$batch.rows`: {i, id, scope, tag}. Returns `i` of the rows whose record the node shows. */
  shown: string;
  /** `$batch.rows`: {i, claim, tag}. Returns `i` of the rows whose record is kept as a claim. */
  claimed: string;
  /** `$batch.rows`: [i, id, scope, tag, values], `scope` a place in `$batch.scopes`; `$batch.by`: `out` and `in`, the claims of these scopes on edges of that direction. Returns `i`, `asserted`, `lost`: see GraphTransaction.holdEdges. */
  hold(groups: readonly number[]): string;
  /** One for each of RecordSchema.relationships. */
  relationships: RelationshipStatements[];
}

export interface RelationshipStatements {
  /**
   * `$batch.rows`: [i, id, by, tag, values of the other node, the edge's properties in their order], `by` a place in `$batch.claims`. Makes or renews the edges; returns `matched`, the `i` of the rows that
   * found another node. (A second statement that looks for the others would not see the same nodes.)
   */
  link: string;
  /** `$batch.rows`: {id, by, values: [v...]}. Withdraws the claim from edges that the record no longer asserts. One statement for all relationships of this type and direction. */
  prune: string;
}

/** Relationships of one record type that share type and direction: their edges carry the same claim. */
export function groupOf(relationship: Relationship): string {
  return `${relationship.type}${arrow(relationship)}`;
}

/** What an edge's `_by` holds for a record. */
export function edgeClaim(recordType: string, relationship: Pick<Relationship, 'direction'>, scope: string): string {
  return `${recordType}${arrow(relationship)}|${scope}`;
}

function arrow(relationship: Pick<Relationship, 'direction'>): string {
  return relationship.direction === 'out' ? '>' : '<';
}

export function linkStatements(schema: RecordSchema): LinkStatements {
  const label = quote(schema.label);
  const slot = slotOf(schema.name);
  return {
    shown: `
UNWIND $batch.rows AS row
MATCH (n:${label} {id: row.id}) ${byKey('n', schema.label)}
WHERE n.${quote(slot.scope)} = row.scope AND n.${quote(slot.tag)} = row.tag
RETURN row.i AS i`,
    claimed: `
UNWIND $batch.rows AS row
MATCH (c:${Label.claim} {_claim: row.claim})
WHERE c._tag = row.tag
RETURN row.i AS i`,
    hold: memoize(
      (groups) => `
UNWIND $batch.rows AS row
MATCH (n:${label} {id: row[1]}) ${byKey('n', schema.label)}
WHERE n.${quote(slot.scope)} = $batch.scopes[row[2]] AND n.${quote(slot.tag)} = row[3]
${[...Map.groupBy(groups.keys(), (place) => schema.relationships[groups[place]!]!.direction)].map(([direction, places]) => hold(schema, direction, groups, [...places])).join('\n')}
RETURN row[0] AS i, [${groups.map((_, index) => `asserted${index}`).join(', ')}] AS asserted, [${groups.map((_, index) => `lost${index}`).join(', ')}] AS lost`,
    ),
    relationships: schema.relationships.map((relationship) => relationshipStatements(schema, label, relationship)),
  };
}

/** What stands in front of the values of a row for `link`. */
const SENT_AHEAD = 4;

function relationshipStatements(
  schema: RecordSchema,
  label: string,
  relationship: Relationship,
): RelationshipStatements {
  const pattern = edgePattern(relationship);
  const other = otherPattern(relationship);
  const properties = relationship.properties
    .map(({ property }, index) => `, e.${quote(property)} = row[${SENT_AHEAD + relationship.match.length + index}]`)
    .join('');
  const otherKey = relationship.match.some(({ property }) => property === 'id')
    ? ` ${byKey('m', relationship.label)}`
    : '';
  return {
    link: `
UNWIND $batch.rows AS row
WITH row, $batch.claims[row[2]] AS by
MATCH (n:${label} {id: row[1]}) ${byKey('n', schema.label)}
MATCH ${other}${otherKey}
MERGE ${pattern}
ON CREATE SET e.firstseen = timestamp(), e._module_name = $module, e._module_version = $version
ON MATCH SET e.firstseen = e.firstseen
SET ${addClaim('by', 'row[3]')},
    e.lastupdated = CASE WHEN e.lastupdated > row[3] THEN e.lastupdated ELSE row[3] END${properties}
RETURN collect(DISTINCT row[0]) AS matched`,
    prune: `
UNWIND $batch.rows AS row
MATCH (n:${label} {id: row.id}) ${byKey('n', schema.label)}
MATCH ${pattern}
WHERE row.by IN e._by AND NOT (${stillAsserted(schema, relationship, 'row.values')})
${withdraw}`,
  };
}

/** Items of a SET: `by` asserts the edge `e`, whose lock is held, with this tag. Both are Cypher. */
export function addClaim(by: string, tag: string): string {
  return `e._tags = CASE
      WHEN e._by IS NULL OR (size(e._by) = 1 AND e._by[0] = ${by}) THEN [${tag}]
      WHEN ${by} IN e._by THEN [x IN range(0, size(e._by) - 1) | CASE WHEN e._by[x] = ${by} THEN ${tag} ELSE e._tags[x] END]
      ELSE e._tags + ${tag} END,
    e._by = CASE WHEN e._by IS NULL THEN [${by}] WHEN ${by} IN e._by THEN e._by ELSE e._by + ${by} END`;
}

/** `(n)-[e:TYPE]->(m)` as the relationship's direction says. */
export function edgePattern({ type, direction }: { type: string; direction: 'in' | 'out' }): string {
  return direction === 'out' ? `(n)-[e:${quote(type)}]->(m)` : `(n)<-[e:${quote(type)}]-(m)`;
}

function otherPattern(relationship: Relationship): string {
  return `(m:${quote(relationship.label)} {${relationship.match.map(({ property }, index) => `${quote(property)}: row[${SENT_AHEAD + index}]`).join(', ')}})`;
}

/** Whether one of the relationships of this group asserts the edge to `m`; `asserted` has the values by relationship. */
function stillAsserted(schema: RecordSchema, declared: Relationship, asserted: string): string {
  return schema.relationships
    .flatMap((one, index) => {
      if (groupOf(one) !== groupOf(declared)) return [];
      const values = one.match.map(({ property }) => `m.${quote(property)}`);
      const value = values.length === 1 ? values[0] : `[${values.join(', ')}]`;
      // A property that is gone would make this null, which is neither asserted nor not.
      return [`(m:${quote(one.label)} AND coalesce(${value} IN ${asserted}[${index}], false))`];
    })
    .join(' OR ');
}

/**
 * One part of the statement for all edges of a direction, because each part costs Neo4j as much planning as a statement. What
 * is read before the lock may be kept by Neo4j and be stale behind it; `properties(e)` is read anew.
 */
function hold(
  schema: RecordSchema,
  direction: Relationship['direction'],
  groups: readonly number[],
  places: readonly number[],
): string {
  const declared = places.map((place) => schema.relationships[groups[place]!]!);
  const types = declared.map(({ type }) => quote(type)).join('|');
  const and = ({ type }: Relationship): string => (declared.length === 1 ? '' : `e:${quote(type)} AND `);
  const asserted = declared.map((one) => `${and(one)}(${stillAsserted(schema, one, 'row[4]')})`).join(' OR ');
  const counts = places.map(
    (place, at) =>
      `count(CASE WHEN ${and(declared[at]!)}asserted THEN 1 END) AS asserted${place}, count(CASE WHEN ${and(declared[at]!)}NOT asserted THEN 1 END) AS lost${place}`,
  );
  return `CALL (row, n) {
  WITH row, n, $batch.by.${direction}[row[2]] AS by
  MATCH ${direction === 'out' ? `(n)-[e:${types}]->(m)` : `(n)<-[e:${types}]-(m)`}
  WHERE by IN e._by
  WITH row, by, e, ${asserted} AS asserted
  FOREACH (_ IN CASE WHEN asserted THEN [1] ELSE [] END | SET e.firstseen = e.firstseen)
  WITH row, by, e, asserted, properties(e) AS now
  FOREACH (_ IN CASE WHEN asserted THEN [1] ELSE [] END |
    SET e._tags = CASE WHEN now._by = [by] THEN [row[3]]
        ELSE [x IN range(0, size(now._by) - 1) | CASE WHEN now._by[x] = by THEN row[3] ELSE now._tags[x] END] END,
      e.lastupdated = CASE WHEN now.lastupdated > row[3] THEN now.lastupdated ELSE row[3] END)
  RETURN ${counts.join(', ')}
}`;
}

/** Takes the claims `row.by` from the edges `e`, and an edge with its last claim. */
export const withdraw = `WITH e, collect(row.by) AS gone
SET e.firstseen = e.firstseen
WITH e, gone, properties(e) AS now
WITH e, now, [x IN range(0, size(now._by) - 1) WHERE NOT now._by[x] IN gone | x] AS keep
WITH e, [x IN keep | now._by[x]] AS by, [x IN keep | now._tags[x]] AS tags
CALL (e, by) { WITH * WHERE size(by) = 0 DELETE e }
WITH e, by, tags WHERE size(by) > 0
SET e.lastupdated = reduce(latest = 0, tag IN tags | CASE WHEN tag > latest THEN tag ELSE latest END), e._tags = tags, e._by = by`;

function memoize(textOf: (groups: readonly number[]) => string): (groups: readonly number[]) => string {
  const texts = new Map<string, string>();
  return (groups) => {
    const key = groups.join();
    let text = texts.get(key);
    if (text === undefined) texts.set(key, (text = textOf(groups)));
    return text;
  };
}
