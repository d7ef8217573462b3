import type { RetryStrategy, RetryStrategyV2 } from '@smithy/types';

import type { AwsSettings } from './aws-settings.ts';
import { legacyRetryStrategy } from './legacy-retry.ts';

type Strategy = RetryStrategy | RetryStrategyV2;

/** What a client's configuration says about retries. */
export interface RetryConfiguration {
  maxAttempts: number;
  retryMode: 'standard' | 'adaptive';
  retryStrategy?: Strategy | Promise<Strategy>;
}

/** What is used of a client. */
interface RetryingClient {
  config: { retryStrategy: () => Promise<Strategy> };
}

/**
 * Chooses the retries of each new client. In adaptive mode the clients of one account, region and service share one
 * limiter: it learns from all of their calls.
 */
export function createRetryChooser({ maxRetries, retryMode }: Pick<AwsSettings, 'maxRetries' | 'retryMode'>): {
  /** @param account what stands for an account, e.g. its credentials provider */
  choose(account: object, region: string, clientClass: string): RetryConfiguration;
  /** Tells of the client that was made with what was chosen. */
  keep(account: object, region: string, clientClass: string, client: RetryingClient): void;
} {
  const maxAttempts = maxRetries + 1;
  const shared = new WeakMap<object, Map<string, Promise<Strategy>>>();
  return {
    choose(account, region, clientClass) {
      if (retryMode === 'legacy') {
        const retryStrategy = legacyRetryStrategy(maxAttempts, clientClass.replace(/Client$/, ''));
        return { maxAttempts, retryMode: 'standard', retryStrategy };
      }
      const retryStrategy = shared.get(account)?.get(`${region} ${clientClass}`);
      return { maxAttempts, retryMode, ...(retryStrategy === undefined ? {} : { retryStrategy }) };
    },
    keep(account, region, clientClass, client) {
      if (retryMode !== 'adaptive') return;
      let ofAccount = shared.get(account);
      if (ofAccount === undefined) {
        ofAccount = new Map();
        shared.set(account, ofAccount);
      }
      const key = `${region} ${clientClass}`;
      if (!ofAccount.has(key)) ofAccount.set(key, client.config.retryStrategy());
    },
  };
}
