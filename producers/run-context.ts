import type { Logger } from 'pino';

import type { LogProducer } from '../platform/kafka/log.ts';
import type { Topics } from '../platform/topics.ts';
import type { Telemetry } from '../platform/telemetry/telemetry.ts';
import type { Catalogue } from '../schemas/catalogue.ts';
import type { Encoder } from '../schemas/codec.ts';
import type { ClientFactory } from './aws/aws-clients.ts';
import type { MarkerWriter } from './marker-writer.ts';
import type { Progress } from './progress.ts';
import type { Trace } from './trace.ts';

/** What all parts of one run share. */
export interface RunContext {
  updateTag: number;
  producer: LogProducer;
  encoder: Encoder;
  catalogue: Pick<Catalogue, 'get'>;
  topics: Topics;
  markers: MarkerWriter;
  clients: Pick<ClientFactory, 'create'>;
  trace: Trace;
  telemetry: Telemetry;
  logger: Logger;
  signal: AbortSignal;
  report(progress: Progress): void;
  /** Runs a scope when one may start. */
  limitScopes<T>(task: () => Promise<T>): Promise<T>;
}
