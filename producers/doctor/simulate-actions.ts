import type { IAMClient } from '@aws-sdk/client-iam';

import { describeError } from '../aws/describe-error.ts';

/** `allowed` and `denied` are all that was asked; `unchecked` says why nothing is known. */
export type ActionCheck = { allowed: string[]; denied: string[] } | { unchecked: string };

const actionsAtOnce = 100;

/**
 * Which of these actions the caller's policies allow on all resources, by IAM's own simulation. Policies of resources are
 * not part of it: https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
 * @param callerArn as GetCallerIdentity gives it
 */
export async function simulateActions(
  client: IAMClient,
  callerArn: string,
  actions: readonly string[],
): Promise<ActionCheck> {
  const principal = principalOf(callerArn);
  if (principal === undefined) return { unchecked: `${callerArn} is neither a user nor a role` };
  const { paginateSimulatePrincipalPolicy } = await import('@aws-sdk/client-iam');
  const check = { allowed: [] as string[], denied: [] as string[] };
  try {
    for (let start = 0; start < actions.length; start += actionsAtOnce) {
      const input = { PolicySourceArn: principal, ActionNames: actions.slice(start, start + actionsAtOnce) };
      for await (const page of paginateSimulatePrincipalPolicy({ client }, input)) {
        for (const { EvalActionName, EvalDecision } of page.EvaluationResults ?? []) {
          if (EvalActionName !== undefined)
            check[EvalDecision === 'allowed' ? 'allowed' : 'denied'].push(EvalActionName);
        }
      }
    }
    return check;
  } catch (error) {
    return { unchecked: `iam:SimulatePrincipalPolicy: ${describeError(error)}` };
  }
}

/** A session's role or the user itself. A role's path is not in its sessions' ARNs, so one with a path is not found. */
export function principalOf(callerArn: string): string | undefined {
  const [, partition, account, role] = /^arn:([^:]+):sts::(\d{12}):assumed-role\/([^/]+)\//.exec(callerArn) ?? [];
  if (role !== undefined) return `arn:${partition}:iam::${account}:role/${role}`;
  return /^arn:[^:]+:iam::\d{12}:user\//.test(callerArn) ? callerArn : undefined;
}
