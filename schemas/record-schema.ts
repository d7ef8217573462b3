import type { AvroField, AvroRecord } from './avro-schema.ts';
import { isNullable, nameIn } from './avro-schema.ts';
import type { ConditionalLabel, ComputedProperty } from './value-rule.ts';
import { parseLabels, parseOntology } from './value-rule.ts';
import type { Direction, GraphAttribute, RelationshipAttribute } from './graph-attribute.ts';
import { assetEnvelope, hierarchyEnvelope } from './graph-attribute.ts';
import type { FieldsByName } from './parse-relationship.ts';
import { parseRelationship } from './parse-relationship.ts';
import type { SchemaChecks } from './schema-checks.ts';
import { checksOf } from './schema-checks.ts';
import type { ValueKind } from './value-kind.ts';
import { kindOf } from './value-kind.ts';

export type { ValueKind } from './value-kind.ts';

/** A property of the node and the field that sets it. */
export interface PropertyMapping {
  property: string;
  field: string;
  indexed: boolean;
  /** See FieldGraphAttribute.identity. */
  identity: boolean;
  /** The field's Avro type without null. */
  kind: ValueKind;
}

export interface Relationship {
  type: string;
  direction: Direction;
  label: string;
  /** Sorted by property. */
  match: { property: string; path: readonly string[] }[];
  unique: boolean;
  crossAccount: boolean;
  /** `kind` is that of the value on one edge: an item's, where the path names the array that makes an edge per item. */
  properties: { property: string; path: readonly string[]; kind: ValueKind }[];
}

export interface RecordSchema {
  /** Full name, e.g. `cartography.aws.ec2.Instance`. */
  name: string;
  /** `asset` records have an account and a region, `hierarchy` records an organization. */
  kind: 'asset' | 'hierarchy';
  doc: string;
  sync: string;
  label: string;
  /** Those that every node of the record type has. */
  labels: readonly string[];
  conditionalLabels: readonly ConditionalLabel[];
  idField: string;
  properties: readonly PropertyMapping[];
  /** What follows from the fields: ontology properties, and the conditions of labels. */
  computed: readonly ComputedProperty[];
  /** The owner edge comes first. */
  relationships: readonly Relationship[];
  contested: ReadonlyMap<string, readonly string[]>;
  /** Those of its properties that the analysis stage sets. */
  derived: ReadonlySet<string>;
  avro: AvroRecord;
}

const syncPattern = /^[a-z0-9][a-z0-9_:]{0,63}$/;

/**
 * Reads an Avro schema with a `graph` attribute, whoever wrote it: every name that it returns is fit for Cypher, and
 * every record of the schema has the fields that a loader relies on.
 * @throws SchemaError that names the record, the place and what is expected there.
 */
export function parseRecordSchema(avro: AvroRecord): RecordSchema {
  const checks = checksOf(nameIn(avro) ?? 'without a name');
  const name = checks.recordName('name', nameIn(checks.object('it', avro)));
  const { fail } = checks;
  const graph = checks.object('graph', avro.graph) as Partial<GraphAttribute>;
  const fields = parseFields(checks, avro.fields);

  const kind = fields.has('organizationId') && !fields.has('accountId') ? 'hierarchy' : 'asset';
  const envelope: readonly string[] = kind === 'asset' ? assetEnvelope : hierarchyEnvelope;
  for (const field of envelope) requireEnvelopeField(checks, fields, field);
  if (typeof graph.sync !== 'string' || !syncPattern.test(graph.sync)) {
    return fail('graph.sync', `must be a sync identifier, not ${JSON.stringify(graph.sync)}`);
  }
  const idField = fields.get(String(graph.id)) ?? fail('graph.id', `names no field: ${JSON.stringify(graph.id)}`);
  if (isNullable(idField.type) || kindOf(idField.type) !== 'string') {
    fail('graph.id', `must name a field of text that is never null, "${idField.name}" is not one`);
  }
  const properties = parseProperties(checks, fields, idField.name, envelope);
  const isIdentity = (field: string): boolean =>
    properties.some((mapping) => mapping.field === field && mapping.identity);
  const { labels, conditionalLabels, conditions } = parseLabels(checks, fields, graph.labels, isIdentity);
  const computed = [...parseOntology(checks, fields, graph.ontology, isIdentity), ...conditions];

  return {
    name,
    kind,
    doc: typeof avro.doc === 'string' ? avro.doc : '',
    sync: graph.sync,
    label: checks.name('graph.label', graph.label),
    labels,
    conditionalLabels,
    idField: idField.name,
    properties,
    computed,
    relationships: parseRelationships(checks, fields, graph, kind),
    contested: parseContested(checks, graph.contested, name, [...properties, ...computed]),
    derived: parseDerived(checks, graph, properties),
    avro,
  };
}

function parseFields(checks: SchemaChecks, json: unknown): FieldsByName {
  const fields = new Map<string, AvroField>();
  for (const [index, one] of checks.list('fields', json).entries()) {
    const field = checks.object(`fields[${index}]`, one) as AvroField;
    fields.set(checks.name(`fields[${index}].name`, field.name), field);
  }
  return fields;
}

function requireEnvelopeField({ fail }: SchemaChecks, fields: FieldsByName, name: string): void {
  const field = fields.get(name) ?? fail('fields', `lack the envelope field "${name}"`);
  const expected = name === 'updateTag' ? 'integer' : 'string';
  if (isNullable(field.type) || kindOf(field.type) !== expected) {
    fail(`field ${name}`, `must be ${expected === 'integer' ? 'a long' : 'a string'} that is never null`);
  }
}

function parseProperties(
  checks: SchemaChecks,
  fields: FieldsByName,
  idField: string,
  envelope: readonly string[],
): PropertyMapping[] {
  const found: PropertyMapping[] = [{ property: 'id', field: idField, indexed: false, identity: true, kind: 'string' }];
  const taken = new Set<string>();
  for (const { name: field, type, graph: json } of fields.values()) {
    const place = `field ${field}, graph`;
    const graph: { properties?: unknown; index?: unknown; identity?: unknown } =
      json === undefined ? {} : checks.object(place, json);
    const indexed = checks.flag(`${place}.index`, graph.index) ?? false;
    const identity = checks.flag(`${place}.identity`, graph.identity) ?? (field === idField || field === 'region');
    const byDefault = envelope.includes(field) ? [] : [field];
    for (const one of checks.list(`${place}.properties`, graph.properties ?? byDefault)) {
      const property = checks.property(`${place}.properties`, one);
      if (property === 'id' && field === idField) continue;
      if (property === 'id') checks.fail(`field ${field}`, 'sets "id", which only the graph.id field may');
      if (taken.has(property)) checks.fail(`property ${property}`, 'is set by two fields');
      taken.add(property);
      const kind =
        kindOf(type) ??
        checks.fail(`field ${field}`, 'has a type that no property can hold; set graph.properties to []');
      found.push({ property, field, indexed, identity, kind });
    }
  }
  return found;
}

const assetOwner: RelationshipAttribute = {
  type: 'RESOURCE',
  direction: 'in',
  label: 'AWSAccount',
  match: { id: 'accountId' },
};

function parseRelationships(
  checks: SchemaChecks,
  fields: FieldsByName,
  graph: Partial<GraphAttribute>,
  kind: RecordSchema['kind'],
): Relationship[] {
  const owner = graph.owner === undefined && kind === 'asset' ? assetOwner : (graph.owner ?? null);
  const others = checks.list('graph.relationships', graph.relationships);
  return [
    ...(owner === null ? [] : [parseRelationship(checks, fields, 'graph.owner', owner)]),
    ...others.map((one, index) => parseRelationship(checks, fields, `graph.relationships[${index}]`, one)),
  ];
}

function parseDerived(
  checks: SchemaChecks,
  { derived, contested }: Partial<GraphAttribute>,
  properties: readonly PropertyMapping[],
): ReadonlySet<string> {
  const names = checks
    .list('graph.derived', derived)
    .map((one, index) => checks.property(`graph.derived[${index}]`, one));
  for (const name of names) {
    if (name === 'id' || !properties.some(({ property }) => property === name)) {
      checks.fail('graph.derived', `names a property that no field sets: ${JSON.stringify(name)}`);
    }
    if (Object.hasOwn(contested ?? {}, name))
      checks.fail('graph.derived', `names a contested property: ${JSON.stringify(name)}`);
  }
  return new Set(names);
}

function parseContested(
  checks: SchemaChecks,
  json: unknown,
  recordName: string,
  properties: readonly { property: string }[],
): ReadonlyMap<string, readonly string[]> {
  const contested = new Map<string, readonly string[]>();
  for (const [name, list] of checks.entries('graph.contested', json)) {
    const place = `graph.contested.${name}`;
    if (name === 'id' || !properties.some(({ property }) => property === name)) {
      checks.fail('graph.contested', `names a property that no field sets: ${JSON.stringify(name)}`);
    }
    const winners = checks.list(place, list).map((winner) => checks.recordName(place, winner));
    if (!winners.includes(recordName)) checks.fail(place, 'does not list this record type');
    if (new Set(winners).size < winners.length) checks.fail(place, 'lists a record type twice');
    contested.set(name, winners);
  }
  return contested;
}
