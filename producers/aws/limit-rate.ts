import { defaultRateLimits, fallbackRateLimit } from './rate-limits.ts';
import type { ServiceLimits } from './rate-limits.ts';
import type { Clock, TokenBucket } from './token-bucket.ts';
import { createTokenBucket } from './token-bucket.ts';

/** What is used of an SDK client. */
export interface LimitedClient {
  config: { serviceId?: string };
  middlewareStack: {
    addRelativeTo(
      middleware: (
        next: (args: never) => Promise<unknown>,
        context: { commandName?: string },
      ) => (args: never) => Promise<unknown>,
      options: { relation: 'after'; toMiddleware: string; name: string; override: boolean },
    ): void;
  };
}

/** Makes every attempt of a client's calls, retries too, wait for its turn. Collectors need not know. */
export function limitRate(
  client: LimitedClient,
  options: {
    limits?: Readonly<Record<string, ServiceLimits>>;
    signal?: AbortSignal;
    clock?: Clock;
    /** Told how long a request has waited for its turn, where it had to. */
    onWaited?: (seconds: number) => void;
  } = {},
): void {
  const limits = (options.limits ?? defaultRateLimits)[client.config.serviceId ?? ''] ?? fallbackRateLimit;
  const buckets = new Map<string, TokenBucket>();
  const bucketOf = (operation: string): TokenBucket => {
    const own = limits.operations?.[operation];
    const name = own !== undefined || limits.perOperation === true ? operation : '';
    let bucket = buckets.get(name);
    if (bucket === undefined) {
      bucket = createTokenBucket(own ?? limits, options.clock);
      buckets.set(name, bucket);
    }
    return bucket;
  };
  client.middlewareStack.addRelativeTo(
    (next, context) => async (args) => {
      const askedAtMs = performance.now();
      await bucketOf((context.commandName ?? '').replace(/Command$/, '')).take(options.signal);
      const waitedMs = performance.now() - askedAtMs;
      if (waitedMs > 1) options.onWaited?.(waitedMs / 1_000);
      return next(args);
    },
    { relation: 'after', toMiddleware: 'retryMiddleware', name: 'limitRateMiddleware', override: true },
  );
}
