import { setMaxListeners } from 'node:events';

import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { AwsCredentialIdentityProvider } from '@smithy/types';

import { noTelemetry, type Telemetry } from '../../platform/telemetry/telemetry.ts';
import type { ClientConstructor } from '../sync.ts';
import type { AwsSettings, Environment } from './aws-settings.ts';
import { keepHost } from './keep-host.ts';
import type { StsEndpoint } from './sts-endpoint.ts';
import type { LimitedClient } from './limit-rate.ts';
import { limitRate } from './limit-rate.ts';
import { type ObservedClient, observeCalls } from './observe-calls.ts';
import type { ServiceLimits } from './rate-limits.ts';
import { createRetryChooser } from './retry-settings.ts';

/** As whom AWS is called. */
export interface Access {
  credentials: AwsCredentialIdentityProvider;
  /** The profile whose settings (endpoint, services section) count; undefined: the SDK's own choice. */
  profile: string | undefined;
  /** `legacy`: STS by its global endpoint. Default regional. */
  stsEndpoint?: StsEndpoint;
}

/** Makes SDK clients that share connections, retries, time-outs and the run's abort signal. */
export interface ClientFactory {
  /** A new client, with a rate limit of its own: keep it. */
  create<C>(constructor: ClientConstructor<C>, access: Access, region: string): C;
  /** What the SDK's own inner clients (STS for roles) need. */
  readonly innerClientConfiguration: { requestHandler: NodeHttpHandler; maxAttempts: number };
  /** Cuts all connections. */
  close(): void;
}

export interface ClientFactoryOptions {
  settings: AwsSettings;
  /** Ends calls in flight. */
  signal?: AbortSignal;
  /** Default process.env. */
  environment?: Environment;
  limits?: Readonly<Record<string, ServiceLimits>>;
  telemetry?: Telemetry;
}

/** Connections to one host, at most. */
const maxSockets = 64;
/** As botocore's. */
const connectionTimeoutMs = 60_000;
/** As the reference has it: Lambda's regional calls are given up sooner, whatever was set. The retry mode is the run's. */
const ownSettings: Readonly<Record<string, Pick<AwsSettings, 'maxRetries' | 'readTimeoutSeconds'>>> = {
  LambdaClient: { maxRetries: 2, readTimeoutSeconds: 30 },
};
/** Node's timers fire at once beyond it. */
const longestTimerMs = 2 ** 31 - 1;

export function createClientFactory({
  settings,
  signal,
  environment = process.env,
  limits,
  telemetry = noTelemetry,
}: ClientFactoryOptions): ClientFactory {
  if (signal !== undefined) setMaxListeners(0, signal);
  /** What all clients share that are given up at the same times. */
  const createTransport = ({ maxRetries, readTimeoutSeconds }: typeof settings) => ({
    requestHandler: new AbortableHandler(
      {
        connectionTimeout: connectionTimeoutMs,
        // The counterpart of botocore's read_timeout, which is per read. requestTimeout would only log a warning.
        socketTimeout: Math.min(readTimeoutSeconds * 1000, longestTimerMs),
        httpAgent: { keepAlive: true, maxSockets },
        httpsAgent: { keepAlive: true, maxSockets },
      },
      signal,
    ),
    retries: createRetryChooser({ maxRetries, retryMode: settings.retryMode }),
  });
  const common = createTransport(settings);
  const own = new Map(
    Object.entries(ownSettings).map(([name, changes]) => [name, createTransport({ ...settings, ...changes })]),
  );
  const hasEndpoint = Boolean(environment['AWS_ENDPOINT_URL_S3'] ?? environment['AWS_ENDPOINT_URL']);
  return {
    innerClientConfiguration: { requestHandler: common.requestHandler, maxAttempts: settings.maxRetries + 1 },
    create<C>(constructor: ClientConstructor<C>, access: Access, region: string): C {
      const { requestHandler, retries } = own.get(constructor.name) ?? common;
      const configuration = {
        region,
        credentials: access.credentials,
        ...(access.profile === undefined ? {} : { profile: access.profile }),
        requestHandler,
        ...retries.choose(access.credentials, region, constructor.name),
        // S3 has an option of the same name.
        ...(access.stsEndpoint === 'legacy' && constructor.name === 'STSClient' ? { useGlobalEndpoint: true } : {}),
        // Only S3 knows it: stand-ins are addressed by IP, where a bucket cannot be part of the host's name.
        ...(hasEndpoint ? { forcePathStyle: true } : {}),
      };
      const client = new constructor(configuration as never);
      withoutCallLog(client as LoggedClient);
      retries.keep(access.credentials, region, constructor.name, client as never);
      if (constructor.name === 'S3ControlClient') keepHost(client);
      limitRate(client as LimitedClient, {
        ...(limits === undefined ? {} : { limits }),
        ...(signal === undefined ? {} : { signal }),
        onWaited: (seconds) =>
          telemetry.metrics.add(
            'cartography_stream_aws_rate_limit_wait_seconds_total',
            { service: (client as LimitedClient).config.serviceId ?? 'unknown' },
            seconds,
          ),
      });
      if (telemetry !== noTelemetry) observeCalls(client as ObservedClient, region, telemetry);
      return client;
    },
    close() {
      for (const { requestHandler } of [common, ...own.values()]) requestHandler.destroy();
    },
  };
}

/** Keeps one client per class and region for as long as an account is worked on. */
export function cacheClients(
  factory: Pick<ClientFactory, 'create'>,
  access: Access,
): <C>(constructor: ClientConstructor<C>, region: string) => C {
  const clients = new Map<unknown, Map<string, unknown>>();
  return <C>(constructor: ClientConstructor<C>, region: string): C => {
    let byRegion = clients.get(constructor);
    if (byRegion === undefined) {
      byRegion = new Map();
      clients.set(constructor, byRegion);
    }
    let client = byRegion.get(region) as C | undefined;
    if (client === undefined) {
      client = factory.create(constructor, access, region);
      byRegion.set(region, client);
    }
    return client;
  };
}

interface LoggedClient {
  middlewareStack: { remove(name: string): boolean };
}

/** The SDK copies every answer for a log that nobody keeps: a tenth of the time that a page takes. */
function withoutCallLog(client: LoggedClient): void {
  client.middlewareStack.remove('loggerMiddleware');
}

class AbortableHandler extends NodeHttpHandler {
  readonly #signal: AbortSignal | undefined;

  constructor(options: ConstructorParameters<typeof NodeHttpHandler>[0], signal: AbortSignal | undefined) {
    super(options);
    this.#signal = signal;
  }

  override handle(
    request: Parameters<NodeHttpHandler['handle']>[0],
    options: Parameters<NodeHttpHandler['handle']>[1] = {},
  ): ReturnType<NodeHttpHandler['handle']> {
    const abortSignal = options.abortSignal ?? this.#signal;
    return super.handle(request, abortSignal === undefined ? options : { ...options, abortSignal });
  }
}
