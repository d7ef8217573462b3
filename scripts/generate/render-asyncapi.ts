import { stringify } from 'yaml';

import { readVersion } from '../../cli/read-version.ts';
import type { Catalogue } from '../../schemas/catalogue.ts';
import { channelsOf } from './asyncapi/channels.ts';
import { deadLetterHeaders, eventHeaders } from './asyncapi/headers.ts';
import { deadLetter, eventTrait, kafkaBinding, messagesOf } from './asyncapi/messages.ts';

const description = `The log of an AWS estate: what collectors write, for any consumer. How to read it: docs/consuming.md.
Made of schemas/ and platform/topics.ts by \`npm run generate\`: edit those. \`--topic-prefix\`, \`--partitions\` and
\`--replication-factor\` give other topics.`;

/** asyncapi.yaml: the topics and what is in them, https://www.asyncapi.com/docs/reference/specification/v3.0.0 */
export function renderAsyncApi(catalogue: Catalogue): string {
  const channels = channelsOf(catalogue);
  const document = {
    asyncapi: '3.0.0',
    info: {
      title: 'cartography-stream',
      version: readVersion(),
      description,
      license: { name: 'Apache 2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    defaultContentType: 'application/avro',
    servers: { local: localServer },
    channels,
    operations: Object.fromEntries(Object.keys(channels).map((id) => [`write-${id}`, describeOperation(id)])),
    components: {
      messages: { ...messagesOf(catalogue), [deadLetter]: deadLetterMessage },
      messageTraits: { [eventTrait]: eventMessageTrait },
    },
  };
  return stringify(document, { lineWidth: 0, aliasDuplicateObjects: false });
}

const localServer = {
  host: '127.0.0.1:9092',
  protocol: 'kafka',
  description: 'What `npx cartography stack up` starts.',
  bindings: {
    kafka: {
      schemaRegistryUrl: 'http://127.0.0.1:8081/apis/ccompat/v7',
      schemaRegistryVendor: 'confluent',
      bindingVersion: kafkaBinding,
    },
  },
};

function describeOperation(channel: string): object {
  return { action: 'send', channel: { $ref: `#/channels/${channel}` } };
}

const eventMessageTrait = {
  contentType: 'application/avro',
  headers: eventHeaders,
  bindings: {
    kafka: {
      schemaIdLocation: 'payload',
      schemaIdPayloadEncoding: 'confluent',
      schemaLookupStrategy: 'TopicRecordNameStrategy',
      bindingVersion: kafkaBinding,
    },
  },
};

const deadLetterMessage = {
  name: deadLetter,
  title: deadLetter,
  summary:
    'A message that could not be applied, with its own key and bytes; or a note, without bytes, that settles one.',
  contentType: 'application/octet-stream',
  headers: deadLetterHeaders,
};
