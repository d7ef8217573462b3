import { pino } from 'pino';
import type { ConsumedMessage } from '../../platform/kafka/log.ts';
import { type Topics, topicSpecs, topicsOf } from '../../platform/topics.ts';
import { collect } from '../../producers/run.ts';
import { loadCatalogue } from '../../schemas/catalogue.ts';
import { createEncoder } from '../../schemas/codec.ts';
import type { BenchAws } from '../../bench/aws/start-aws.ts';
import type { ModelGraph } from '../model/law.ts';
import { lawOfLog } from '../support/law-of-log.ts';
import { MemoryLog } from '../support/memory-log.ts';
import { MemoryRegistry } from '../support/memory-registry.ts';
import { requestedSyncs } from './world.ts';

/** The same runs where nothing goes wrong: in memory, by the reference model. */
export class Undisturbed {
  readonly #log = new MemoryLog();
  readonly #registry = new MemoryRegistry();
  readonly #topics: Topics = topicsOf();
  readonly #catalogue = loadCatalogue();

  /** Collects what the stand-in has. */
  async collect(aws: BenchAws, run: { tag: number; regions: readonly string[] }): Promise<void> {
    Object.assign(process.env, aws.environment);
    const admin = await this.#log.admin();
    await admin.ensureTopics(topicSpecs());
    await collect({
      producer: await this.#log.producer(),
      encoder: createEncoder(this.#registry, this.#catalogue),
      catalogue: this.#catalogue,
      topics: this.#topics,
      logger: pino({ level: 'silent' }),
      updateTag: run.tag,
      syncAllProfiles: true,
      organizationAccountIds: [],
      regions: [...run.regions],
      requestedSyncs,
    });
  }

  graph(): Promise<ModelGraph> {
    return lawOfLog(this.#log, this.#registry, this.#topics);
  }

  /** The keys of the run's records: what the log must have with this tag. */
  recordsOf(tag: number): Set<string> {
    return new Set(keysOf(this.#log.partitionsOf(this.#topics.assets).flat(), tag));
  }
}

/** The keys of the messages with this tag, in the order of the log. */
export function keysOf(messages: readonly ConsumedMessage[], tag: number): string[] {
  return messages.filter(({ headers }) => headers['tag'] === String(tag)).map(({ key }) => String(key));
}
