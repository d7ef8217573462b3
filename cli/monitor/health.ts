/** A consumer or an event loop that shows no sign of life for longer than this is stuck: as Kafka's max.poll.interval.ms. */
const defaultLimitMs = 300_000;
const tickMs = 1_000;

export interface HealthCheck {
  name: string;
  /** Why it fails; undefined while it does not. */
  problem: string | undefined;
}

/** Whether the process works (it is restarted otherwise), and whether it has what it needs to do its work. */
export class Health {
  readonly #limitMs: number;
  readonly #now: () => number;
  readonly #signsOfLife = new Map<string, number>();
  readonly #needs = new Map<string, string | undefined>();
  readonly #timer: NodeJS.Timeout;

  constructor({ limitMs = defaultLimitMs, now = () => performance.now() } = {}) {
    this.#limitMs = limitMs;
    this.#now = now;
    this.sawAtWork('event-loop');
    this.#timer = setInterval(() => this.sawAtWork('event-loop'), tickMs).unref();
  }

  /** From the first call on it must be called again and again, or the process counts as stuck. */
  sawAtWork(part: string): void {
    this.#signsOfLife.set(part, this.#now());
  }

  /** Since the last sign of life, in seconds; undefined before the first. */
  silenceOf(part: string): number | undefined {
    const at = this.#signsOfLife.get(part);
    return at === undefined ? undefined : Math.max(0, this.#now() - at) / 1_000;
  }

  /** Something that the process needs, and why it does not have it; undefined: it has. */
  need(name: string, problem: string | undefined): void {
    this.#needs.set(name, problem);
  }

  liveness(): HealthCheck[] {
    return [...this.#signsOfLife.keys()].map((name) => {
      const silence = this.silenceOf(name)!;
      const isStuck = silence * 1_000 > this.#limitMs;
      return { name, problem: isStuck ? `no sign of life for ${Math.round(silence)} s` : undefined };
    });
  }

  readiness(): HealthCheck[] {
    return [...this.#needs].map(([name, problem]) => ({ name, problem }));
  }

  close(): void {
    clearInterval(this.#timer);
  }
}
