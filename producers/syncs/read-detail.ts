import { CartographyError } from '../../platform/errors.ts';
import { describeError } from '../aws/describe-error.ts';
import type { SyncContext } from '../sync.ts';

/** What became of the read of one detail of an item that is known to be there. */
export type Detail<T> =
  | { kind: 'read'; value: T }
  /** The item has no such configuration. */
  | { kind: 'absent' }
  /** The item was deleted after it was listed. */
  | { kind: 'gone' }
  /** Denied or failed: nothing is known, and nothing may be deleted. */
  | { kind: 'unread'; reason: string };

/** Names of errors that are answers. */
export interface DetailErrors {
  absent?: string;
  gone?: string;
}

/**
 * Reads one detail, so that its failure costs that detail and not the scope.
 * @param name for the reason, e.g. `GetBucketPolicy`
 * @throws what concerns more than this detail: see `throwIfScopeEnds`.
 */
export async function readDetail<T>(
  context: Pick<SyncContext, 'signal'>,
  name: string,
  read: () => Promise<T>,
  { absent, gone }: DetailErrors = {},
): Promise<Detail<T>> {
  try {
    return { kind: 'read', value: await read() };
  } catch (error) {
    throwIfScopeEnds(context, error);
    const found = nameOf(error);
    if (found !== undefined && found === absent) return { kind: 'absent' };
    if (found !== undefined && found === gone) return { kind: 'gone' };
    return { kind: 'unread', reason: reasonOf(name, error) };
  }
}

/** Every further call would fail in the same way. */
const EXPIRED = new Set([
  'ExpiredToken',
  'ExpiredTokenException',
  'RequestExpired',
  'TokenRefreshRequired',
  'CredentialsProviderError',
  'TokenProviderError',
]);

/** Rethrows an error that ends the scope: the run was stopped, the credentials have expired, or it is one of our own. */
export function throwIfScopeEnds(context: Pick<SyncContext, 'signal'>, error: unknown): void {
  context.signal.throwIfAborted();
  if (error instanceof CartographyError || EXPIRED.has(nameOf(error) ?? '')) throw error;
}

/** For SyncContext.withhold: what failed, and how. */
export function reasonOf(name: string, error: unknown): string {
  return `${name}: ${describeError(error)}`;
}

/** The SDK names its errors after AWS's codes. */
function nameOf(error: unknown): string | undefined {
  return error instanceof Error ? error.name : undefined;
}
