import type { Lag } from '../../consumers/caught-up.ts';
import { formatCount, formatNumberOf, formatSeconds } from '../format.ts';

/** A rate is over the last so many milliseconds. */
const WINDOW_MS = 30_000;

export interface ReplayTotals {
  /** Records that every stage has passed; one that some have passed counts in part. */
  recordsDone: number;
  records: number;
  percent: number;
  recordsPerSecond: number;
  /** Undefined until there is a rate. */
  secondsLeft: number | undefined;
}

/** How far a rebuild is, from the records that each stage has left. Times in milliseconds of one clock. */
export class ReplayProgress {
  readonly #records: number;
  readonly #steps: number;
  readonly #now: () => number;
  readonly #samples: { atMs: number; left: number }[] = [];
  #lag: Lag | undefined;

  /** @param records all records of the log; @param steps the sum of what each stage has to pass */
  constructor(size: { records: number; steps: number }, now: () => number = () => performance.now()) {
    this.#records = size.records;
    this.#steps = size.steps;
    this.#now = now;
  }

  apply(lag: Lag): void {
    this.#lag = lag;
    const left = Object.values(lag.stages).reduce((sum, one) => sum + Number(one), 0);
    this.#samples.push({ atMs: this.#now(), left });
    while (this.#samples.length > 2 && this.#samples[1]!.atMs <= this.#now() - WINDOW_MS) this.#samples.shift();
  }

  totals(): ReplayTotals {
    const [first, last] = [this.#samples[0], this.#samples.at(-1)];
    const left = last?.left ?? this.#steps;
    const share = this.#steps === 0 ? 1 : 1 - left / this.#steps;
    const seconds = first === undefined ? 0 : (last!.atMs - first.atMs) / 1_000;
    const stepsPerSecond = seconds > 0 ? (first!.left - left) / seconds : 0;
    return {
      recordsDone: Math.floor(this.#records * share),
      records: this.#records,
      percent: Math.floor(share * 1_000) / 10,
      recordsPerSecond: this.#steps === 0 ? 0 : Math.round((stepsPerSecond * this.#records) / this.#steps),
      secondsLeft: stepsPerSecond > 0 ? Math.round(left / stepsPerSecond) : undefined,
    };
  }

  render(): string[] {
    const { recordsDone, records, percent, recordsPerSecond, secondsLeft } = this.totals();
    const left = secondsLeft === undefined ? '' : `  ${formatSeconds(secondsLeft)} left`;
    const stages = Object.entries(this.#lag?.stages ?? {}).map(
      ([stage, one]) => `${stage} ${one === 0n ? 'done' : `${formatCount(one)} to go`}`,
    );
    const waiting = this.#lag?.waitingScopes ?? 0;
    return [
      `replaying   ${percent.toFixed(1)} %  ${formatCount(recordsDone)} of ${formatNumberOf(records, 'record')}  ${formatCount(recordsPerSecond)}/s${left}`,
      ...(stages.length === 0 ? [] : [`loading     ${stages.join(', ')}`]),
      ...(waiting === 0 ? [] : [`cleanup     ${formatNumberOf(waiting, 'scope')} to go`]),
    ];
  }
}
