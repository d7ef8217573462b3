import { unique } from './constraints.ts';
import { quote } from './names.ts';

/** Runs one statement in a transaction of its own. */
type Query = <T extends object>(text: string) => Promise<T[]>;

/** A range index on one property of a label that no constraint owns. */
export interface PlainIndex {
  name: string;
  label: string;
  property: string;
}

/**
 * Drops the plain indexes that stand where these constraints go: Neo4j refuses a uniqueness constraint beside one, and the
 * constraint brings an index of its own. Cartography makes such an index on the `id` of each label. The index of a constraint
 * that another loader is about to make has no owner yet, but the constraint's name.
 */
export async function dropPlainIndexes(query: Query, constraints: readonly string[]): Promise<PlainIndex[]> {
  const found = await query<PlainIndex>(
    `SHOW INDEXES YIELD name, type, entityType, labelsOrTypes, properties, owningConstraint
     WHERE type = 'RANGE' AND entityType = 'NODE' AND owningConstraint IS NULL AND NOT name STARTS WITH 'constraint_' AND size(labelsOrTypes) = 1 AND size(properties) = 1
     RETURN name, labelsOrTypes[0] AS label, properties[0] AS property`,
  );
  const inTheWay = found.filter(({ label, property }) => constraints.includes(unique(label, property)));
  for (const { name } of inTheWay) await query(`DROP INDEX ${quote(name)} IF EXISTS`);
  return inTheWay;
}

/** Puts them back where their constraint could not be made. */
export async function restorePlainIndexes(query: Query, indexes: readonly PlainIndex[]): Promise<void> {
  for (const { name, label, property } of indexes)
    await query(`CREATE INDEX ${quote(name)} IF NOT EXISTS FOR (n:${quote(label)}) ON (n.${quote(property)})`);
}
