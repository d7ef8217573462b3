import { createSocket } from 'node:dgram';

import type { Metrics } from './metrics.ts';

export interface StatsdOptions {
  host: string;
  port: number;
  /** Goes before each name, with a dot between; empty for none. */
  prefix: string;
}

export interface StatsdMetrics extends Metrics {
  close(): Promise<void>;
}

/**
 * Sends each measurement to StatsD by UDP: counters as `c`, gauges as `g`, durations as `ms`. StatsD knows no labels, so
 * their values follow the name, dot by dot. What nobody receives is lost. https://github.com/statsd/statsd/blob/master/docs/metric_types.md
 */
export function createStatsdMetrics({ host, port, prefix }: StatsdOptions): StatsdMetrics {
  const socket = createSocket('udp4');
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

/** What has a meaning of its own in a name, dots among it. */
function clean(value: string): string {
  return value.replaceAll(/[^A-Za-z0-9_-]/g, '_');
}
