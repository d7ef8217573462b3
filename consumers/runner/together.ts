import { type Clock, realClock } from './clock.ts';

/** One piece of work that may share a transaction with others. */
interface Waiting<T> {
  work: T;
  size: number;
  done: PromiseWithResolvers<void>;
}

/**
 * Does pieces of work, at most `atOnce` batches side by side. What comes while all are busy waits and is then done together,
 * up to `maxSize`: the slower the other side is, the larger the batches. A batch that fails by the fault of a piece is done
 * again piece by piece, so that each gets its own error.
 */
export class Together<T> {
  readonly #doBatch: (batch: readonly T[]) => Promise<void>;
  readonly #atOnce: number;
  readonly #maxSize: number;
  readonly #isOfOnePiece: (error: unknown) => boolean;
  readonly #clock: Pick<Clock, 'soon'>;
  readonly #waiting: Waiting<T>[] = [];
  #busy = 0;

  constructor(options: {
    doBatch: (batch: readonly T[]) => Promise<void>;
    atOnce: number;
    maxSize: number;
    /** Whether an error may be one piece's fault; of others all pieces learn at once. */
    isOfOnePiece: (error: unknown) => boolean;
    clock?: Pick<Clock, 'soon'>;
  }) {
    this.#doBatch = options.doBatch;
    this.#atOnce = options.atOnce;
    this.#maxSize = options.maxSize;
    this.#isOfOnePiece = options.isOfOnePiece;
    this.#clock = options.clock ?? realClock;
  }

  /** Resolves when the work is done. */
  add(work: T, size: number): Promise<void> {
    const done = Promise.withResolvers<void>();
    this.#waiting.push({ work, size, done });
    // Not at once: what others add in the same turn comes along.
    this.#clock.soon(() => this.#startBatches());
    return done.promise;
  }

  #startBatches(): void {
    while (this.#busy < this.#atOnce && this.#waiting.length > 0) {
      this.#busy++;
      void this.#run(this.#takeBatch()).finally(() => {
        this.#busy--;
        this.#startBatches();
      });
    }
  }

  #takeBatch(): Waiting<T>[] {
    let size = 0;
    let count = 0;
    for (const one of this.#waiting) {
      size += one.size;
      if (count > 0 && size > this.#maxSize) break;
      count++;
    }
    return this.#waiting.splice(0, count);
  }

  async #run(batch: readonly Waiting<T>[]): Promise<void> {
    try {
      await this.#doBatch(batch.map(({ work }) => work));
    } catch (error) {
      if (batch.length > 1 && this.#isOfOnePiece(error)) for (const one of batch) await this.#run([one]);
      else for (const { done } of batch) done.reject(error);
      return;
    }
    for (const { done } of batch) done.resolve();
  }
}
