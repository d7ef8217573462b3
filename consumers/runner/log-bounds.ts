import type { LogAdmin } from '../../platform/kafka/log.ts';

/** What the stages need to know of the log itself: which one it is, and where it begins. Refreshed at most every `refreshMs`. */
export class LogBounds {
  readonly #admin: LogAdmin;
  readonly #topics: readonly string[];
  readonly #low = new Map<string, bigint>();
  readonly #ids = new Map<string, string>();
  readonly #refreshMs: number;
  #refreshed = 0;
  #refreshing: Promise<void> | undefined;

  constructor(admin: LogAdmin, topics: readonly string[], refreshMs = 30_000) {
    this.#admin = admin;
    this.#topics = topics;
    this.#refreshMs = refreshMs;
  }

  async topicId(topic: string): Promise<string> {
    await this.refresh();
    return this.#ids.get(topic) ?? '';
  }

  async low(topic: string, partition: number): Promise<bigint> {
    await this.refresh();
    return this.knownLow(topic, partition);
  }

  /** The first offset as of the last refresh. */
  knownLow(topic: string, partition: number): bigint {
    return this.#low.get(`${topic}/${partition}`) ?? 0n;
  }

  /** The offset after the last record, as of now. */
  async end(topic: string, partition: number): Promise<bigint> {
    const all = await this.#admin.offsets(topic);
    return all.find((one) => one.partition === partition)?.high ?? 0n;
  }

  async refresh(): Promise<void> {
    if (Date.now() - this.#refreshed < this.#refreshMs) return;
    this.#refreshing ??= this.#read().finally(() => (this.#refreshing = undefined));
    await this.#refreshing;
  }

  async #read(): Promise<void> {
    const ids = await this.#admin.topicIds(this.#topics);
    for (const topic of this.#topics) {
      for (const { partition, low } of await this.#admin.offsets(topic)) this.#low.set(`${topic}/${partition}`, low);
      const id = ids.get(topic);
      if (id !== undefined) this.#ids.set(topic, id);
    }
    this.#refreshed = Date.now();
  }
}
