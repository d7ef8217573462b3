import { type AvroRecord, fullName } from '../../../schemas/avro-schema.ts';
import type { Catalogue } from '../../../schemas/catalogue.ts';
import type { RecordSchema } from '../../../schemas/record-schema.ts';
import type { JsonSchema } from './headers.ts';

export const deadLetter = 'DeadLetter';
/** The trait of all messages but dead letters. */
export const eventTrait = 'event';

export const kafkaBinding = '0.5.0';

const account = '[0-9]{12}';
const regionOrGlobal = '[a-z0-9-]+';
const tag = '[0-9]+';
const milliseconds = '[0-9]+';
const anything = '[^|]+';

/** What the keys of a marker look like: a regular expression. See producers/marker-writer.ts. */
const markerKeys: Readonly<Record<string, string>> = {
  'cartography.aws.markers.ScopeMarker': `scope\\|${account}/${regionOrGlobal}/[a-z0-9_:]+\\|${tag}\\|${milliseconds}`,
  'cartography.aws.markers.AccountMarker': `account\\|${account}\\|${tag}`,
  'cartography.aws.markers.HierarchyMarker': `hierarchy\\|${anything}\\|${tag}\\|${milliseconds}`,
  'cartography.aws.markers.RunMarker': `run\\|${tag}\\|(started|ended)`,
  'cartography.aws.markers.ShardMarker': `${tag}\\|[0-9]+/[0-9]+`,
};

/** AsyncAPI's message objects by full name. */
export function messagesOf(catalogue: Catalogue): Record<string, object> {
  const records = catalogue.all().map((schema) => [schema.name, describeMessage(schema.avro, recordKeyOf(schema))]);
  const markers = [...catalogue.markers].map(([name, avro]) => {
    const key = markerKeys[name];
    if (key === undefined) throw new Error(`${name}: say in scripts/generate/asyncapi/messages.ts what its keys are`);
    return [name, describeMessage(avro, key)];
  });
  return Object.fromEntries([...records, ...markers]) as Record<string, object>;
}

function recordKeyOf({ name, kind, sync }: RecordSchema): string {
  const scope = kind === 'asset' ? `${account}/${regionOrGlobal}/${sync}` : `organization/${anything}`;
  return `${name.replaceAll('.', '\\.')}\\|${scope}\\|.+`;
}

function describeMessage(avro: AvroRecord, key: string): object {
  const name = fullName(avro);
  return {
    name,
    title: avro.name,
    summary: avro.doc,
    traits: [{ $ref: `#/components/messageTraits/${eventTrait}` }],
    headers: { properties: { ce_type: { const: name } } },
    payload: {
      schemaFormat: 'application/vnd.apache.avro;version=1.9.0',
      schema: { $ref: `./schemas/${name.split('.').slice(1).join('/')}.avsc` },
    },
    bindings: { kafka: { key: keySchema(key), bindingVersion: kafkaBinding } },
  };
}

function keySchema(pattern: string): JsonSchema {
  return { type: 'string', pattern: `^${pattern}$` };
}
