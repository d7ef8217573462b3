import { isThrottlingError } from '@smithy/core/retry';

import type { Telemetry } from '../../platform/telemetry/telemetry.ts';
import { errorCodeOf } from './error-code.ts';

type Handler = (args: never) => Promise<unknown>;
type Middleware = (next: Handler, context: { commandName?: string }) => Handler;

/** What is used of an SDK client. */
export interface ObservedClient {
  config: { serviceId?: string };
  middlewareStack: {
    add(middleware: Middleware, options: { step: 'initialize'; name: string; override: boolean }): void;
    addRelativeTo(
      middleware: Middleware,
      options: { relation: 'after'; toMiddleware: string; name: string; override: boolean },
    ): void;
  };
}

/**
 * A span for each call (of a paginator: each page) with its retries, and a count and a duration for each request. To be
 * called after limitRate, so that the wait for the client's own limits is not the request's.
 */
export function observeCalls(client: ObservedClient, region: string, { metrics, tracing }: Telemetry): void {
  const service = client.config.serviceId ?? 'unknown';
  const operationOf = (context: { commandName?: string }): string =>
    (context.commandName ?? 'unknown').replace(/Command$/, '');
  client.middlewareStack.addRelativeTo(
    (next, context) => async (args) => {
      const operation = operationOf(context);
      const startedAtMs = performance.now();
      const count = (result: 'ok' | 'throttled' | 'error'): void => {
        metrics.add('cartography_stream_aws_calls_total', { service, operation, result });
        if (result === 'throttled') metrics.add('cartography_stream_aws_throttles_total', { service, operation });
        const seconds = (performance.now() - startedAtMs) / 1_000;
        metrics.observe('cartography_stream_aws_call_duration_seconds', { service }, seconds);
      };
      try {
        const answer = await next(args);
        count('ok');
        return answer;
      } catch (error) {
        count(isThrottlingError(error as Parameters<typeof isThrottlingError>[0]) ? 'throttled' : 'error');
        throw error;
      }
    },
    { relation: 'after', toMiddleware: 'limitRateMiddleware', name: 'countCallsMiddleware', override: true },
  );
  if (!tracing.isOn) return;
  client.middlewareStack.add(
    (next, context) => (args) => {
      const operation = operationOf(context);
      const attributes = {
        'rpc.system.name': 'aws-api',
        'rpc.method': `${service}/${operation}`,
        'cloud.region': region,
      };
      return tracing.span({ name: `${service}/${operation}`, kind: 'client', attributes }, async (annotate) => {
        try {
          const answer = await next(args);
          annotate(attributesOf((answer as { output?: object }).output));
          return answer;
        } catch (error) {
          annotate({ ...attributesOf(error as object), 'error.type': errorCodeOf(error) ?? 'unknown' });
          throw error;
        }
      });
    },
    { step: 'initialize', name: 'traceCallsMiddleware', override: true },
  );
}

/** By OpenTelemetry's conventions: https://opentelemetry.io/docs/specs/semconv/cloud-providers/aws-sdk/ */
function attributesOf(answer: { $metadata?: { requestId?: string; attempts?: number } } | undefined): {
  [name: string]: string | number;
} {
  const { requestId, attempts } = answer?.$metadata ?? {};
  return {
    ...(requestId === undefined ? {} : { 'aws.request_id': requestId }),
    ...(attempts === undefined ? {} : { 'http.request.resend_count': attempts - 1 }),
  };
}
