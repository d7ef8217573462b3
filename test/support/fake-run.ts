import pLimit from 'p-limit';
import { pino } from 'pino';

import type { Log, LogProducer } from '../../platform/kafka/log.ts';
import { noTelemetry } from '../../platform/telemetry/telemetry.ts';
import { noTracing } from '../../platform/telemetry/tracing.ts';
import { topicsOf } from '../../platform/topics.ts';
import { createMarkerWriter } from '../../producers/marker-writer.ts';
import type { Progress } from '../../producers/progress.ts';
import type { RunContext } from '../../producers/run-context.ts';
import { startTrace } from '../../producers/trace.ts';
import { loadCatalogue } from '../../schemas/catalogue.ts';
import { createDecoder, createEncoder } from '../../schemas/codec.ts';
import { MemoryLog } from './memory-log.ts';
import { MemoryRegistry } from './memory-registry.ts';

const catalogue = loadCatalogue();
export const topics = topicsOf('test');
export const updateTag = 1_767_225_600;

export interface LoggedMessage {
  topic: string;
  partition: number;
  offset: number;
  key: string;
  headers: Record<string, string>;
  /** Full name of the record type. */
  type: string;
  value: Record<string, unknown>;
}

/** A run on a log in memory. */
export async function fakeRun(overrides: Partial<RunContext> = {}) {
  const log = new MemoryLog();
  const admin = await (log as Log).admin();
  await admin.ensureTopics([
    { name: topics.assets, partitions: 3, replicationFactor: 1, config: {} },
    { name: topics.hierarchy, partitions: 1, replicationFactor: 1, config: {} },
    { name: topics.markers, partitions: 1, replicationFactor: 1, config: {} },
  ]);
  const registry = new MemoryRegistry();
  const encoder = createEncoder(registry, catalogue);
  const producer: LogProducer = overrides.producer ?? (await log.producer());
  const trace = startTrace(noTracing);
  const progress: Progress[] = [];
  const run: RunContext = {
    updateTag,
    producer,
    encoder,
    catalogue,
    topics,
    trace,
    telemetry: noTelemetry,
    logger: pino({ level: 'silent' }),
    signal: new AbortController().signal,
    report: (one) => progress.push(one),
    limitScopes: pLimit(4),
    clients: {
      create: () => {
        throw new Error('the test gave no clients');
      },
    },
    markers: createMarkerWriter({ producer, encoder, topics, updateTag, trace }),
    ...overrides,
  };
  const decoder = createDecoder(registry);
  const read = async (topic: string): Promise<LoggedMessage[]> => {
    const found = log
      .partitionsOf(topic)
      .flatMap((messages, partition) => messages.map((message) => ({ message, partition })));
    return Promise.all(
      found.map(async ({ message, partition }) => {
        const decoded = await decoder.decode(message.value as Buffer);
        return {
          topic,
          partition,
          offset: Number(message.offset),
          key: String(message.key),
          headers: message.headers,
          type: decoded.name,
          value: decoded.value,
        };
      }),
    );
  };
  const markersOf = async (name: string): Promise<Record<string, unknown>[]> =>
    (await read(topics.markers))
      .filter(({ type }) => type === `cartography.aws.markers.${name}`)
      .map(({ value }) => value);
  return { run, log, registry, progress, read, markersOf };
}
