import type { RecordSchema, Relationship } from '../../schemas/record-schema.ts';
import type { LinkRow, PendingReference } from './graph.ts';

/** Tells a record type's relationships apart, also across versions of its schema. */
export function referenceSignature(relationship: Relationship): string {
  return `${relationship.type}${relationship.direction === 'out' ? '>' : '<'}${targetKind(relationship)}`;
}

/** `<label>.<properties>`: what kind of node a relationship looks for. */
function targetKind(relationship: Relationship): string {
  return matchKind(
    relationship.label,
    relationship.match.map(({ property }) => property),
  );
}

export function matchKind(label: string, properties: readonly string[]): string {
  return `${label}.${properties.join(',')}`;
}

/** What a pending reference and the node that it waits for have in common. */
export function matchKey(label: string, properties: readonly string[], values: readonly unknown[]): string {
  return `${matchKind(label, properties)}|${values.length === 1 ? String(values[0]) : JSON.stringify(values.map(String))}`;
}

export function pendingReference(schema: RecordSchema, relationship: Relationship, row: LinkRow): PendingReference {
  return {
    recordType: schema.name,
    signature: referenceSignature(relationship),
    claim: row.claim,
    scope: row.scope,
    id: row.id,
    tag: row.tag,
    values: row.values,
    props: row.props,
    match: matchKey(
      relationship.label,
      relationship.match.map(({ property }) => property),
      row.values,
    ),
  };
}
