import type { AvroField } from '../../schemas/avro-schema.ts';
import type { Catalogue } from '../../schemas/catalogue.ts';
import type { PropertyMapping, RecordSchema, Relationship } from '../../schemas/record-schema.ts';
import type { ValueKind } from '../../schemas/value-kind.ts';
import { describeRule } from './describe-rule.ts';

/** All record types that make nodes of one label. */
interface LabelPage {
  label: string;
  service: string;
  /** The one that says most of the node comes first. */
  schemas: readonly RecordSchema[];
}

const introduction = `# Graph schema

Made of the files in schemas/ by \`npm run generate\`: edit those.

Every node has an \`id\`, unique for its label, \`firstseen\` (milliseconds since the epoch) and \`lastupdated\` (the update
tag of the last run that saw it); every relationship has the latter two. \`_ont_\` properties mean the same for the assets
of all providers; other properties and labels that begin with an underscore belong to the loaders. "From" names the record type, without \`cartography.aws.\`, and its field. A property is
absent where AWS gives no value.
`;

/** The text of docs/graph-schema.md. */
export function renderGraphSchema(catalogue: Catalogue): string {
  const pages = labelPages(catalogue);
  const services = [...new Set(pages.map(({ service }) => service))];
  const contents = services.map((service) => {
    const links = pages
      .filter((page) => page.service === service)
      .map(({ label }) => `[${label}](#${label.toLowerCase()})`);
    return `- [${service}](#${service}): ${links.join(', ')}\n`;
  });
  const sections = services.map((service) => {
    const ofService = pages.filter((page) => page.service === service);
    return `## ${service}\n\n${ofService.map((page) => renderPage(page, catalogue)).join('\n')}`;
  });
  return `${introduction}\n${contents.join('')}\n${sections.join('\n')}`;
}

function labelPages(catalogue: Catalogue): LabelPage[] {
  const byLabel = Map.groupBy(catalogue.all(), ({ label }) => label);
  const pages = [...byLabel].map(([label, schemas]) => {
    const sorted = schemas.toSorted((a, b) => b.properties.length - a.properties.length || compare(a.name, b.name));
    const services = sorted.map(serviceOf);
    return { label, schemas: sorted, service: services.includes('account') ? 'account' : services[0]! };
  });
  return pages.sort((a, b) => compare(a.service, b.service) || compare(a.label, b.label));
}

/** `cartography.aws.ec2.Instance` -> `ec2`; what stands above the services is `account`. */
function serviceOf(schema: RecordSchema): string {
  const parts = schema.name.split('.');
  return parts.length === 4 ? parts[2]! : 'account';
}

function shortName(schema: RecordSchema): string {
  return schema.name.replace('cartography.aws.', '');
}

function renderPage(page: LabelPage, catalogue: Catalogue): string {
  const { label, schemas } = page;
  const labels = [...new Set(schemas.flatMap((schema) => schema.labels))];
  const sources = schemas.map(
    (schema) => `- \`${shortName(schema)}\`, sync \`${schema.sync}\`: ${escape(schema.doc)}\n`,
  );
  const relationships = relationshipLines(page, catalogue);
  return [
    `### ${label}\n\n`,
    labels.length === 0 ? '' : `Also labelled ${labels.map(code).join(', ')}.\n\n`,
    ...conditionalLabelLines(page),
    `Made by:\n\n${sources.join('')}\n`,
    `| Property | Type | From | Meaning |\n| --- | --- | --- | --- |\n${propertyRows(page, catalogue).join('')}${ontologyRows(page).join('')}`,
    relationships.length === 0 ? '' : `\nRelationships:\n\n${relationships.join('')}`,
  ].join('');
}

function propertyRows({ label, schemas }: LabelPage, catalogue: Catalogue): string[] {
  const matched = matchedProperties(label, catalogue);
  const all = schemas.flatMap((schema) => schema.properties.map((mapping) => ({ schema, mapping })));
  const byProperty = Map.groupBy(all, ({ mapping }) => mapping.property);
  return [...byProperty].map(([property, setters]) => {
    const { sorted, note } = bestFirst(property, setters);
    const indexed = matched.has(property) || setters.some(({ mapping }) => mapping.indexed);
    const from = sorted.map(({ schema, mapping }) => code(`${shortName(schema)}.${mapping.field}`));
    const { schema, mapping } = sorted[0]!;
    const doc = fieldOf(schema, mapping).doc ?? '';
    return `| ${code(property)}${indexed ? ', indexed' : ''} | ${kindNames[mapping.kind]} | ${from.join(', ')}${note} | ${cell(doc)} |\n`;
  });
}

function ontologyRows({ schemas }: LabelPage): string[] {
  const all = schemas.flatMap((schema) => schema.computed.map((one) => ({ schema, one })));
  const byProperty = Map.groupBy(
    all.filter(({ one }) => one.property.startsWith('_ont_')),
    ({ one }) => one.property,
  );
  return [...byProperty].map(([property, setters]) => {
    const { sorted, note } = bestFirst(property, setters);
    const from = sorted.flatMap(({ schema, one }) => {
      const { fields } = describeRule(one.from);
      return fields.length === 0
        ? [code(shortName(schema))]
        : fields.map((field) => code(`${shortName(schema)}.${field}`));
    });
    const { one } = sorted[0]!;
    const { meaning } = describeRule(one.from);
    return `| ${code(property)} | ${kindNames[one.kind]} | ${from.join(', ')}${note} | ${cell(meaning)} |\n`;
  });
}

function conditionalLabelLines({ schemas }: LabelPage): string[] {
  return schemas.flatMap((schema) =>
    schema.conditionalLabels.map(({ label, property }) => {
      const { meaning } = describeRule(schema.computed.find((one) => one.property === property)!.from);
      return `Labelled ${code(label)} where ${meaning} in ${code(shortName(schema))}.\n\n`;
    }),
  );
}

/** Those that set a property, the one that wins first, and what to say of it. */
function bestFirst<T extends { schema: RecordSchema }>(
  property: string,
  setters: readonly T[],
): { sorted: T[]; note: string } {
  const winners = setters[0]!.schema.contested.get(property);
  const order = winners ?? setters.map(({ schema }) => schema.name);
  const sorted = setters.toSorted((a, b) => order.indexOf(a.schema.name) - order.indexOf(b.schema.name));
  const isDerived = setters.some(({ schema }) => schema.derived.has(property));
  const note = isDerived ? ' and others (analysis.md)' : winners === undefined ? '' : ' (the first that has a value)';
  return { sorted, note };
}

/** What the loaders index because a relationship is matched on it, and the key. */
function matchedProperties(label: string, catalogue: Catalogue): ReadonlySet<string> {
  const relationships = catalogue.all().flatMap((schema) => schema.relationships.filter((one) => one.label === label));
  return new Set(['id', ...relationships.flatMap(({ match }) => match.map(({ property }) => property))]);
}

function fieldOf(schema: RecordSchema, mapping: PropertyMapping): AvroField {
  return schema.avro.fields.find(({ name }) => name === mapping.field)!;
}

const kindNames: Record<ValueKind, string> = {
  integer: 'integer',
  float: 'float',
  boolean: 'boolean',
  string: 'string',
  datetime: 'date-time',
  integers: 'integers',
  floats: 'floats',
  booleans: 'booleans',
  strings: 'strings',
};

/** What the label's own record types declare, then what others declare that ends at it. */
function relationshipLines({ label, schemas }: LabelPage, catalogue: Catalogue): string[] {
  const labels = new Set([label, ...schemas.flatMap((schema) => schema.labels)]);
  const own = schemas.flatMap((schema) => schema.relationships.map((one) => relationshipLine(schema, one)));
  const others = catalogue
    .all()
    .filter((schema) => schema.label !== label)
    .flatMap((schema) => schema.relationships.filter((one) => labels.has(one.label)).map((one) => arrow(schema, one)));
  return [...new Set([...own, ...others.sort(compare).map((line) => `- ${code(line)}\n`)])];
}

function relationshipLine(schema: RecordSchema, one: Relationship): string {
  const match = one.match.map(
    ({ property, path }) => `${code(property)} = ${code(`${shortName(schema)}.${path.join('.')}`)}`,
  );
  const properties = one.properties.map(({ property }) => code(property));
  return [
    `- ${code(arrow(schema, one))} where ${match.join(' and ')}`,
    properties.length === 0 ? '' : `; with ${properties.join(', ')}`,
    one.crossAccount ? '; may cross accounts' : '',
    '\n',
  ].join('');
}

function arrow(schema: RecordSchema, one: Relationship): string {
  const [from, to] = one.direction === 'out' ? [schema.label, one.label] : [one.label, schema.label];
  return `(:${from})-[:${one.type}]->(:${to})`;
}

function code(text: string): string {
  return `\`${text}\``;
}

function cell(text: string): string {
  return escape(text).replaceAll('|', '\\|');
}

function escape(text: string): string {
  return text.replaceAll('<', '&lt;');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
