import { describeError } from '../aws/describe-error.ts';
import { errorCodeOf } from '../aws/error-code.ts';
import type { HierarchyOutcome } from '../marker-writer.ts';

export interface HierarchyFailure {
  outcome: Exclude<HierarchyOutcome, 'complete'>;
  /** One line, without secrets. */
  reason: string;
}

/** What an error of an Organizations call means for the hierarchy. */
export function hierarchyFailureOf(error: unknown): HierarchyFailure {
  const code = errorCodeOf(error);
  const reason = describeError(error);
  if (code === 'AWSOrganizationsNotInUseException') return { outcome: 'not_in_org', reason };
  if (code === 'AccessDenied' || code === 'AccessDeniedException') return { outcome: 'access_denied', reason };
  return { outcome: 'incomplete', reason };
}
