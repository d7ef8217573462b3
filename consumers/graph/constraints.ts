import type { RecordSchema } from '../../schemas/record-schema.ts';
import { Label, quote, slotOf } from './names.ts';

/** Keys of the bookkeeping nodes. */
export function bookkeepingConstraints(): string[] {
  return [
    unique(Label.fence, 'id'),
    unique(Label.scope, 'id'),
    unique(Label.claim, '_claim'),
    index(Label.claim, '_of'),
    index(Label.claim, '_scope'),
    unique(Label.reference, 'key'),
    index(Label.reference, 'claim'),
    index(Label.reference, 'match'),
    unique(Label.referenceKind, 'kind'),
    unique(Label.marker, 'key'),
    index(Label.marker, 'subject'),
    index(Label.marker, 'state'),
  ];
}

/**
 * What the nodes of a record type need: the key, the scope for the cleanup, what users' queries and matchers look up.
 * An index on an `id` is always a uniqueness constraint, because two loaders that merge the same new id would make two nodes.
 */
export function recordConstraints(schema: RecordSchema): string[] {
  const matchers = schema.relationships.flatMap(({ label, match }) =>
    match.map(({ property }) => (property === 'id' ? unique(label, 'id') : index(label, property))),
  );
  const properties = schema.properties
    .filter(({ indexed, property }) => indexed && property !== 'id')
    .map(({ property }) => index(schema.label, property));
  return [
    ...new Set([
      unique(schema.label, 'id'),
      index(schema.label, slotOf(schema.name).scope),
      ...properties,
      ...matchers,
    ]),
  ];
}

export function unique(label: string, property: string): string {
  return `CREATE CONSTRAINT IF NOT EXISTS FOR (n:${quote(label)}) REQUIRE n.${quote(property)} IS UNIQUE`;
}

export function index(label: string, property: string): string {
  return `CREATE INDEX IF NOT EXISTS FOR (n:${quote(label)}) ON (n.${quote(property)})`;
}
