import type { AvroField, AvroRecord, AvroSchema } from '../../schemas/avro-schema.ts';

export const envelope: AvroField[] = [
  { name: 'accountId', type: 'string' },
  { name: 'region', type: 'string' },
  { name: 'updateTag', type: 'long' },
];
export const strings: AvroSchema = { type: 'array', items: 'string' };
export const targets: AvroSchema = {
  type: 'array',
  items: {
    type: 'record',
    name: 'Target',
    fields: [
      { name: 'Arn', type: ['null', 'string'] },
      { name: 'Port', type: 'int' },
      { name: 'Zones', type: strings },
    ],
  },
};

/** A schema of one string id, with what a test changes; `any` because most of them change it into nonsense. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export function schema(graph: object = {}, ...fields: any[]): AvroRecord {
  return {
    type: 'record',
    name: 'Thing',
    namespace: 'cartography.test',
    doc: 'A thing.',
    graph: { sync: 'test:thing', label: 'AWSThing', id: 'Id', ...graph },
    fields: [...envelope, { name: 'Id', type: 'string' }, ...(fields as AvroField[])],
  };
}

export function related(one: object, ...fields: AvroField[]): AvroRecord {
  const relationship = { type: 'USES', direction: 'out', label: 'AWSOther', match: { id: 'Id' }, ...one };
  return schema({ relationships: [relationship] }, ...fields);
}
