import { diag, DiagLogLevel, trace } from '@opentelemetry/api';
import type { Logger } from 'pino';

import { createTracing, noTracing, type Tracing } from './tracing.ts';

export interface RunningTracing {
  tracing: Tracing;
  /** Sends what has not been sent, and ends. Never rejects. */
  close(): Promise<void>;
}

const wanting = ['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'OTEL_TRACES_EXPORTER'] as const;

/** Whether the environment says where spans are to go. */
export function wantsTracing(environment: NodeJS.ProcessEnv): boolean {
  if (environment['OTEL_SDK_DISABLED']?.toLowerCase() === 'true' || environment['OTEL_TRACES_EXPORTER'] === 'none')
    return false;
  return wanting.some((name) => (environment[name] ?? '') !== '');
}

/**
 * Tracing as the standard OTEL_* variables of the process say; off, and OpenTelemetry's SDK not even loaded, while none says
 * where spans are to go. https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 */
export async function startTracing(logger: Logger, version: string): Promise<RunningTracing> {
  if (!wantsTracing(process.env)) return { tracing: noTracing, close: () => Promise.resolve() };
  diag.setLogger(
    {
      error: (message) => logger.warn({ from: 'opentelemetry' }, message),
      warn: (message) => logger.warn({ from: 'opentelemetry' }, message),
      info: (message) => logger.debug({ from: 'opentelemetry' }, message),
      debug: () => undefined,
      verbose: () => undefined,
    },
    DiagLogLevel.INFO,
  );
  const { NodeSDK } = await import('@opentelemetry/sdk-node');
  const { envDetector, hostDetector } = await import('@opentelemetry/resources');
  const sdk = new NodeSDK({
    // Metrics are Prometheus's; logs go to standard error.
    metricReaders: [],
    logRecordProcessors: [],
    instrumentations: [],
    // Not what the process was started with: the registry's address may hold a password.
    resourceDetectors: [envDetector, hostDetector],
    ...(process.env['OTEL_SERVICE_NAME'] || process.env['OTEL_RESOURCE_ATTRIBUTES']?.includes('service.name=')
      ? {}
      : { serviceName: 'cartography-stream' }),
  });
  sdk.start();
  return {
    tracing: createTracing(trace.getTracer('cartography-stream', version)),
    close: () =>
      sdk.shutdown().catch((error: unknown) => logger.warn({ error }, 'not all spans could be sent to OpenTelemetry')),
  };
}
