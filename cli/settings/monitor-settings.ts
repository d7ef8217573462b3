import type { Command } from 'commander';

import { given, readInteger, refuse } from './values.ts';

export interface MonitorOptions {
  metricsPort?: string;
  metricsHost?: string;
  statsdEnabled?: boolean;
  statsdPrefix?: string;
  statsdHost?: string;
  statsdPort?: string;
}

/** How a command can be watched. */
export interface MonitorSettings {
  /** Where metrics, health and the status page are served; undefined: nowhere. Port 0 is any free one. */
  http: { host: string; port: number } | undefined;
  /** Where metrics are sent by UDP; undefined: nowhere. */
  statsd: { host: string; port: number; prefix: string } | undefined;
}

const portVariable = 'CARTOGRAPHY_METRICS_PORT';
const hostVariable = 'CARTOGRAPHY_METRICS_HOST';
const defaultHost = '127.0.0.1';

export function addMonitorOptions(command: Command): Command {
  return command
    .optionsGroup('Monitoring:')
    .option(
      '--metrics-port <port>',
      `serve /metrics, /livez, /readyz and a status page; 0: any free port [env: ${portVariable}]`,
    )
    .option('--metrics-host <address>', `to listen on [env: ${hostVariable}; default: ${defaultHost}]`)
    .option('--statsd-enabled', 'send metrics to StatsD')
    .option('--statsd-prefix <prefix>', 'of their names [default: none]')
    .option('--statsd-host <host>', '[default: 127.0.0.1]')
    .option('--statsd-port <port>', '[default: 8125]');
}

/** @throws UsageError */
export function readMonitorSettings(options: MonitorOptions, environment: NodeJS.ProcessEnv): MonitorSettings {
  const port = given('--metrics-port', options.metricsPort, environment, portVariable);
  const host = given('--metrics-host', options.metricsHost, environment, hostVariable);
  if (host !== undefined && !/^[\w.:-]+$/.test(host.text)) {
    throw refuse(host, 'give an address of this machine, e.g. 0.0.0.0 for all of them.');
  }
  return {
    http:
      port === undefined
        ? undefined
        : { host: host?.text ?? defaultHost, port: readInteger(port, { min: 0, max: 65_535 }) },
    statsd: options.statsdEnabled === true ? readStatsd(options) : undefined,
  };
}

function readStatsd({ statsdHost, statsdPort, statsdPrefix }: MonitorOptions): NonNullable<MonitorSettings['statsd']> {
  const port = given('--statsd-port', statsdPort);
  const prefix = given('--statsd-prefix', statsdPrefix);
  if (prefix !== undefined && /[:|@#\s]/.test(prefix.text)) {
    throw refuse(prefix, 'StatsD gives blanks and :, |, @ and # a meaning of their own: leave them out.');
  }
  return {
    host: statsdHost ?? '127.0.0.1',
    port: port === undefined ? 8_125 : readInteger(port, { min: 1, max: 65_535 }),
    prefix: prefix?.text ?? '',
  };
}
