import { Header } from '../../../consumers/dead-letters/dead-letters.ts';

/** A JSON schema. */
export type JsonSchema = Readonly<Record<string, unknown>>;

const text = (description: string, more: JsonSchema = {}): JsonSchema => ({ type: 'string', description, ...more });

/** What every message's headers have; Kafka's are bytes, these are UTF-8. See producers/event-headers.ts. */
export const eventHeaders: JsonSchema = {
  type: 'object',
  description: 'CloudEvents 1.0 in binary mode, and what a consumer needs to filter and place a message undecoded.',
  properties: {
    ce_specversion: text('CloudEvents', { const: '1.0' }),
    ce_type: text("The record type or marker: the full name of the payload's schema"),
    ce_source: text('Where it comes from', {
      format: 'uri',
      examples: ['urn:aws:123456789012:eu-west-1', 'urn:cartography-stream:collector'],
    }),
    ce_id: text('With ce_source, the same each time that the message is sent again'),
    ce_time: text('When it was sent', { format: 'date-time' }),
    'content-type': text('Behind the five bytes of the wire format', { const: 'application/avro' }),
    scope: text('What the message belongs to: of a record, the middle of its key', {
      examples: ['123456789012/eu-west-1/ec2:vpc', 'organization/o-exampleorgid'],
    }),
    tag: text("The run's update tag: seconds, whole", { pattern: '^[0-9]+$' }),
    traceparent: text('W3C trace context', { pattern: '^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$' }),
  },
  required: [
    'ce_specversion',
    'ce_type',
    'ce_source',
    'ce_id',
    'ce_time',
    'content-type',
    'scope',
    'tag',
    'traceparent',
  ],
};

/** Those of a dead letter, beside the message's own, and of the note that settles one. */
export const deadLetterHeaders: JsonSchema = {
  type: 'object',
  description: "The message's own headers, with these beside them.",
  properties: {
    [Header.stage]: text('The stage of the loaders that could not apply the message'),
    [Header.topic]: text('Where the message stood: topic'),
    [Header.partition]: text('Partition', { pattern: '^[0-9]+$' }),
    [Header.offset]: text('Offset', { pattern: '^[0-9]+$' }),
    [Header.reason]: text('For people: why it could not be applied'),
    [Header.at]: text('When it was put here', { format: 'date-time' }),
    [Header.settles]: text("On a note instead of a letter: the letter's offset in this topic", { pattern: '^[0-9]+$' }),
    [Header.as]: text('On a note: what became of the letter', { enum: ['redriven', 'dropped'] }),
  },
};
