import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import { parse } from 'yaml';

import type { ReadMessage } from '../../platform/kafka/read-log.ts';

interface Contract {
  channels: Record<string, { messages: Record<string, unknown> }>;
  components: {
    messages: Record<string, { bindings: { kafka: { key: { pattern: string } } } }>;
    messageTraits: { event: { headers: object } };
  };
}

/** asyncapi.yaml as a check of real messages. */
export function readContract(): (channel: string, message: ReadMessage) => string[] {
  const text = readFileSync(new URL('../../asyncapi.yaml', import.meta.url), 'utf8');
  const { channels, components } = parse(text) as Contract;
  const hasHeaders: ValidateFunction = new Ajv({ strict: false, validateFormats: false }).compile(
    components.messageTraits.event.headers,
  );
  /** What is wrong with a message of this channel; empty when it is as described. */
  return (channel, { key, headers }) => {
    const type = headers['ce_type'] ?? '';
    if (!Object.hasOwn(channels[channel]!.messages, type)) return [`${channel} has no message ${type}`];
    const { pattern } = components.messages[type]!.bindings.kafka.key;
    return [
      ...(new RegExp(pattern).test(String(key)) ? [] : [`${String(key)} does not match ${pattern}`]),
      ...(hasHeaders(headers) ? [] : [`${String(key)}: ${JSON.stringify(hasHeaders.errors)}`]),
    ];
  };
}
