import { setTimeout as sleep } from 'node:timers/promises';
import type { Estate } from '../../bench/aws/answer-query.ts';
import { startAws } from '../../bench/aws/start-aws.ts';
import { readLog } from '../../platform/kafka/read-log.ts';
import { differences } from '../support/read-graph.ts';
import { type Fault, notInjected } from './faults.ts';
import { keysOf, Undisturbed } from './undisturbed.ts';
import type { World } from './world.ts';

export interface RoundResult {
  /** Faults that began before the run was loaded. */
  injected: string[];
  /** Records of the run. */
  records: number;
  /** From the graph and the log of a run without faults, and what else must not be. */
  differences: string[];
}

export interface RoundsOptions {
  /** Hears what is going on, a line at a time. Default nobody. */
  tell?: (line: string) => void;
  /** Instances of each account and region: at least and at most. Default 20 and 60. */
  instances?: readonly [number, number];
}

const regions = ['us-east-1', 'eu-west-1'];

/** Runs over changing estates, collected and loaded while faults come and go. */
export class Rounds {
  readonly #world: World;
  readonly #random: () => number;
  readonly #tell: (line: string) => void;
  readonly #instances: readonly [number, number];
  readonly #undisturbed = new Undisturbed();
  #tag = 1_000;

  constructor(
    world: World,
    random: () => number,
    { tell = () => undefined, instances = [20, 60] }: RoundsOptions = {},
  ) {
    this.#world = world;
    this.#random = random;
    this.#tell = tell;
    this.#instances = instances;
  }

  /** One run. The faults begin one after another, each a moment after the one before has ended. */
  async play(faults: readonly Fault[]): Promise<RoundResult> {
    const tag = (this.#tag += 100);
    const aws = await startAws(this.#estate());
    try {
      await this.#undisturbed.collect(aws, { tag, regions });
      const isLoaded = this.#collectAndLoad(tag, aws.environment);
      const injected = await this.#inject(faults, isLoaded);
      await isLoaded.done;
      return { injected, records: this.#undisturbed.recordsOf(tag).size, differences: await this.#compare(tag) };
    } finally {
      await aws.stop();
    }
  }

  #collectAndLoad(tag: number, environment: Record<string, string>): { done: Promise<void>; yet: boolean } {
    const run = { done: Promise.resolve(), yet: false };
    run.done = this.#world
      .collect({ tag, regions }, environment)
      .then(() => this.#tell('collected'))
      .then(() => this.#world.untilLoaded(tag))
      .then(() => void (run.yet = true));
    run.done.catch(() => undefined);
    return run;
  }

  async #inject(faults: readonly Fault[], isLoaded: { yet: boolean }): Promise<string[]> {
    const injected: string[] = [];
    for (const fault of faults) {
      await sleep(this.#between(100, 800));
      if (isLoaded.yet) break;
      this.#tell(`${fault.name} after ${await this.#world.passed().catch(() => 'unknown')} messages`);
      const end = await fault.begin(this.#world, this.#random);
      if (end === notInjected) {
        this.#tell('there was nothing to befall');
        continue;
      }
      injected.push(fault.name);
      if (end === undefined) continue;
      await sleep(this.#between(...fault.lastsMs));
      await end();
      this.#tell('over');
    }
    return injected;
  }

  /** Accounts and instances come and go from run to run. */
  #estate(): Estate & { accounts: number } {
    return { accounts: this.#between(1, 3), instances: this.#between(...this.#instances), pageSize: 10, regions };
  }

  async #compare(tag: number): Promise<string[]> {
    const { topics, log, loaders } = this.#world;
    const found = new Set(keysOf(await readLog(log, topics.assets), tag));
    const lost = this.#undisturbed.recordsOf(tag).difference(found);
    const letters = await this.#world.deadLetters();
    return [
      ...[...lost].map((key) => `the log lacks ${key} of tag ${tag}`),
      ...letters.map(({ key, headers }) => `dead letter ${String(key)}: ${headers['dlq_reason']}`),
      ...differences(await this.#undisturbed.graph(), await this.#world.readGraph()),
      ...loaders.flatMap(({ deaths }) => deaths),
    ];
  }

  #between(low: number, high: number): number {
    return low + Math.floor(this.#random() * (high - low + 1));
  }
}
