import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { readBy, stageNames } from '../../consumers/load.ts';
import type { ManagedServer } from '../../stack/server/managed-server.ts';
import type { TcpProxy } from '../support/tcp-proxy.ts';
import { occupyMemory } from './occupy-memory.ts';
import type { ServerName, World } from './world.ts';
import type { Worker } from './worker.ts';

type Random = () => number;
type End = () => unknown;

/** What a fault says that found nothing to befall. */
export const notInjected = Symbol('not injected');

type Begun = End | undefined | typeof notInjected;

/** One thing that goes wrong, with how it begins and ends. */
export interface Fault {
  name: string;
  /** How long it lasts, in milliseconds: at least and at most. */
  lastsMs: readonly [number, number];
  /** Brings it about; resolves with what ends it, with nothing where there is no end to be brought about, or with `notInjected`. */
  begin: (world: World, random: Random) => Begun | Promise<Begun>;
}

/** Longer than the loaders' session: their partitions go to others, and the one that wakes is a zombie. */
const beyondSessionMs = [7_000, 9_000] as const;
const momentMs = [0, 0] as const;

const between = (random: Random, low: number, high: number): number => low + Math.floor(random() * (high - low));
const oneOf = <T>(random: Random, all: readonly T[]): T => all[between(random, 0, all.length)]!;

/** What the way to a server does. */
const onTheWay: Record<
  string,
  { lastsMs: Fault['lastsMs']; begin: (proxy: TcpProxy, random: Random) => End | undefined }
> = {
  'is slow': {
    lastsMs: [1_000, 4_000],
    begin: (proxy, random) => {
      proxy.setLatency(between(random, 5, 80));
      return () => proxy.setLatency(0);
    },
  },
  'is cut': { lastsMs: momentMs, begin: (proxy) => void proxy.cutAll() },
  'is cut in the middle of an answer': {
    lastsMs: [300, 2_000],
    begin: (proxy, random) => {
      proxy.cutAfter(between(random, 1, 20_000));
      return () => proxy.cutAfter(Infinity);
    },
  },
  'is half-open': { lastsMs: momentMs, begin: (proxy) => void proxy.stall() },
  'is a black hole': {
    lastsMs: [500, 6_000],
    begin: (proxy) => {
      proxy.pause();
      return () => proxy.resume();
    },
  },
  'is shut': {
    lastsMs: [200, 4_000],
    begin: (proxy) => {
      void proxy.refuse();
      return () => proxy.accept();
    },
  },
};

const serverOf = (world: World, name: ServerName): ManagedServer =>
  name === 'neo4j' ? world.stack.neo4j[0]! : world.stack[name];

/** What a server does. */
const inPlace: Record<string, { lastsMs: Fault['lastsMs']; begin: (server: ManagedServer) => End | Promise<End> }> = {
  'is killed': {
    lastsMs: [0, 2_000],
    begin: async (server) => {
      await server.kill();
      return () => server.start();
    },
  },
  'is restarted': {
    lastsMs: momentMs,
    begin: async (server) => {
      await server.stop();
      return () => server.start();
    },
  },
  'is frozen': {
    lastsMs: [500, 5_000],
    begin: (server) => {
      server.pause();
      return () => server.resume();
    },
  },
};

const servers = ['kafka', 'registry', 'neo4j'] as const;

const toWorkers: readonly Fault[] = [
  worker('loader', 'is killed', momentMs, kill),
  worker('loader', 'is stopped for longer than its session', beyondSessionMs, stop),
  worker('collector', 'is killed', momentMs, kill),
  worker('collector', 'is stopped', [200, 4_000], stop),
  {
    name: 'the groups of the loaders rebalance',
    lastsMs: momentMs,
    begin: async (world) => {
      await rebalance(world);
      return undefined;
    },
  },
];

const memory: Fault = {
  name: 'neo4j has no memory left for transactions',
  lastsMs: [500, 4_000],
  begin: ({ stack }) => occupyMemory(stack.neo4j[0]!),
};

/** Where there is `prlimit`. */
const disk: Fault = {
  name: 'the disk of kafka is full',
  lastsMs: [500, 3_000],
  begin: async ({ stack: { kafka } }) => {
    // No file may grow beyond this: as a full disk, it lets writes fail in the middle. Ends with the process.
    await promisify(execFile)('prlimit', ['--pid', String(kafka.pid), '--fsize=4096']);
    return async () => {
      await kafka.kill();
      await kafka.start();
    };
  },
};

/** For a world with several brokers. */
export const clusterFaults: readonly Fault[] = Object.entries(inPlace).map(([what, { lastsMs, begin }]) => {
  return {
    name: `one of the brokers ${what}`,
    lastsMs: [lastsMs[0] + 1_000, lastsMs[1] + 3_000],
    begin: ({ stack }, random) => begin(oneOf(random, stack.kafkaBrokers)),
  };
});

/** For a world with one broker. */
export const faults: readonly Fault[] = [
  ...servers.flatMap((target) =>
    Object.entries(onTheWay).map(([what, { lastsMs, begin }]): Fault => {
      return {
        name: `the way to ${target} ${what}`,
        lastsMs,
        begin: ({ proxies }, random) => begin(proxies[target], random),
      };
    }),
  ),
  ...servers.flatMap((target) =>
    Object.entries(inPlace).map(([what, { lastsMs, begin }]): Fault => {
      return { name: `${target} ${what}`, lastsMs, begin: (world) => begin(serverOf(world, target)) };
    }),
  ),
  ...toWorkers,
  memory,
  ...(process.platform === 'linux' ? [disk] : []),
];

function worker(
  target: 'loader' | 'collector',
  what: string,
  lastsMs: Fault['lastsMs'],
  begin: (one: Worker) => Begun,
): Fault {
  return {
    name: `a ${target} ${what}`,
    lastsMs,
    begin: ({ loaders, collector }, random) => {
      const one = target === 'loader' ? oneOf(random, loaders) : collector;
      return one === undefined ? notInjected : begin(one);
    },
  };
}

/** A member that applies nothing joins each group and leaves again. Resolves with how many rebalances that were. */
export async function rebalance({ log, topicPrefix, topics }: World): Promise<number> {
  const guests = stageNames.map((stage) =>
    log.consumer({ groupId: `${topicPrefix}.${stage}`, topics: readBy(stage, topics) }),
  );
  await Promise.all(guests.map((guest) => guest.start(() => Promise.resolve())));
  await Promise.all(guests.map((guest) => guest.close()));
  return 2 * guests.length;
}

function kill(one: Worker): Begun {
  return one.kill() ? undefined : notInjected;
}

function stop(one: Worker): Begun {
  return one.pause() ? () => one.resume() : notInjected;
}
