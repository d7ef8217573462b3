import type { RecordSchema, Relationship } from '../../schemas/record-schema.ts';
import { byKey, Label, quote } from './names.ts';

/**
 * Edges keep who asserts them: `_by` lists the claims (`<record type><direction>|<scope>`), `_tags` their tags, in the
 * same order. An edge lives as long as one claim does.
 *
 * Nodes are found by their keys once in a transaction (`locate`); everything else goes by their element ids, which mean the same
 * node for as long as the transaction lasts, and none once that is gone
 * (https://neo4j.com/docs/cypher-manual/current/functions/scalar/#functions-elementid). With names as parameters too, one
 * text serves many record types: planning one for each was most of what a first load cost.
 */
export interface LinkStatements {
  /** `$batch.rows`: {i, node, scope, tag}; `$batch.slot`: the record type's. Returns `i` of the rows whose record the node shows. */
  shown: string;
  /** `$batch.rows`: {i, claim, tag}. Returns `i` of the rows whose record is kept as a claim. */
  claimed: string;
  /**
   * `$batch.rows`: [i, node, scope, tag, values], `scope` a place in `$batch.scopes`; `$batch.by`: the claims of these scopes;
   * `$batch.types`: the edges' types; `$batch.asserts`: see Assertion. Returns `i`, `asserted`, `lost`, by type: see GraphTransaction.holdEdges.
   */
  hold: ByDirection;
  /**
   * One for each type and direction: where the graph has no edges yet Neo4j plans to read all of them if the type is a parameter.
   * `$batch.rows`: [i, node, other node, by, tag, the edge's properties], `by` a place in `$batch.claims`. Makes or
   * renews the edges; returns `matched`, the `i` of the rows whose nodes are both there.
   */
  link: (relationship: Pick<Relationship, 'type' | 'direction'>) => string;
  /** `$batch.rows`: {node, by, values}; `$batch.types`, `$batch.asserts` as for `hold`. Withdraws the claim from edges that the record no longer asserts. */
  prune: ByDirection;
  /** `$batch.rows`: {node, by}. Withdraws the claim from all edges of that direction. */
  withdraw: ByDirection;
}

type ByDirection = Record<Relationship['direction'], string>;

/** What an edge of a record must be: its type, and that one of these properties' values stands among the record's, at this place of `values`. */
export interface Assertion {
  type: string;
  label: string;
  properties: readonly string[];
  at: bigint;
}

/** Assertions of the relationships that share type and direction with these. */
export function assertionsOf(schema: RecordSchema, groups: readonly Relationship[]): Assertion[] {
  const names = new Set(groups.map(groupOf));
  return schema.relationships.flatMap((one, at) =>
    names.has(groupOf(one))
      ? [{ type: one.type, label: one.label, properties: one.match.map(({ property }) => property), at: BigInt(at) }]
      : [],
  );
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

/** `$batch.rows`: [i, values...]. Returns `rows` and `nodes`: for each node with this label whose properties have the values of a row, its `i` and the element id. */
export function locate(label: string, properties: readonly string[]): string {
  const values = properties.map((property, index) => `${quote(property)}: row[${1 + index}]`);
  return `
UNWIND $batch.rows AS row
MATCH (n:${quote(label)} {${values.join(', ')}})${properties.includes('id') ? ` ${byKey('n', label)}` : ''}
RETURN collect(row[0]) AS rows, collect(elementId(n)) AS nodes`;
}

const asserted = (values: string): string =>
  `any(one IN $batch.asserts WHERE one.type = type(e) AND one.label IN labels(m)
    AND coalesce(CASE size(one.properties) WHEN 1 THEN m[one.properties[0]] ELSE [name IN one.properties | m[name]] END IN ${values}[one.at], false))`;

/** Takes the claims `row.by` from the edges `e`, and an edge with its last claim. */
export const withdraw = `WITH e, collect(row.by) AS gone
SET e.firstseen = e.firstseen
WITH e, gone, properties(e) AS now
WITH e, now, [x IN range(0, size(now._by) - 1) WHERE NOT now._by[x] IN gone | x] AS keep
WITH e, [x IN keep | now._by[x]] AS by, [x IN keep | now._tags[x]] AS tags
CALL (e, by) { WITH * WHERE size(by) = 0 DELETE e }
WITH e, by, tags WHERE size(by) > 0
SET e.lastupdated = reduce(latest = 0, tag IN tags | CASE WHEN tag > latest THEN tag ELSE latest END), e._tags = tags, e._by = by`;

export const linkStatements: LinkStatements = {
  shown: `
UNWIND $batch.rows AS row
MATCH (n) WHERE elementId(n) = row.node AND n[$batch.slot.scope] = row.scope AND n[$batch.slot.tag] = row.tag
RETURN row.i AS i`,
  claimed: `
UNWIND $batch.rows AS row
MATCH (c:${Label.claim} {_claim: row.claim})
WHERE c._tag = row.tag
RETURN row.i AS i`,
  // What is read before the lock may be kept by Neo4j and be stale behind it; `properties(e)` is read anew.
  hold: byDirection(
    (edge) => `
UNWIND $batch.rows AS row
MATCH (n) WHERE elementId(n) = row[1] AND n[$batch.slot.scope] = $batch.scopes[row[2]] AND n[$batch.slot.tag] = row[3]
CALL (row, n) {
  WITH row, n, $batch.by[row[2]] AS by
  MATCH ${edge(':$any($batch.types)')}
  WHERE by IN e._by
  WITH row, by, e, ${asserted('row[4]')} AS asserted
  FOREACH (_ IN CASE WHEN asserted THEN [1] ELSE [] END | SET e.firstseen = e.firstseen)
  WITH row, by, e, asserted, properties(e) AS now
  FOREACH (_ IN CASE WHEN asserted THEN [1] ELSE [] END |
    SET e._tags = CASE WHEN now._by = [by] THEN [row[3]]
        ELSE [x IN range(0, size(now._by) - 1) | CASE WHEN now._by[x] = by THEN row[3] ELSE now._tags[x] END] END,
      e.lastupdated = CASE WHEN now.lastupdated > row[3] THEN now.lastupdated ELSE row[3] END)
  WITH collect(CASE WHEN asserted THEN type(e) END) AS asserted, collect(CASE WHEN NOT asserted THEN type(e) END) AS lost
  RETURN [type IN $batch.types | size([one IN asserted WHERE one = type])] AS asserted, [type IN $batch.types | size([one IN lost WHERE one = type])] AS lost
}
RETURN row[0] AS i, asserted, lost`,
  ),
  link: ({ type, direction }) => `
UNWIND $batch.rows AS row
WITH row, $batch.claims[row[3]] AS by
MATCH (n) WHERE elementId(n) = row[1]
MATCH (m) WHERE elementId(m) = row[2]
MERGE ${edgeOf(direction, `:${quote(type)}`)}
ON CREATE SET e.firstseen = timestamp(), e._module_name = $module, e._module_version = $version
ON MATCH SET e.firstseen = e.firstseen
SET ${addClaim('by', 'row[4]')},
    e.lastupdated = CASE WHEN e.lastupdated > row[4] THEN e.lastupdated ELSE row[4] END, e += row[5]
RETURN collect(DISTINCT row[0]) AS matched`,
  prune: byDirection(
    (edge) => `
UNWIND $batch.rows AS row
MATCH (n) WHERE elementId(n) = row.node
MATCH ${edge(':$any($batch.types)')}
WHERE row.by IN e._by AND NOT ${asserted('row.values')}
${withdraw}`,
  ),
  withdraw: byDirection(
    (edge) => `
UNWIND $batch.rows AS row
MATCH (n) WHERE elementId(n) = row.node
MATCH ${edge('')}
WHERE row.by IN e._by
${withdraw}`,
  ),
};

function byDirection(textWith: (edge: (type: string) => string) => string): ByDirection {
  return { out: textWith((type) => edgeOf('out', type)), in: textWith((type) => edgeOf('in', type)) };
}

function edgeOf(direction: Relationship['direction'], type: string): string {
  return direction === 'out' ? `(n)-[e${type}]->(m)` : `(n)<-[e${type}]-(m)`;
}

/** Items of a SET: `by` asserts the edge `e`, whose lock is held, with this tag. Both are Cypher. */
export function addClaim(by: string, tag: string): string {
  return `e._tags = CASE
      WHEN e._by IS NULL OR (size(e._by) = 1 AND e._by[0] = ${by}) THEN [${tag}]
      WHEN ${by} IN e._by THEN [x IN range(0, size(e._by) - 1) | CASE WHEN e._by[x] = ${by} THEN ${tag} ELSE e._tags[x] END]
      ELSE e._tags + ${tag} END,
    e._by = CASE WHEN e._by IS NULL THEN [${by}] WHEN ${by} IN e._by THEN e._by ELSE e._by + ${by} END`;
}
