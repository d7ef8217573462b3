import { createSocket } from 'node:dgram';
import { lookup as lookupAddress } from 'node:dns';

import type { Metrics } from './metrics.ts';

export interface StatsdOptions {
  host: string;
  port: number;
  /** Goes before each name, with a dot between; empty for none. */
  prefix: string;
  /** Finds the host's address. Default: as the system does. */
  lookup?: Lookup;
}

type Lookup = (host: string, family: 4, callback: (...answer: LookupAnswer) => void) => void;
type LookupAnswer = [error: NodeJS.ErrnoException | null, address: string, family: number];

/** How long an address is taken for the host's. */
const addressLastsMs = 60_000;

export interface StatsdMetrics extends Metrics {
  close(): Promise<void>;
}

/**
 * Sends each measurement to StatsD by UDP: counters as `c`, gauges as `g`, durations as `ms`. StatsD knows no labels, so
 * their values follow the name, dot by dot. What nobody receives is lost. https://github.com/statsd/statsd/blob/master/docs/metric_types.md
 */
export function createStatsdMetrics({ host, port, prefix, lookup = lookupAddress }: StatsdOptions): StatsdMetrics {
  const socket = createSocket({ type: 'udp4', lookup: nowAndThen(lookup) as typeof lookupAddress });
  socket.unref();
  // A name that cannot be resolved or a port that nobody listens on must not end the program.
  socket.on('error', () => undefined);
  const send = (name: string, labels: Readonly<Record<string, string>>, value: number, type: string): void => {
    const parts = [...(prefix === '' ? [] : [prefix]), name, ...Object.values(labels).map(clean)];
    socket.send(`${parts.join('.')}:${value}|${type}`, port, host, () => undefined);
  };
  return {
    add: (name, labels, count = 1) => send(name, labels, count, 'c'),
    set: (name, labels, value) => send(name, labels, value, 'g'),
    replace(name, values) {
      for (const [labels, value] of values) send(name, labels, value, 'g');
    },
    observe: (name, labels, seconds) => send(name, labels, seconds * 1_000, 'ms'),
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}

/** Node looks a name up for each datagram, of which there are thousands; a receiver that moves is found again all the same. */
function nowAndThen(lookup: Lookup): Lookup {
  const known = new Map<string, { found: Promise<LookupAnswer>; atMs: number }>();
  return (host, family, callback) => {
    let entry = known.get(host);
    if (entry === undefined || performance.now() - entry.atMs > addressLastsMs) {
      const found = new Promise<LookupAnswer>((resolve) => lookup(host, family, (...answer) => resolve(answer)));
      known.set(host, (entry = { found, atMs: performance.now() }));
    }
    void entry.found.then((answer) => callback(...answer));
  };
}

/** What has a meaning of its own in a name, dots among it. */
function clean(value: string): string {
  return value.replaceAll(/[^A-Za-z0-9_-]/g, '_');
}
