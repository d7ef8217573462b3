import type { LabelAttribute, OntologyAttribute, Scalar } from './graph-attribute.ts';
import type { FieldsByName } from './parse-relationship.ts';
import type { SchemaChecks } from './schema-checks.ts';
import type { ValueKind } from './value-kind.ts';
import { kindOf } from './value-kind.ts';

/** How a property follows from fields of the record, where it is not simply one of them. */
export type ValueRule =
  /** The same for every record. */
  | { how: 'value'; value: Scalar }
  /** The first that is not null. */
  | { how: 'first'; fields: readonly string[] }
  /** What says true or false means that; of anything else, whether it is there. */
  | { how: 'toBoolean'; field: string }
  /** Whether one of them says true, or none does. */
  | { how: 'or' | 'nor'; fields: readonly string[] }
  /** Whether it is one of these; null for null. */
  | { how: 'in'; field: string; values: readonly Scalar[] }
  /** Its other name; null where it has none. */
  | { how: 'map'; field: string; names: ReadonlyMap<string, string> }
  /** Whether each is equal to the value beside it. */
  | { how: 'all'; equal: readonly (readonly [field: string, value: Scalar])[] };

/** A property that is made of several fields, of none, or of another value than a field's. */
export interface ComputedProperty {
  property: string;
  kind: ValueKind;
  /** See FieldGraphAttribute.identity. */
  identity: boolean;
  from: ValueRule;
}

/** A label that a node has as long as its property, a computed one, is true. */
export interface ConditionalLabel {
  label: string;
  property: string;
}

/** Reads `graph.ontology`: `_ont_<name>` for each entry. `isIdentity`: whether a field's value follows from the id. */
export function parseOntology(
  checks: SchemaChecks,
  fields: FieldsByName,
  json: unknown,
  isIdentity: (field: string) => boolean,
): ComputedProperty[] {
  return checks.entries('graph.ontology', json).map(([name, one]) => {
    const place = `graph.ontology.${name}`;
    const { from, kind } = parseRule(checks, fields, place, one as OntologyAttribute);
    return {
      property: `_ont_${checks.name('graph.ontology', name)}`,
      kind,
      identity: fieldsOf(from).every(isIdentity),
      from,
    };
  });
}

/** Reads `graph.labels`: those that every node has, and those that hang on a condition, with the properties that say it. */
export function parseLabels(
  checks: SchemaChecks,
  fields: FieldsByName,
  json: unknown,
  isIdentity: (field: string) => boolean,
): { labels: string[]; conditionalLabels: ConditionalLabel[]; conditions: ComputedProperty[] } {
  const labels: string[] = [];
  const conditionalLabels: ConditionalLabel[] = [];
  const conditions: ComputedProperty[] = [];
  for (const [index, one] of checks.list('graph.labels', json).entries()) {
    const place = `graph.labels[${index}]`;
    if (typeof one !== 'object' || one === null || Array.isArray(one)) {
      labels.push(checks.name(place, one));
      continue;
    }
    const { label: json, when } = one as Partial<LabelAttribute>;
    const label = checks.name(`${place}.label`, json);
    const equal = checks
      .entries(`${place}.when`, when)
      .map(
        ([field, value]) =>
          [
            comparable(checks, fields, `${place}.when`, field).name,
            scalar(checks, `${place}.when.${field}`, value),
          ] as const,
      );
    if (equal.length === 0) checks.fail(`${place}.when`, 'is empty');
    const property = `_label_${label}`;
    conditionalLabels.push({ label, property });
    const identity = equal.every(([field]) => isIdentity(field));
    conditions.push({ property, kind: 'boolean', identity, from: { how: 'all', equal } });
  }
  const all = [...labels, ...conditionalLabels.map(({ label }) => label)];
  if (new Set(all).size < all.length) checks.fail('graph.labels', 'names a label twice');
  return { labels, conditionalLabels, conditions };
}

function fieldsOf(from: ValueRule): readonly string[] {
  if (from.how === 'value') return [];
  if (from.how === 'all') return from.equal.map(([field]) => field);
  return 'fields' in from ? from.fields : [from.field];
}

type Parsed = Pick<ComputedProperty, 'from' | 'kind'>;

function parseRule(checks: SchemaChecks, fields: FieldsByName, place: string, json: OntologyAttribute): Parsed {
  const one: Record<string, unknown> = typeof json === 'string' ? { first: [json] } : { ...checks.object(place, json) };
  const [how = '', ...others] = Object.keys(one).filter((key) => key !== 'field');
  const takesField = how === 'in' || how === 'map';
  if (others.length > 0 || takesField !== 'field' in one) {
    return checks.fail(place, `must be a field, or one of ${shapes}, not ${JSON.stringify(json)}`);
  }
  const several = (check: FieldCheck): { name: string; kind: ValueKind }[] => {
    const names = checks.list(`${place}.${how}`, one[how]);
    if (names.length === 0) checks.fail(`${place}.${how}`, 'is empty');
    return names.map((name) => check(checks, fields, `${place}.${how}`, name));
  };
  switch (how) {
    case 'value': {
      const value = scalar(checks, `${place}.value`, one[how]);
      return { from: { how, value }, kind: kindOfScalar(value) };
    }
    case 'first': {
      const all = several(storable);
      const { kind } = all[0]!;
      if (all.some((other) => other.kind !== kind)) checks.fail(`${place}.first`, 'names fields of different types');
      return { from: { how, fields: all.map(({ name }) => name) }, kind };
    }
    case 'toBoolean':
      return { from: { how, field: comparable(checks, fields, `${place}.${how}`, one[how]).name }, kind: 'boolean' };
    case 'invert':
      return {
        from: { how: 'nor', fields: [comparable(checks, fields, `${place}.${how}`, one[how]).name] },
        kind: 'boolean',
      };
    case 'or':
    case 'nor':
      return { from: { how, fields: several(comparable).map(({ name }) => name) }, kind: 'boolean' };
    case 'in': {
      const { name } = comparable(checks, fields, `${place}.field`, one['field']);
      const values = checks.list(`${place}.in`, one[how]).map((value) => scalar(checks, `${place}.in`, value));
      return { from: { how, field: name, values }, kind: 'boolean' };
    }
    case 'map': {
      const { name, kind } = comparable(checks, fields, `${place}.field`, one['field']);
      if (kind !== 'string') checks.fail(`${place}.field`, `must name a field of text, "${name}" is not one`);
      const names = checks.entries(`${place}.map`, one[how]).map(([from, to]): [string, string] => {
        return [from, typeof to === 'string' ? to : checks.fail(`${place}.map.${from}`, 'must be text')];
      });
      return { from: { how, field: name, names: new Map(names) }, kind: 'string' };
    }
    default:
      return checks.fail(place, `must be a field, or one of ${shapes}, not ${JSON.stringify(json)}`);
  }
}

const shapes = '{ value }, { first }, { toBoolean }, { invert }, { or }, { nor }, { field, in }, { field, map }';

type FieldCheck = (
  checks: SchemaChecks,
  fields: FieldsByName,
  place: string,
  name: unknown,
) => { name: string; kind: ValueKind };

const storable: FieldCheck = (checks, fields, place, name) => {
  const field = fields.get(String(name)) ?? checks.fail(place, `names no field: ${JSON.stringify(name)}`);
  const kind = kindOf(field.type) ?? checks.fail(place, `names "${field.name}", whose type no property can hold`);
  return { name: field.name, kind };
};

const comparable: FieldCheck = (checks, fields, place, name) => {
  const field = storable(checks, fields, place, name);
  const isScalar = field.kind === 'string' || field.kind === 'boolean' || field.kind === 'integer';
  return isScalar
    ? field
    : checks.fail(place, `must name a field of text, whole numbers or booleans, not "${field.name}"`);
};

function scalar(checks: SchemaChecks, place: string, value: unknown): Scalar {
  const isScalar = typeof value === 'string' || typeof value === 'boolean' || Number.isSafeInteger(value);
  return isScalar
    ? (value as Scalar)
    : checks.fail(place, `must be text, a whole number or a boolean, not ${JSON.stringify(value)}`);
}

function kindOfScalar(value: Scalar): ValueKind {
  return typeof value === 'string' ? 'string' : typeof value === 'boolean' ? 'boolean' : 'integer';
}
