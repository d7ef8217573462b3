import type { Logger } from 'pino';

import { messageOf, RecordError } from '../platform/errors.ts';
import type { LogProducer } from '../platform/kafka/log.ts';
import { flushAll } from './flush-all.ts';
import type { Catalogue } from '../schemas/catalogue.ts';
import type { Encoder } from '../schemas/codec.ts';
import { recordKey } from '../schemas/scope.ts';
import { DistinctIds } from './distinct-ids.ts';
import { createEventHeaders } from './event-headers.ts';
import { OffsetVector } from './offset-vector.ts';
import type { CollectedRecord } from './sync.ts';

/** As the markers' schemas have it. */
export interface RecordTypeCount {
  name: string;
  records: number;
  complete: boolean;
  withheld: string[];
}

export interface ScopeWriterOptions {
  producer: LogProducer;
  encoder: Encoder;
  catalogue: Pick<Catalogue, 'get'>;
  logger: Logger;
  topic: string;
  scope: string;
  /** Fields that every record gets; they override a record's own. */
  envelope: Readonly<Record<string, unknown>>;
  /** All record types that may come. */
  recordTypes: readonly string[];
  updateTag: number;
  source: string;
  traceparent: string;
}

export interface ScopeEnd {
  /** Every record type, those without records too. */
  recordTypes: RecordTypeCount[];
  offsets: OffsetVector;
  /** Why some records are withheld, one line; undefined when none is. */
  withheld: string | undefined;
}

/** Writes the records of one scope and knows what was written where. */
export interface ScopeWriter {
  /**
   * Resolves when the next record may come. A record that its schema refuses, or that is too large, is withheld.
   * @throws Error for a record type that was not announced.
   * @throws InfrastructureError when Kafka or the registry is gone.
   */
  write(record: CollectedRecord): Promise<void>;
  /** See SyncContext.withhold. */
  withhold(recordType: string, reason: string, nodeId?: string): void;
  /** Messages written so far. */
  readonly written: number;
  /** Waits for all acknowledgements. */
  end(): Promise<ScopeEnd>;
}

/** With more withheld records of a type than this the whole type is withheld: a marker is one message. */
const mostWithheldIds = 1000;

interface TypeState {
  name: string;
  idField: string;
  ids: DistinctIds;
  complete: boolean;
  withheld: Set<string>;
}

export function openScopeWriter(options: ScopeWriterOptions): ScopeWriter {
  const { producer, encoder, catalogue, logger, topic, scope, envelope } = options;
  const headersOf = createEventHeaders(options);
  const offsets = new OffsetVector();
  const states = new Map<string, TypeState>();
  let written = 0;
  let acknowledged = 0;
  let withheldCount = 0;
  let firstReason: string | undefined;

  for (const name of options.recordTypes) {
    const idField = catalogue.get(name)?.idField;
    if (idField === undefined) throw new Error(`${name} has no schema in schemas/`);
    states.set(name, { name, idField, ids: new DistinctIds(), complete: true, withheld: new Set() });
  }
  const stateOf = (recordType: string): TypeState => {
    const state = states.get(recordType);
    if (state === undefined) throw new Error(`${recordType} is none of the record types that ${scope} announces`);
    return state;
  };
  const withhold = (recordType: string, reason: string, nodeId?: string): void => {
    const state = stateOf(recordType);
    if (nodeId !== undefined) state.withheld.add(nodeId);
    if (nodeId === undefined || state.withheld.size > mostWithheldIds) {
      state.complete = false;
      state.withheld.clear();
    }
    withheldCount++;
    firstReason ??= reason.startsWith(recordType) ? reason : `${recordType}: ${reason}`;
    logger.warn({ scope, recordType, nodeId }, `withheld: ${reason}`);
  };
  const onAcknowledged = (position: Parameters<OffsetVector['add']>[0]): void => {
    acknowledged++;
    offsets.add(position);
  };

  return {
    withhold,
    get written() {
      return written;
    },
    async write({ type, value }) {
      const state = stateOf(type);
      const id = value[state.idField];
      const nodeId = typeof id === 'string' && id !== '' ? id : undefined;
      try {
        if (nodeId === undefined) throw new RecordError(`${type} refuses a record: ${state.idField} is missing`);
        const bytes = await encoder.encode(topic, type, { ...value, ...envelope });
        const key = recordKey(type, scope, nodeId);
        await producer.write(
          { topic, key, value: bytes, headers: headersOf(type, `${type}|${nodeId}`) },
          onAcknowledged,
        );
        written++;
        state.ids.add(nodeId);
      } catch (error) {
        if (!(error instanceof RecordError)) throw error;
        withhold(type, messageOf(error), nodeId);
      }
    },
    async end() {
      await flushAll(producer, () => acknowledged === written, `the records of ${scope}`);
      return {
        recordTypes: [...states.values()].map(({ name, ids, complete, withheld }) => ({
          name,
          records: ids.size,
          complete,
          withheld: [...withheld],
        })),
        offsets,
        withheld: firstReason === undefined ? undefined : `${withheldCount} withheld, first ${firstReason}`,
      };
    },
  };
}
