/** What the headers of one scope's messages have in common. */
export interface EventContext {
  /** A URN, e.g. `urn:aws:123456789012:eu-west-1`. */
  source: string;
  scope: string;
  updateTag: number;
  traceparent: string;
}

/**
 * CloudEvents in binary mode, the scope and the tag, so that a consumer can filter and place a message without decoding
 * it. `id` is the same each time that a message is sent again.
 * https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md
 */
export function createEventHeaders(context: EventContext): (type: string, id: string) => Record<string, string> {
  const common = {
    ce_specversion: '1.0',
    ce_source: context.source,
    'content-type': 'application/avro',
    scope: context.scope,
    tag: String(context.updateTag),
    traceparent: context.traceparent,
  };
  let now = { ms: NaN, text: '' };
  return (type, id) => {
    const ms = Date.now();
    if (ms !== now.ms) now = { ms, text: new Date(ms).toISOString() };
    return { ...common, ce_type: type, ce_id: `${context.updateTag}|${id}`, ce_time: now.text };
  };
}
