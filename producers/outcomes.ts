import { describeError } from './aws/describe-error.ts';
import { errorCodeOf } from './aws/error-code.ts';

/** How a scope ended. Only `complete` lets anything be deleted. */
export type Outcome = 'complete' | 'denied' | 'unsupported' | 'failed' | 'skipped';
export const outcomes: readonly Outcome[] = ['complete', 'denied', 'unsupported', 'failed', 'skipped'];

export interface FailedOutcome {
  outcome: 'denied' | 'unsupported' | 'failed';
  /** One line, without secrets. */
  reason: string;
}

/** The codes on which Cartography goes on without the resources, but for the service's internal error, which is none of ours. */
const denied = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'AuthFailure',
  'AuthorizationError',
  'AuthorizationErrorException',
  'InvalidClientTokenId',
  'SubscriptionRequiredException',
  'UnauthorizedOperation',
  'UnrecognizedClientException',
]);

/** The region or the service is not enabled, or has no endpoint. */
const unsupported = new Set(['ENOTFOUND', 'OptInRequired', 'OptInRequiredException', 'RegionDisabledException']);

const unknownOperation = new Set(['UnknownOperationException', 'UnknownOperation', 'InvalidAction']);
const notInRegion = /(not supported in (the called|this) region|unsupported in this region)/i;

const expired = new Set([
  'ExpiredToken',
  'ExpiredTokenException',
  'RequestExpired',
  'TokenRefreshRequired',
  'CredentialsProviderError',
  'TokenProviderError',
]);

/** What an error that a collector threw means for its scope. */
export function outcomeOf(error: unknown): FailedOutcome {
  const code = errorCodeOf(error) ?? '';
  const reason = describeError(error);
  if (denied.has(code)) return { outcome: 'denied', reason: withPolicyHint(error, reason) };
  if (unsupported.has(code)) return { outcome: 'unsupported', reason };
  if (unknownOperation.has(code) && notInRegion.test(reason)) return { outcome: 'unsupported', reason };
  return { outcome: 'failed', reason: hintFor(code) === undefined ? reason : `${reason} (${hintFor(code)})` };
}

/** What the user can do about credentials that AWS refuses. */
export function hintFor(code: string | undefined): string | undefined {
  if (code === undefined) return undefined;
  if (code === 'InvalidToken') {
    return 'tokens of the global STS endpoint are not valid in opt-in regions: use regional STS endpoints (AWS_STS_REGIONAL_ENDPOINTS=regional)';
  }
  if (expired.has(code)) return 'the credentials have expired or cannot be had: renew them, e.g. with `aws sso login`';
  return undefined;
}

function withPolicyHint(error: unknown, reason: string): string {
  const message = error instanceof Error ? error.message : '';
  const byPolicy = /explicit deny in a (service control|resource control) policy/i.exec(message);
  return byPolicy === null || reason.includes(byPolicy[0]) ? reason : `${reason} (${byPolicy[0]})`;
}
