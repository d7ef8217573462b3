import type { RecordSchema } from '../../schemas/record-schema.ts';

/**
 * Names of the loaders' bookkeeping in the graph. All begin with an underscore, which no schema may use; what they mean
 * is told in docs/bookkeeping.md.
 */
export const Label = {
  fence: '_Fence',
  scope: '_Scope',
  claim: '_Claim',
  reference: '_Reference',
  referenceKind: '_ReferenceKind',
  marker: '_Marker',
  rebuild: '_Rebuild',
  analysis: '_Analysis',
} as const;

/** Quotes a name for Cypher. Names from schemas match a strict pattern already; a backtick is doubled all the same. */
export function quote(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

/** `cartography.aws.ec2.Instance` -> `aws_ec2_Instance`: the record type within a property name. */
export function shortName(recordType: string): string {
  return recordType.replace(/^cartography\./, '').replaceAll('.', '_');
}

/** The record types that shortName may have been given, likely ones first: an underscore may have been one before. */
export function recordTypesCalled(short: string): string[] {
  const dotted = short.replaceAll('_', '.');
  return [`cartography.${dotted}`, dotted];
}

const scopeSlot = '_scope_';

/** Where a node keeps the claim of one record type: the scope whose record it shows, that record's tag, and its content (see contentOf; null if not known). */
export interface Slot {
  scope: string;
  tag: string;
  content: string;
}

export function slotOf(recordType: string): Slot {
  const short = shortName(recordType);
  return { scope: `${scopeSlot}${short}`, tag: `_tag_${short}`, content: `_content_${short}` };
}

/** The short name of the record type whose slot this property is; undefined for another property. */
export function shownIn(property: string): string | undefined {
  return property.startsWith(scopeSlot) ? property.slice(scopeSlot.length) : undefined;
}

/** Where a node keeps one record type's value of a property that it does not decide alone. */
export function valueOf(recordType: string, property: string): string {
  return `_value_${shortName(recordType)}_${property}`;
}

/** On a _Scope: the largest tag of a complete marker for this record type, and the nodes that it withheld. */
export function watermarkOf(recordType: string): { tag: string; withheld: string } {
  return { tag: `complete_${shortName(recordType)}`, withheld: `withheld_${shortName(recordType)}` };
}

/** The properties that a record type sets, beside the id. */
export function ownProperties(schema: RecordSchema): string[] {
  return [...schema.properties, ...schema.computed].flatMap(({ property }) => (property === 'id' ? [] : [property]));
}

/** The properties of the node that a record type writes: its own ones, and its values of contested and derived ones. */
export function writtenProperties(schema: RecordSchema): string[] {
  return ownProperties(schema).map((property) => writtenAs(schema, property));
}

/** The property in which a record type's value of a property is kept. */
export function writtenAs(schema: RecordSchema, property: string): string {
  return isOwn(schema, property) ? property : valueOf(schema.name, property);
}

/** Whether a record type by itself decides a property. */
export function isOwn({ contested, derived }: RecordSchema, property: string): boolean {
  return !contested.has(property) && !derived.has(property);
}

/**
 * Makes Neo4j look a node up by its key whatever its statistics say. It plans a statement once, often when the graph is still
 * empty; the index on the scope then looks as good, and is read once for every row.
 */
export function byKey(variable: string, label: string): string {
  return `USING INDEX ${variable}:${quote(label)}(id)`;
}
