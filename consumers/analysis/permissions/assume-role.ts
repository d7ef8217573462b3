import { byKey } from '../../graph/names.ts';
import { type EdgeJob, type OtherEnd, pathTo } from '../job.ts';
import { evaluatePolicies } from './evaluate-policies.ts';
import { policiesThatSpeakOf, type WithPolicies } from './read-policies.ts';

/** `$batch.rows`: ids of roles. Returns `role`, `arn`, `principal` (one that the role trusts by name), `policies`: the ids of what hangs on it. */
const trustedText = `
UNWIND $batch.rows AS id
MATCH (n:AWSRole {id: id}) ${byKey('n', 'AWSRole')}
MATCH (n)-[:TRUSTS_AWS_PRINCIPAL]->(p)-[:POLICY]->(policy)
WHERE p:AWSUser OR p:AWSRole
WITH n, p, policy ORDER BY policy.id
RETURN n.id AS role, n.arn AS arn, p.id AS principal, collect(policy.id) AS policies ORDER BY role, principal`;

const policiesOf = policiesThatSpeakOf(['sts:AssumeRole']);

/**
 * Users and roles that may assume a role: the role trusts them by name, and their own policies let them.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export const assumeRole: EdgeJob = {
  kind: 'edges',
  name: 'aws_iam_assume_role',
  label: 'AWSRole',
  type: 'STS_ASSUMEROLE_ALLOW',
  direction: 'in',
  otherLabel: 'AWSPrincipal',
  borders: ['AWSUser', 'AWSRole'].map((label) => pathTo(label, '(n)-[:TRUSTS_AWS_PRINCIPAL]->(m)')),
  async others(run, ids) {
    const trusted = await run<WithPolicies & { role: string; arn: string }>(trustedText, { batch: { rows: ids } });
    const policies = await policiesOf(run, trusted);
    const allowed = trusted.filter(({ principal, arn }) => {
      const own = policies.get(principal);
      return own !== undefined && evaluatePolicies(own, arn) !== undefined;
    });
    return new Map<string, OtherEnd[]>(
      [...Map.groupBy(allowed, ({ role }) => role)].map(([role, ends]) => [
        role,
        ends.map(({ principal }) => ({ id: principal })),
      ]),
    );
  },
};
