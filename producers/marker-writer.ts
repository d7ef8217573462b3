import type { LogProducer } from '../platform/kafka/log.ts';
import type { Topics } from '../platform/topics.ts';
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

export interface ShardMarker {
  shard: number;
  shards: number;
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
  shard(marker: ShardMarker): Promise<void>;
}

export interface MarkerWriterOptions {
  producer: LogProducer;
  encoder: Encoder;
  topics: Pick<Topics, 'markers' | 'shards'>;
  updateTag: number;
  trace: Trace;
}

export function createMarkerWriter({ producer, encoder, topics, updateTag, trace }: MarkerWriterOptions): MarkerWriter {
  const send = async (
    name: string,
    subject: string,
    key: string,
    marker: object,
    topic = topics.markers,
  ): Promise<void> => {
    const type = `cartography.aws.markers.${name}`;
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
  const hierarchySubject = ({ organizationId, accountId }: HierarchyMarker): string =>
    organizationId ?? accountId ?? 'none';
  // What lets something be deleted must outlive compaction, also where a resumed run says it again: so these keys are never used twice.
  // That a run has ended must outlive that it has been started again.
  return {
    scope: (marker) =>
      send('ScopeMarker', marker.scope, `scope|${marker.scope}|${updateTag}|${marker.endedAt}`, marker),
    account: (marker) => send('AccountMarker', marker.accountId, `account|${marker.accountId}|${updateTag}`, marker),
    hierarchy: (marker) =>
      send(
        'HierarchyMarker',
        hierarchySubject(marker),
        `hierarchy|${hierarchySubject(marker)}|${updateTag}|${marker.endedAt}`,
        marker,
      ),
    run: (marker) => send('RunMarker', '', `run|${updateTag}|${marker.state}`, marker),
    shard: (marker) => send('ShardMarker', '', `${updateTag}|${marker.shard}/${marker.shards}`, marker, topics.shards),
  };
}
