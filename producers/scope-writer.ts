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
   * Takes over a record, to which it adds the envelope. Answers without a promise while the next one may come at once,
   * else resolves when it may. A record that its schema refuses, or that is too large, is withheld.
   * @throws Error for a record type that was not announced.
   * @throws InfrastructureError when Kafka or the registry is gone.
   */
  write(record: CollectedRecord): Promise<void> | undefined;
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

  const send = (state: TypeState, nodeId: string, value: Buffer): Promise<void> | undefined => {
    const { name } = state;
    const key = recordKey(name, scope, nodeId);
    const headers = headersOf(name, `${name}|${nodeId}`);
    const room = producer.write({ topic, key, value, headers }, onAcknowledged);
    if (room !== undefined) return room.then(() => count(state, nodeId));
    count(state, nodeId);
    return undefined;
  };
  const count = (state: TypeState, nodeId: string): void => {
    written++;
    state.ids.add(nodeId);
  };
  const refuse = (state: TypeState, nodeId: string | undefined, error: unknown): void => {
    if (!(error instanceof RecordError)) throw error;
    withhold(state.name, messageOf(error), nodeId);
  };

  return {
    withhold,
    get written() {
      return written;
    },
    write(record) {
      const state = stateOf(record.type);
      const id = record.value[state.idField];
      const nodeId = typeof id === 'string' && id !== '' ? id : undefined;
      try {
        if (nodeId === undefined) throw new RecordError(`${record.type} refuses a record: ${state.idField} is missing`);
        const bytes = encoder.encode(topic, record.type, Object.assign(record.value, envelope));
        const room =
          bytes instanceof Promise ? bytes.then((late) => send(state, nodeId, late)) : send(state, nodeId, bytes);
        return room?.catch((error: unknown) => refuse(state, nodeId, error));
      } catch (error) {
        refuse(state, nodeId, error);
        return undefined;
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
