import type { AvroField, AvroRecord, AvroSchema } from '../../schemas/avro-schema.ts';
import { fullName } from '../../schemas/avro-schema.ts';
import type { Catalogue } from '../../schemas/catalogue.ts';
import { assetEnvelope, hierarchyEnvelope } from '../../schemas/graph-attribute.ts';
import type { RecordSchema } from '../../schemas/record-schema.ts';

/** The text of schemas/generated/records.ts. */
export function renderRecordTypes(catalogue: Catalogue): string {
  const records = catalogue.all().map((schema) => ({ avro: schema.avro, envelope: envelopeOf(schema) }));
  const markers = [...catalogue.markers.values()].map((avro) => ({ avro, envelope: [] }));
  return [
    '// Made of the .avsc files by `npm run generate`: edit those.\n',
    '/** Record types by full name, without the envelope, which the engine adds. */',
    renderMap('RecordTypes', records),
    '/** Markers by full name. */',
    renderMap('MarkerTypes', markers),
    ...[...records, ...markers].map(({ avro, envelope }) => renderInterface(avro, envelope)),
  ].join('\n');
}

interface Source {
  avro: AvroRecord;
  envelope: readonly string[];
}

function envelopeOf(schema: RecordSchema): readonly string[] {
  return schema.kind === 'asset' ? assetEnvelope : hierarchyEnvelope;
}

function renderMap(name: string, sources: readonly Source[]): string {
  const lines = sources.map(({ avro }) => `  '${fullName(avro)}': ${interfaceName(avro)};\n`);
  return `export interface ${name} {\n${lines.join('')}}\n`;
}

/** `cartography.aws.ec2.Instance` -> `Ec2Instance`; markers keep their name. */
function interfaceName(avro: AvroRecord): string {
  const [, , ...parts] = fullName(avro).split('.');
  const named = parts[0] === 'markers' ? parts.slice(1) : parts;
  return named.map((part) => part.charAt(0).toUpperCase() + part.slice(1)).join('');
}

function renderInterface(avro: AvroRecord, envelope: readonly string[]): string {
  const fields = avro.fields.filter(({ name }) => !envelope.includes(name));
  const known = new Map<string, string>();
  const body = fields.map((field) => renderField(field, '  ', known)).join('');
  return `${comment(avro.doc, '')}export interface ${interfaceName(avro)} {\n${body}}\n`;
}

function renderField(field: AvroField, indent: string, known: Map<string, string>): string {
  const optional = field.default !== undefined;
  const type = renderType(field.type, indent, known);
  return `${comment(field.doc, indent)}${indent}${field.name}${optional ? '?' : ''}: ${type}${optional ? ' | undefined' : ''};\n`;
}

function renderType(type: AvroSchema, indent: string, known: Map<string, string>): string {
  if (Array.isArray(type)) {
    const [nulls, others] = [type.filter((one) => one === 'null'), type.filter((one) => one !== 'null')];
    return [...others, ...nulls].map((one) => renderType(one, indent, known)).join(' | ');
  }
  if (typeof type === 'string') return known.get(type) ?? primitives[type] ?? unknownType(type);
  if (typeof type.type !== 'string') return renderType(type.type, indent, known);
  switch (type.type) {
    case 'array':
      return `readonly ${parenthesize(renderType(type['items'] as AvroSchema, indent, known))}[]`;
    case 'map':
      return `Record<string, ${renderType(type['values'] as AvroSchema, indent, known)}>`;
    case 'enum': {
      const symbols = (type['symbols'] as string[]).map((symbol) => `'${symbol}'`).join(' | ');
      known.set(String(type['name']), symbols);
      return symbols;
    }
    case 'record': {
      const fields = type['fields'] as AvroField[];
      const body = fields.map((field) => renderField(field, `${indent}  `, known)).join('');
      const text = `{\n${body}${indent}}`;
      known.set(String(type['name']), text);
      return text;
    }
    default:
      return renderType(type.type, indent, known);
  }
}

const primitives: Record<string, string> = {
  null: 'null',
  boolean: 'boolean',
  int: 'number',
  long: 'number',
  float: 'number',
  double: 'number',
  bytes: 'Buffer',
  string: 'string',
};

function unknownType(type: string): never {
  throw new Error(`no TypeScript for the Avro type ${JSON.stringify(type)}`);
}

function parenthesize(type: string): string {
  return type.includes(' | ') && !type.startsWith('{') ? `(${type})` : type;
}

function comment(doc: string | undefined, indent: string): string {
  return doc === undefined ? '' : `${indent}/** ${doc.replaceAll('*/', '* /')} */\n`;
}
