import type { LogProducer } from '../platform/kafka/log.ts';
import type { Encoder } from '../schemas/codec.ts';
import { createEventHeaders } from './event-headers.ts';
import { flushAll } from './flush-all.ts';
import type { PartitionOffset } from './offset-vector.ts';
import type { Outcome } from './outcomes.ts';
import type { RecordTypeCount } from './scope-writer.ts';
import type { Trace } from './trace.ts';

/** `not_in_org`, `access_denied` and `incomplete` leave the hierarchy as it is. */
export type HierarchyOutcome = 'complete' | 'access_denied' | 'incomplete' | 'not_in_org';

/** Times are milliseconds since the epoch. The update tag is the writer's. */
export interface ScopeMarker {
  scope: string;
  accountId: string;
  region: string;
  sync: string;
  outcome: Outcome;
  reason: string | null;
  recordTypes: RecordTypeCount[];
  offsets: PartitionOffset[];
  startedAt: number;
  endedAt: number;
}

export interface AccountMarker {
  accountId: string;
  requestedSyncs: readonly string[];
  scopes: { scope: string; outcome: Outcome }[];
  offsets: PartitionOffset[];
  endedAt: number;
}

export interface HierarchyMarker {
  organizationId: string | null;
  accountId: string | null;
  outcome: HierarchyOutcome;
  reason: string | null;
  recordTypes: RecordTypeCount[];
  offsets: PartitionOffset[];
  endedAt: number;
}

export interface RunMarker {
  state: 'started' | 'ended';
  accounts: readonly string[];
  requestedSyncs: readonly string[];
  outcomes: Record<string, number>;
  offsets: PartitionOffset[];
  at: number;
}

/** Sends markers; each method resolves when its marker is acknowledged. */
export interface MarkerWriter {
  scope(marker: ScopeMarker): Promise<void>;
  account(marker: AccountMarker): Promise<void>;
  hierarchy(marker: HierarchyMarker): Promise<void>;
  run(marker: RunMarker): Promise<void>;
}

export interface MarkerWriterOptions {
  producer: LogProducer;
  encoder: Encoder;
  topic: string;
  updateTag: number;
  trace: Trace;
}

export function createMarkerWriter({ producer, encoder, topic, updateTag, trace }: MarkerWriterOptions): MarkerWriter {
  const send = async (name: string, kind: string, subject: string, marker: object): Promise<void> => {
    const type = `cartography.aws.markers.${name}`;
    const key = [kind, subject, updateTag].filter((part) => part !== '').join('|');
    const headersOf = createEventHeaders({
      source: 'urn:cartography-stream:collector',
      scope: subject,
      updateTag,
      traceparent: trace.startSpan(),
    });
    const value = await encoder.encode(topic, type, { ...marker, updateTag });
    let acknowledged = false;
    await producer.write({ topic, key, value, headers: headersOf(type, key) }, () => {
      acknowledged = true;
    });
    await flushAll(producer, () => acknowledged, `marker ${key}`);
  };
  return {
    scope: (marker) => send('ScopeMarker', 'scope', marker.scope, marker),
    account: (marker) => send('AccountMarker', 'account', marker.accountId, marker),
    hierarchy: (marker) =>
      send('HierarchyMarker', 'hierarchy', marker.organizationId ?? marker.accountId ?? 'none', marker),
    run: (marker) => send('RunMarker', 'run', '', marker),
  };
}
