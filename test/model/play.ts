import { type Topics, topicsOf } from '../../platform/topics.ts';
import type { LogMessage } from '../../platform/kafka/log.ts';
import { OffsetVector } from '../../producers/offset-vector.ts';
import { loadCatalogue } from '../../schemas/catalogue.ts';
import { createEncoder, type Encoder } from '../../schemas/codec.ts';
import type { SchemaRegistry } from '../../schemas/registry.ts';
import { accounts, type History, type HistoryEvent } from './history.ts';
import { keyOf, scopeOf } from './law.ts';
import { universe } from './universe.ts';

export const topics: Topics = topicsOf();

/** Encodes the universe's records and the markers. */
export async function createModelEncoder(registry: SchemaRegistry): Promise<Encoder> {
  const catalogue = loadCatalogue();
  const own = new Map(universe.map((schema) => [schema.name, schema]));
  for (const schema of universe) await registry.register(`${topicOf(schema.kind)}-${schema.name}`, schema.avro);
  return createEncoder(registry, { avro: (name: string) => own.get(name)?.avro ?? catalogue.avro(name) });
}

export interface PlayOptions {
  encoder: Encoder;
  append: (message: LogMessage, event: HistoryEvent) => { partition: number; offset: bigint };
  /** Awaited before each message. */
  pause?: () => Promise<void>;
}

/** Produces the history into the log, as collectors would. */
export async function play(history: History, { encoder, append, pause }: PlayOptions): Promise<void> {
  let clock = 0;
  /** Where records end, by run and scope. */
  const ends = new Map<number, Map<string, OffsetVector>>();
  const vector = (run: number, isCovered: (scope: string) => boolean) => {
    const all = new OffsetVector();
    for (const [scope, own] of ends.get(run) ?? []) if (isCovered(scope)) all.merge(own);
    return all.toArray();
  };
  const mark = async (event: HistoryEvent, name: string, key: string, value: object): Promise<void> => {
    await pause?.();
    const type = `cartography.aws.markers.${name}`;
    append({ topic: topics.markers, key, value: await encoder.encode(topics.markers, type, value) }, event);
  };
  for (const event of history.events) {
    const at = ++clock;
    switch (event.kind) {
      case 'record': {
        const { schema, value } = event.record;
        const scope = scopeOf(event.record);
        const topic = topicOf(schema.kind);
        const bytes =
          event.fate === 'undecodable' ? Buffer.from('poison') : await encoder.encode(topic, schema.name, value);
        for (let copy = 0; copy < event.copies; copy++) {
          await pause?.();
          const headers = { scope, tag: String(value['updateTag']) };
          const key = keyOf(event.record);
          const position = append({ topic, key, value: bytes, headers }, event);
          const ofRun = ends.get(event.run) ?? new Map<string, OffsetVector>();
          ends.set(event.run, ofRun);
          const end = ofRun.get(scope) ?? new OffsetVector();
          ofRun.set(scope, end);
          end.add({ topic, ...position });
        }
        break;
      }
      case 'scope': {
        const { scope, tag, recordTypes } = event.marker;
        const [accountId, region, sync] = scope.split('/') as [string, string, string];
        const common = {
          updateTag: tag,
          reason: null,
          recordTypes,
          offsets: vector(event.run, (one) => one === scope),
          endedAt: at,
        };
        if (accountId === 'organization') {
          const outcome = { denied: 'access_denied', failed: 'incomplete' }[event.outcome] ?? event.outcome;
          const value = { ...common, organizationId: region, accountId: null, outcome };
          await mark(event, 'HierarchyMarker', `hierarchy|${region}|${tag}|${at}`, value);
        } else {
          const value = { ...common, scope, accountId, region, sync, outcome: event.outcome, startedAt: 0 };
          await mark(event, 'ScopeMarker', `scope|${scope}|${tag}|${at}`, value);
        }
        break;
      }
      case 'account': {
        const { accountId, tag, run } = event;
        const offsets = vector(run, (scope) => scope.startsWith(`${accountId}/`));
        const value = { accountId, updateTag: tag, requestedSyncs: [], scopes: [], offsets, endedAt: at };
        await mark(event, 'AccountMarker', `account|${accountId}|${tag}`, value);
        break;
      }
      case 'run': {
        const { state, tag, run } = event;
        const offsets = state === 'ended' ? vector(run, () => true) : [];
        const value = { updateTag: tag, state, accounts, requestedSyncs: [], outcomes: {}, offsets, at };
        await mark(event, 'RunMarker', `run|${tag}|${state}`, value);
      }
    }
  }
}

export function topicOf(kind: 'asset' | 'hierarchy'): string {
  return kind === 'asset' ? topics.assets : topics.hierarchy;
}
