import fc from 'fast-check';
import { stageNames, readBy } from '../../../consumers/load.ts';
import { topicSpecs } from '../../../platform/topics.ts';
import { createDecoder, type Decoder, type Encoder } from '../../../schemas/codec.ts';
import { MemoryRegistry } from '../../support/memory-registry.ts';
import { randomFrom } from '../../support/random.ts';
import { differences } from '../../support/read-graph.ts';
import { arbitraryHistory, type History } from '../history.ts';
import { graphOf } from '../law.ts';
import { type Client, MemoryGraph, readStore } from '../memory-graph/memory-graph.ts';
import { failure, Store, type StoreTransaction } from '../memory-graph/store.ts';
import { createModelEncoder, play, topics } from '../play.ts';
import { Invariants } from './invariants.ts';
import type { Mutant } from './mutant.ts';
import { Process, Scheduler, settled } from './scheduler.ts';
import { SimulatedLog } from './simulated-log.ts';
import { makeCleaner, startSimulatedLoader } from './simulated-loader.ts';

/** One case: what is produced, and what the loaders have to endure. */
export interface Plan {
  history: History;
  /** Of the scheduler: who goes on when, and which faults come when. */
  seed: number;
  /** Rows per transaction, for each loader. */
  loaders: number[];
  /** Faults per step: processes that die, groups that rebalance. */
  kills: number;
  rebalances: number;
  /** Faults per statement and commit. */
  failures: number;
  /** Statements that take as long as hundreds of others. */
  stalls: number;
  /** What writing to an entry does that is gone meanwhile: see Surroundings. */
  goneIsSilent: boolean;
  /** Some processes, and some partitions of a stage, are this slow: 1 is as fast as the others. */
  slowness: number;
  /** How fast collectors write: 1 is a message for each step of a loader. */
  pace: number;
  /** Whether gates open for their timeout, long before the markers come. */
  impatient: boolean;
  /** Kills the first loader at this step. */
  killAt?: number;
}

export function arbitraryPlan(syncs?: readonly string[]): fc.Arbitrary<Plan> {
  return fc.record({
    history: arbitraryHistory({ poison: true, syncs }),
    seed: fc.noShrink(fc.nat(1e9)),
    loaders: fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 3 }),
    kills: fc.constantFrom(0, 0.002, 0.01),
    rebalances: fc.constantFrom(0, 0.005, 0.02),
    failures: fc.constantFrom(0, 0.002, 0.02),
    stalls: fc.constantFrom(0, 0.01, 0.05),
    goneIsSilent: fc.boolean(),
    slowness: fc.constantFrom(1, 0.1, 0.01),
    pace: fc.constantFrom(1, 0.1, 0.02),
    impatient: fc.boolean(),
  });
}

export interface Outcome {
  /** Differences from the law and broken invariants; empty when all is well. */
  problems: string[];
  steps: number;
  kills: number;
  rebalances: number;
  failures: number;
}

/** Faults come for this many steps, so that a case ends. */
const faultySteps = 4_000;
const mostSteps = 60_000;

/** What a server says that is away, and one that has no memory or time left, whatever the record. */
const passingFailures = [
  'Neo.TransientError.Database.DatabaseUnavailable',
  'Neo.TransientError.General.MemoryPoolOutOfMemoryError',
  'Neo.ClientError.Transaction.TransactionTimedOut',
];

const codec: Promise<{ encoder: Encoder; decoder: Decoder }> = makeCodec();

/** Runs one case to its end and compares the graph with the law. The same plan gives the same outcome. */
export async function simulate(plan: Plan, mutant: Mutant = {}): Promise<Outcome> {
  return new Simulation(plan, mutant).run();
}

class Simulation {
  readonly #plan: Plan;
  readonly #mutant: Mutant;
  readonly #scheduler: Scheduler;
  readonly #store = new Store();
  readonly #log: SimulatedLog;
  readonly #invariants: Invariants;
  readonly #problems: string[] = [];
  readonly #loaders = new Map<number, { process: Process; open: Set<StoreTransaction> }>();
  readonly #server: Process;
  readonly #counts = { kills: 0, rebalances: 0, failures: 0 };
  #isProduced = false;
  #isCalm = false;

  constructor(plan: Plan, mutant: Mutant) {
    this.#plan = plan;
    this.#mutant = mutant;
    this.#scheduler = new Scheduler(randomFrom(plan.seed));
    this.#server = new Process(this.#scheduler);
    const speeds = new Map<string, number>();
    this.#log = new SimulatedLog(this.#scheduler, (...place) => {
      const key = place.join('/');
      if (!speeds.has(key)) speeds.set(key, this.#scheduler.chance(0.3) ? plan.slowness : 1);
      return speeds.get(key)!;
    });
    this.#invariants = new Invariants(this.#store, !plan.impatient);
    this.#store.onCommit = (changes) => this.#invariants.check(changes);
  }

  async run(): Promise<Outcome> {
    const { history, loaders } = this.#plan;
    const admin = await this.#log.admin();
    await admin.ensureTopics(topicSpecs({ partitions: 3 }));
    const { encoder } = await codec;
    for (const index of loaders.keys()) await this.#startLoader(index);
    const collector = new Process(this.#scheduler, this.#plan.pace);
    const append = (...[message, event]: Parameters<Parameters<typeof play>[1]['append']>) => {
      const position = this.#log.append(message);
      this.#invariants.appended(event, { topic: message.topic, ...position });
      return position;
    };
    const pause = () => collector.turn();
    void play(history, { encoder, append, pause }).then(() => (this.#isProduced = true), this.#note);
    await this.#untilQuiet();
    if (this.#problems.length === 0) await this.#endCleaning();
    if (this.#problems.length === 0)
      this.#problems.push(...differences(graphOf(history.records, history.markers), readStore(this.#store)));
    return { problems: this.#problems, steps: this.#scheduler.steps, ...this.#counts };
  }

  async #untilQuiet(): Promise<void> {
    const { kills, rebalances, killAt } = this.#plan;
    for (;;) {
      const step = this.#scheduler.steps;
      this.#isCalm = step > faultySteps;
      if (step === killAt) await this.#kill(0);
      if (!this.#isCalm && this.#scheduler.chance(kills))
        await this.#kill(this.#scheduler.pick([...this.#loaders.keys()]));
      if (!this.#isCalm && this.#scheduler.chance(rebalances)) {
        this.#counts.rebalances++;
        this.#log.rebalance(this.#scheduler.pick(this.#log.groupIds));
      }
      if (step % 20 === 0 && this.#isQuiet()) return;
      await this.#scheduler.step();
      this.#problems.push(...this.#invariants.violations.splice(0));
      if (this.#scheduler.steps > mostSteps) this.#problems.push('the loaders stand still');
      if (this.#problems.length > 0) return;
    }
  }

  async #startLoader(index: number): Promise<void> {
    const process = new Process(this.#scheduler, this.#scheduler.chance(0.3) ? this.#plan.slowness : 1);
    const open = new Set<StoreTransaction>();
    this.#loaders.set(index, { process, open });
    await startSimulatedLoader({
      process,
      log: this.#log,
      store: this.#store,
      client: this.#client(process, open),
      decoder: (await codec).decoder,
      chunkRows: this.#plan.loaders[index]!,
      gateTimeoutMs: this.#plan.impatient ? 200 : 3_600_000,
      mutant: this.#mutant,
      onFailure: this.#note,
    });
  }

  #client(process: Process, open: Set<StoreTransaction>): Client {
    const isDue = () => {
      const due = !this.#isCalm && this.#scheduler.chance(this.#plan.failures);
      if (due) this.#counts.failures++;
      return due;
    };
    return {
      goneIsSilent: this.#plan.goneIsSilent,
      turn: () => process.turn(!this.#isCalm && this.#scheduler.chance(this.#plan.stalls) ? 0.003 : 1),
      failStatement: () => (isDue() ? failure(this.#scheduler.pick(passingFailures)) : undefined),
      commit: () => (isDue() ? this.#scheduler.pick(['lost', 'unheard'] as const) : 'done'),
      begun: (transaction) => {
        for (const one of open) if (!one.isOpen) open.delete(one);
        open.add(transaction);
      },
    };
  }

  /** The process is gone at once, its transactions when the server notices; another one takes its place. */
  async #kill(index: number): Promise<void> {
    const { process, open } = this.#loaders.get(index)!;
    this.#counts.kills++;
    process.kill();
    const rollBack = (): void => {
      for (const transaction of open) if (transaction.isOpen) transaction.rollback();
    };
    if (this.#scheduler.chance(0.5)) rollBack();
    else void this.#server.sleep().then(rollBack);
    await this.#startLoader(index);
  }

  #isQuiet(): boolean {
    const { fence, marker } = this.#store.rows;
    return (
      this.#isProduced &&
      [...marker.values()].every(({ state }) => state !== 'waiting') &&
      stageNames.every((stage) =>
        readBy(stage, topics).every((topic) =>
          this.#log.messages(topic).every((messages, partition) => {
            const offset = fence.get(`${stage}|${topic}|${partition}`)?.offset ?? 0n;
            return offset >= BigInt(messages.length);
          }),
        ),
      )
    );
  }

  /** Ends the loaders and goes rounds of cleanup until one has nothing to do: a real loader goes them for ever. */
  async #endCleaning(): Promise<void> {
    for (const { process, open } of this.#loaders.values()) {
      process.kill();
      for (const transaction of open) if (transaction.isOpen) transaction.rollback();
    }
    this.#isCalm = true;
    const client = { ...this.#client(this.#server, new Set()), ...this.#mutant.client?.() };
    const graph = new MemoryGraph(this.#store, client);
    const cleaner = makeCleaner({ graph, bounds: { knownLow: () => 0n }, mutant: this.#mutant });
    let isDone = false;
    const rounds = async (): Promise<void> => {
      let done: number;
      do {
        done = 0;
        for (let round = { hasMore: true }; round.hasMore;) {
          const last = await cleaner.round();
          done += last.done;
          round = last;
        }
      } while (done > 0);
    };
    rounds().then(() => (isDone = true), this.#note);
    await settled();
    while (!isDone && this.#problems.length === 0 && (await this.#scheduler.step()))
      this.#problems.push(...this.#invariants.violations.splice(0));
  }

  readonly #note = (error: unknown): void => {
    this.#problems.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
  };
}

/** Used by every case; the decoder has seen each schema, so that no case differs from its repetition. */
async function makeCodec(): Promise<{ encoder: Encoder; decoder: Decoder }> {
  const registry = new MemoryRegistry();
  const encoder = await createModelEncoder(registry);
  const decoder = createDecoder(registry);
  return { encoder, decoder };
}
